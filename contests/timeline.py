"""The contests that a person entered, for the person's record (`core.timeline`): a place and prizes once
they are public, nothing of them before."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from contests.actions.common import competition_row, contest_row
from contests.board.published import PUBLIC_STATES, Line, lines_of
from contests.identity.sealing import person_hash, persons_of
from contests.identity.tables import SealedIdentity
from contests.tables import Competition, Contest
from core import timeline
from core.about_person import Within
from core.scoring.model import Text
from core.tables import Person
from core.timeline import Moment, Teller


def install() -> None:
    """Called when the package is loaded."""
    timeline.register(Teller("contests", _tell, _known, _last))


async def _tell(records: Sequence[UUID], within: Within) -> list[Moment]:
    rows = await SealedIdentity.select(SealedIdentity.entry, SealedIdentity.contest).where(
        SealedIdentity.person_hash.is_in([person_hash(one) for one in records]),
        SealedIdentity.sealed_person.is_not_null(),
    )
    return [
        await _moment(row["contest"], str(row["entry"]))
        for row in rows
        if within.has(contest=str(row["contest"]))
    ]


async def _moment(contest: UUID, entry: str) -> Moment:
    row = await contest_row(contest)
    held = await competition_row(row["competition"])
    facts = json.loads(row["facts"])
    public = row["state"] in PUBLIC_STATES
    line = (await lines_of(contest, row["result_version"])).get(entry) if public else None
    return Moment(
        kind="contest",
        day=facts.get("held_on") or held["held_from"],
        title=json.loads(row["title"]),
        facts=[("competition", json.loads(held["title"])), *_result(line)],
        source="log" if public else "",
        link=f"/live/{contest}" if public else "",
        room=f"/console/contests/{contest}",
        state="cancelled" if row["state"] == "cancelled" else "" if public else "not_published",
    )


def _result(line: Line | None) -> list[tuple[str, Text | str]]:
    if line is None:
        return []
    place = [("place", str(line.rank))] if line.rank is not None else []
    return [*place, *(("prize", prize) for prize in line.prizes)]


async def _known(within: Within) -> Collection[UUID]:
    """Everybody who was entered, from the first day on."""
    if within.contests is None:
        contests = await Contest.select(Contest.id).output(as_list=True)
    else:
        contests = [UUID(one) for one in within.contests]
    found: set[UUID] = set()
    for contest in contests:
        for members in (await persons_of(contest)).values():
            found.update(members)
    return found


async def _last(today: str, records: Sequence[UUID] | None) -> Mapping[UUID, str]:
    """A contest's day counts, also one that is still to come."""
    query = SealedIdentity.select(SealedIdentity.person_hash, SealedIdentity.contest).where(
        SealedIdentity.sealed_person.is_not_null()
    )
    if records is None:
        known = {
            person_hash(one): one for one in await Person.select(Person.id).output(as_list=True)
        }
    else:
        known = {person_hash(one): one for one in records}
        query = query.where(SealedIdentity.person_hash.is_in(list(known)))
    days, found = await _days(), dict[UUID, str]()
    for row in await query:
        person = known.get(row["person_hash"])
        if person is not None:
            found[person] = max(found.get(person, ""), days.get(row["contest"], ""))
    return found


async def _days() -> Mapping[UUID, str]:
    held = await Competition.select(Competition.id, Competition.held_from, Competition.held_to)
    ends = {row["id"]: row["held_to"] or row["held_from"] for row in held}
    contests = await Contest.select(Contest.id, Contest.competition, Contest.facts)
    return {
        row["id"]: json.loads(row["facts"]).get("held_on") or ends.get(row["competition"], "")
        for row in contests
    }
