"""What a body does when its turn has come: public notice, objections, and agree, refuse or send back.

Nothing here grants anything: after the last step the authority decides on the proposal itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import Invalid, NotReady
from core.scoring.model import Finding
from core.security import Actor, Scope
from credentials.records import history
from credentials.records.applications.reaching import (
    ApplicationState,
    move,
    move_step,
    steps_of,
    turn_of,
)
from credentials.records.grantable import held_already
from credentials.records.notices import (
    answer_objection,
    file_objection,
    in_the_way,
    last_day,
    objections_to,
    text_findings,
    today_in_china,
)
from credentials.records.sealing import hide
from credentials.records.tables import Proposal

DECISIONS = ("agreed", "refused", "sent_back")


async def open_notice(
    by: Actor, application: UUID, step: UUID, *, until: str, today: date | None = None
) -> None:
    """From today to `until`; once more, it begins anew."""
    now = today or today_in_china()
    async with transaction():
        row, turn, scope = await turn_of(by, application, step)
        found, wrong = last_day(until, now)
        if wrong:
            raise Invalid(wrong)
        if not turn["notice"]:
            raise ApplicationState()
        await move_step(turn, state="notice", notice_from=now.isoformat(), notice_until=found)
        await history.note(by, row, "notice", note=f"{turn['n']} · {now.isoformat()}/{found}")
        await _audit(by, "application.notice", scope, row, {"until": found})


async def object_to(
    by: Actor, application: UUID, step: UUID, text: str, *, today: date | None = None
) -> UUID:
    async with transaction():
        row, turn, scope = await turn_of(by, application, step)
        notice = (turn["notice_from"], turn["notice_until"])
        now = today or today_in_china()
        made = await file_objection(by, step, row["wrapped_key"], notice, text, now)
        await history.note(by, row, "objection", why=text.strip())
        await _audit(by, "application.objection", scope, row)
    return made


async def answer(
    by: Actor, application: UUID, step: UUID, objection: UUID, text: str, *, upheld: bool
) -> None:
    async with transaction():
        row, _, scope = await turn_of(by, application, step)
        await answer_objection(by, step, row["wrapped_key"], objection, text, upheld)
        await history.note(by, row, "upheld" if upheld else "rejected", why=text.strip())
        await _audit(by, "application.answered", scope, row, {"upheld": upheld})


async def decide(
    by: Actor,
    application: UUID,
    step: UUID,
    decision: str,
    opinion: str,
    *,
    today: date | None = None,
) -> None:
    """decision: one of DECISIONS. Agreeing takes a public notice that is over and no objection that
    is open or upheld; refusing and sending back are possible at any time."""
    now = today or today_in_china()
    async with transaction():
        row, turn, scope = await turn_of(by, application, step)
        wrong = text_findings(opinion, "/opinion")
        if decision not in DECISIONS:
            wrong.append(Finding("/decision", "credentials.decision-unknown", {}))
        if wrong:
            raise Invalid(wrong)
        if decision == "agreed":
            await _check_agreeing(row, turn, now)
        await move_step(
            turn,
            state=decision,
            sealed_opinion=hide(
                row["wrapped_key"], opinion.strip(), "application_step", "sealed_opinion", step
            ),
            decided_on=now.isoformat(),
            decided_at=datetime.now(UTC),
            decided_by=by.account,
        )
        await history.note(by, row, decision, note=str(turn["n"]), why=opinion.strip())
        await _go_on(by, row, turn, decision)
        await _audit(by, f"application.{decision}", scope, row)


async def _check_agreeing(row: Mapping[str, Any], turn: Mapping[str, Any], today: date) -> None:
    found = []
    if turn["notice"]:
        objections = await objections_to(turn["id"], row["wrapped_key"])
        found += in_the_way(turn["notice_from"], turn["notice_until"], objections, today)
    proposal = await Proposal.select(Proposal.state).where(Proposal.id == row["proposal"]).first()
    if proposal is None or proposal["state"] != "proposed":
        found.append(Finding("", "credentials.proposal-gone", {}))
    found += await held_already(row["person"], row["code"])
    if found:
        raise NotReady(found)


async def _go_on(by: Actor, row: Mapping[str, Any], turn: Mapping[str, Any], decision: str) -> None:
    if decision == "sent_back":
        await move(row, "open", state="sent_back")
    elif decision == "refused":
        await move(row, "open", state="refused", decided_at=datetime.now(UTC))
    else:
        following = [s for s in await steps_of(row["id"]) if s["round"] == row["round"] and s["n"] == turn["n"] + 1]  # fmt: skip
        if following:
            await move_step(following[0], state="open")
        else:
            await move(row, "open", state="passed", decided_at=datetime.now(UTC))
            await history.note(by, row, "passed")


async def _audit(
    by: Actor, action: str, scope: Scope, row: Mapping[str, Any], after: Any = None
) -> None:
    await audit.record(by, action, scope=scope, subject=str(row["id"]), after=after)
