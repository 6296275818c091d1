"""A checked import written to the record, whole or not at all, and taken back again within a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import (
    competition_scopes,
    contest_row,
    json_text,
    moment,
)
from contests.entering.checked import BACK, CHANGED, NEW, Checked
from contests.entering.importing import check_import
from contests.entering.kept import (
    OF_COMPETITION,
    Import,
    ImportEnded,
    import_of,
    import_row,
    open_draft,
    opened,
    scope_of_import,
    sealed,
)
from contests.entering.others import (
    take_back_delegations,
    take_back_staff,
    write_delegations,
    write_staff,
)
from contests.entering.plain import CheckedPlain, Plain
from contests.entering.pooling import may_write_pool, take_back_pool, write_pool
from contests.entering.tables import ImportedPerson, PeopleImport
from contests.entering.writing import take_back, write_units
from contests.identity.sealing import person_hash
from contests.log import writing
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.privacy import unwrap
from core.scoring.codec import canonical
from core.scoring.model import Finding
from core.security import Actor, check

UNDO_HOURS = 24
MOST_FINDINGS = 2000


class NotUndone(Conflict):
    slug = "people-import-not-undone"
    title = "This import can't be taken back any more. Withdraw or change the people one by one."


async def carry_out(
    by: Actor,
    id_: UUID,
    *,
    partial: bool = False,
    confirmed: bool = False,
    now: datetime | None = None,
) -> Mapping[str, int]:
    """Writes what was checked. partial: only the rows without a mistake, instead of none.
    confirmed: people whom a clause of eligibility speaks against come in all the same."""
    found = await import_of(by, id_)
    draft, at = open_draft(found), moment(now)
    if not draft.sure:
        raise Invalid([Finding("/columns", "people-column-wanted", {})])
    if draft.add_delegations and found.kind == "entrants":
        check(by, "contest.configure", *await competition_scopes(found.competition))
    if found.kind == "staff":
        return await _carry_out_staff(by, found, partial=partial, now=at)
    if found.kind in OF_COMPETITION or found.contest is None:
        return await _carry_out_of_competition(by, found, partial=partial, now=at)
    async with transaction(), writing(found.contest, "draft", now=at):
        checked = await check_import(found)
        _refuse(checked, partial=partial)
        if checked.spoken_against and not confirmed:
            count = str(len(checked.spoken_against))
            raise Invalid([Finding("/confirmed", "people-confirm-clauses", {"count": count})])
        outcome = await write_units(found.contest, found.competition, checked.good, now=at)
        counts = _counts(checked)
        counts["despite"] = len(checked.spoken_against)
        await _done(by, found, outcome, counts, now=at)
    return counts


async def undo_import(by: Actor, id_: UUID, *, now: datetime | None = None) -> None:
    """Takes the whole import back: within a day, while the contest is being prepared, and only the
    last one."""
    found, at = await import_of(by, id_), moment(now)
    why = await undo_hindered(found, now=at)
    if why:
        raise NotUndone([why])
    row = await import_row(id_)
    if row["wrapped_key"] is None:
        raise NotUndone([Finding("", "people-undo-erased", {})])
    outcome = opened(row, "sealed_outcome")
    if found.kind == "staff" and found.contest:
        await take_back_staff(by, outcome)
    async with transaction():
        if found.kind == "entrants" and found.contest:
            async with writing(found.contest, "draft", now=at):
                await take_back(found.contest, outcome, now=at)
        elif found.kind == "delegations":
            await take_back_delegations(outcome)
        elif found.kind == "pool":
            await take_back_pool(outcome)
        rows = (
            await PeopleImport.update(
                {
                    PeopleImport.state: "undone",
                    PeopleImport.undone_by: by.account,
                    PeopleImport.undone_at: at,
                }
            )
            .where(PeopleImport.id == id_, PeopleImport.state == "imported")
            .returning(PeopleImport.id)
        )
        if not rows:
            raise ImportEnded()
        await audit.record(
            by, "people.import_undone", scope=scope_of_import(found), subject=str(id_)
        )


async def undo_hindered(found: Import, *, now: datetime | None = None) -> Finding | None:
    """Why it can't be taken back, or None."""
    if found.state != "imported" or found.done_at is None:
        return Finding("", "people-undo-not-done", {})
    if moment(now) - found.done_at > timedelta(hours=UNDO_HOURS):
        return Finding("", "people-undo-late", {"hours": str(UNDO_HOURS)})
    if found.contest and (await contest_row(found.contest))["state"] != "draft":
        return Finding("", "people-undo-ready", {})
    place_ = PeopleImport.contest == found.contest if found.contest else PeopleImport.competition == found.competition  # fmt: skip
    later = await PeopleImport.exists().where(
        place_,
        PeopleImport.kind == found.kind,
        PeopleImport.state == "imported",
        PeopleImport.done_at > found.done_at,
    )
    return Finding("", "people-undo-later", {}) if later else None


async def _carry_out_of_competition(by: Actor, found: Import, *, partial: bool, now: datetime) -> Mapping[str, int]:  # fmt: skip
    async with transaction():
        checked = await check_import(found)
        _refuse(checked, partial=partial)
        good = checked.good_plain if isinstance(checked, CheckedPlain) else []
        outcome = await _write_of_competition(by, found, good, now=now)
        counts = _counts(checked)
        await _done(by, found, outcome, counts, now=now)
    return counts


async def _write_of_competition(by: Actor, found: Import, good: Sequence[Plain], *, now: datetime) -> dict[str, Any]:  # fmt: skip
    if found.kind == "delegations":
        return await write_delegations(found.competition, good)
    everywhere = open_draft(found).everywhere
    await may_write_pool(by, found.competition, good, everywhere=everywhere)
    return await write_pool(found.competition, good, everywhere=everywhere, now=now)


async def _carry_out_staff(by: Actor, found: Import, *, partial: bool, now: datetime) -> Mapping[str, int]:  # fmt: skip
    """Accounts and appointments are made by their own verbs, one after another; doing it again
    changes nothing."""
    checked = await check_import(found)
    _refuse(checked, partial=partial)
    if found.contest is None:
        raise NotFound(kind="contest", id="")
    good = checked.good_plain if isinstance(checked, CheckedPlain) else []
    outcome = await write_staff(by, found.contest, good, now=now)
    counts = _counts(checked)
    async with transaction():
        await _done(by, found, outcome, counts, now=now)
    return counts


def _refuse(checked: Checked, *, partial: bool) -> None:
    wrong = checked.wrong
    if wrong and not partial:
        findings = [
            Finding(f"/{row.line.number}/{f.pointer}", f.code, f.params)
            for row in checked.rows
            if row.line.number in wrong
            for f in row.errors
        ]
        raise Invalid(findings[:MOST_FINDINGS])
    if not any(checked.count(kind) for kind in (NEW, CHANGED, BACK)):
        raise Invalid([Finding("", "people-nothing-to-do", {})])


def _counts(checked: Checked) -> dict[str, int]:
    return {
        "made": checked.count(NEW),
        "changed": checked.count(CHANGED),
        "back": checked.count(BACK),
        "wrong": len(checked.wrong),
        "left_out": sum(row.line.left_out for row in checked.rows),
    }


async def _done(by: Actor, found: Import, outcome: Mapping[str, Any], counts: Mapping[str, int], *, now: datetime) -> None:  # fmt: skip
    key = unwrap((await import_row(found.id))["wrapped_key"])
    rows = (
        await PeopleImport.update(
            {
                PeopleImport.state: "imported",
                PeopleImport.sealed_outcome: sealed(
                    key, "sealed_outcome", found.id, canonical(dict(outcome))
                ),
                PeopleImport.counts: json_text(dict(counts)),
                PeopleImport.done_by: by.account,
                PeopleImport.done_at: now,
            }
        )
        .where(
            PeopleImport.id == found.id,
            PeopleImport.state == "checking",
            PeopleImport.revision == found.revision,
        )
        .returning(PeopleImport.id)
    )
    if not rows:
        raise ImportEnded()
    hashes = {person_hash(UUID(person)) for person in outcome.get("persons", ())}
    named = [
        ImportedPerson(id=uuid5(found.id, one), people_import=found.id, person_hash=one)
        for one in sorted(hashes)
    ]
    for start in range(0, len(named), 500):
        await ImportedPerson.insert(*named[start : start + 500]).on_conflict(action="DO NOTHING")
    after = {"kind": found.kind, "sha256": found.file_hash, **counts}
    await audit.record(
        by, "people.imported", scope=scope_of_import(found), subject=str(found.id), after=after
    )
