"""What the unit does: hand an application in, add evidence, hand it in again, withdraw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid
from core.partner import HonourKind
from core.same_person import records_of
from core.scoring.model import Finding
from core.security import Actor, check
from core.tables import Organisation
from credentials.claims import printed
from credentials.encoding import to_text
from credentials.records import history
from credentials.records.applications.gathering import gather
from credentials.records.applications.reaching import (
    ApplicationState,
    file_of,
    move,
    sealed_file,
    steps_of,
    unit_s_own,
)
from credentials.records.applications.tables import ApplicationPaper, ApplicationStep
from credentials.records.bodies import ACTS, same_body
from credentials.records.grantable import GRANTED_ONCE, held_already
from credentials.records.honours.catalogue import cities, kind_of
from credentials.records.honours.entering import evidence_findings
from credentials.records.notices import text_findings
from credentials.records.people import Who, findings_of, person_of
from credentials.records.proposals import facts_of
from credentials.records.sealing import hide, new_wrapped
from credentials.records.tables import Application, Proposal
from credentials.scopes import issuer_scopes

ON_ITS_WAY = ("open", "sent_back", "passed")
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class NewApplication:
    """As it was typed. bodies: codes of the organisations of the title's steps, in order. statement:
    what the unit says of the person's work."""

    code: str
    unit: str
    who: Who
    bodies: Sequence[str]
    statement: str
    city: str = ""


async def file_application(by: Actor, new: NewApplication) -> UUID:
    """On the ground of what a result, or a body, proposed for this person. Raises Invalid with all
    findings; one who holds the title already is refused with the earlier one named."""
    check(by, ACTS, *await issuer_scopes(new.unit))
    kind = kind_of(new.code)
    wrong = await _findings(new, kind)
    if kind is None or wrong:
        raise Invalid(wrong)
    async with transaction():
        person = await person_of(new.who, new=False)
        proposal = await _ground(person, kind)
        id, wrapped = uuid4(), new_wrapped()
        file = {"statement": new.statement.strip(), "gathered": await gather(proposal)}
        await Application.insert(
            Application(
                id=id,
                person=person,
                kind=proposal["kind"],
                code=kind.code,
                authority=proposal["issuer"],
                state="open",
                filed_at=datetime.now(UTC),
                title=to_text(dict(kind.title)),
                unit=new.unit,
                city=new.city,
                proposal=proposal["id"],
                wrapped_key=wrapped,
                sealed_file=sealed_file(wrapped, id, file),
            )
        )
        await ApplicationStep.insert(*_steps(id, kind, new.bodies))
        row = {"id": id, "wrapped_key": wrapped, "unit": new.unit}
        await history.note(by, row, "filed")
        await _audit(by, "application.filed", row, {"code": kind.code})
    return id


async def add_paper(by: Actor, application: UUID, *, title: str, link: str, hash: str) -> None:
    """While the application is with the unit: at its first step, or sent back."""
    wrong = evidence_findings(link, hash)
    if not 0 < len(title.strip()) <= LONGEST_TITLE:
        wrong.insert(0, Finding("/title", "credentials.paper-title", {"most": str(LONGEST_TITLE)}))
    if wrong:
        raise Invalid(wrong)
    async with transaction():
        row, _ = await unit_s_own(by, application)
        if not await with_the_unit(row):
            raise ApplicationState()
        id = uuid4()
        await ApplicationPaper.insert(
            ApplicationPaper(
                id=id,
                application=application,
                sealed_title=hide(
                    row["wrapped_key"], title.strip(), "application_paper", "sealed_title", id
                ),
                link=link.strip(),
                hash=hash.strip().lower(),
                added_at=datetime.now(UTC),
                added_by=by.account,
            )
        )
        await history.note(by, row, "evidence")
        await _audit(by, "application.evidence", row)


async def hand_in_again(by: Actor, application: UUID, statement: str) -> None:
    """After it was sent back: every step has its turn again, on a file that is gathered anew."""
    if wrong := text_findings(statement, "/statement"):
        raise Invalid(wrong)
    async with transaction():
        row, _ = await unit_s_own(by, application)
        proposal = await Proposal.select().where(Proposal.id == row["proposal"]).first()
        file = file_of(row) | {"statement": statement.strip()}
        if proposal:
            file["gathered"] = await gather(proposal)
        again = row["round"] + 1
        await move(
            row, "sent_back", state="open", round=again,
            sealed_file=sealed_file(row["wrapped_key"], application, file),
        )  # fmt: skip
        await ApplicationStep.insert(*await _same_steps(application, row["round"], again))
        await history.note(by, row, "again")
        await _audit(by, "application.again", row)


async def take_back(by: Actor, application: UUID, why: str) -> None:
    """The unit withdraws it, for this time."""
    if wrong := text_findings(why, "/why"):
        raise Invalid(wrong)
    async with transaction():
        row, _ = await unit_s_own(by, application)
        if row["state"] not in ("open", "sent_back"):
            raise ApplicationState()
        await move(row, row["state"], state="withdrawn", decided_at=datetime.now(UTC))
        await history.note(by, row, "taken_back", why=why.strip())
        await _audit(by, "application.taken_back", row)


async def with_the_unit(row: Mapping[str, Any]) -> bool:
    if row["state"] == "sent_back":
        return True
    steps = [s for s in await steps_of(row["id"]) if s["round"] == row["round"]]
    return row["state"] == "open" and bool(steps) and steps[0]["state"] in ("open", "notice")


async def _ground(person: UUID, kind: HonourKind) -> dict[str, Any]:
    """The newest proposal that lets somebody apply. Raises Invalid."""
    title = printed(kind.title)
    wrong = await held_already(person, kind.code)
    records = list(await records_of(person))
    before = (
        await Application.select(Application.filed_at)
        .where(
            Application.person.is_in(records),
            Application.code == kind.code,
            Application.state.is_in(list(ON_ITS_WAY)),
        )
        .first()
    )
    if before and not wrong:
        params = {"title": title, "day": f"{before['filed_at']:%Y-%m-%d}"}
        wrong.append(Finding("/code", "credentials.applied-already", params))
    proposal = (
        await Proposal.select()
        .where(
            Proposal.person.is_in(records),
            Proposal.code == kind.code,
            Proposal.kind.is_in(list(GRANTED_ONCE)),
            Proposal.state == "proposed",
        )
        .order_by(Proposal.created_at, ascending=False)
        .first()
    )
    if proposal is None and not wrong:
        wrong.append(Finding("/code", "credentials.no-proposal", {"title": title}))
    if (
        proposal
        and kind.first_named
        and facts_of(proposal)["persons"][0] != str(proposal["person"])
    ):
        wrong.append(Finding("/name", "credentials.first-named", {"title": title}))
    if wrong or proposal is None:
        raise Invalid(wrong)
    return dict(proposal)


async def _findings(new: NewApplication, kind: HonourKind | None) -> list[Finding]:
    wrong = findings_of(new.who) + text_findings(new.statement, "/statement")
    if new.city and new.city not in {city.code for city in cities()}:
        wrong.append(Finding("/city", "credentials.city-unknown", {}))
    if kind is None:
        return [Finding("/code", "credentials.honour-unknown", {}), *wrong]
    if not kind.steps:
        title = {"title": printed(kind.title)}
        return [Finding("/code", "credentials.steps-none", title), *wrong]
    return wrong + await _step_findings(new, kind)


async def _step_findings(new: NewApplication, kind: HonourKind) -> list[Finding]:
    rows = await Organisation.select(Organisation.code).where(
        Organisation.code.is_in([*new.bodies, ""])
    )
    known, found = {row["code"] for row in rows}, []
    for n, step in enumerate(kind.steps):
        body = new.bodies[n] if n < len(new.bodies) else ""
        last = n == len(kind.steps) - 1
        if body not in known:
            found.append(Finding(f"/body-{n + 1}", "credentials.step-body", {}))
        elif step.level == "unit" and body != new.unit:
            found.append(Finding(f"/body-{n + 1}", "credentials.step-own", {}))
        elif last and kind.authority and not same_body(kind.authority, body):
            params = {"authority": printed(kind.authority_title)}
            found.append(Finding(f"/body-{n + 1}", "credentials.step-authority", params))
    return found


def _steps(application: UUID, kind: HonourKind, bodies: Sequence[str]) -> list[ApplicationStep]:
    return [
        ApplicationStep(
            id=uuid4(),
            application=application,
            round=1,
            n=n,
            code=step.code,
            title=to_text(dict(step.title)),
            level=step.level,
            body=body,
            notice=step.notice,
            state="open" if n == 1 else "waiting",
        )
        for n, (step, body) in enumerate(zip(kind.steps, bodies, strict=False), 1)
    ]


async def _same_steps(application: UUID, before: int, again: int) -> list[ApplicationStep]:
    same = ("n", "code", "title", "level", "body", "notice")
    return [
        ApplicationStep(
            id=uuid4(),
            application=application,
            round=again,
            state="open" if row["n"] == 1 else "waiting",
            **{name: row[name] for name in same},
        )
        for row in await steps_of(application)
        if row["round"] == before
    ]


async def _audit(by: Actor, action: str, row: Mapping[str, Any], after: Any = None) -> None:
    scopes = await issuer_scopes(row["unit"])
    await audit.record(by, action, scope=scopes[0], subject=str(row["id"]), after=after)
