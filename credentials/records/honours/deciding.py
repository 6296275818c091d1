"""Public notice, objections, and the authority's own decision on an honour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotReady
from core.outbox import put
from core.scoring.model import Text
from core.security import Actor, Scope
from credentials.encoding import to_text
from credentials.records import actions, history
from credentials.records.bodies import ACTS
from credentials.records.exchange.noticing import note_honour
from credentials.records.honours import cases
from credentials.records.honours.entering import OPEN, Proof, proof_findings
from credentials.records.honours.events import CollectiveHonoured
from credentials.records.honours.tables import HonourCase
from credentials.records.notices import (
    answer_objection,
    file_objection,
    in_the_way,
    last_day,
    objections_to,
    text_findings,
    today_in_china,
)
from credentials.records.tables import Honour, Proposal


class HonourState(Conflict):
    slug = "honour-state"
    title = "This honour is not in the state that the step needs. Load the page again."


async def open_notice(by: Actor, case: UUID, *, until: str, today: date | None = None) -> None:
    """From today to `until`. Once more: it begins anew, and what was objected to before stays in the
    history."""
    now = today or today_in_china()
    async with transaction():
        row, scopes = await cases.case_for(by, case, ACTS)
        found, wrong = last_day(until, now)
        if wrong:
            raise Invalid(wrong)
        await _moved(row, OPEN, state="notice", notice_from=now.isoformat(), notice_until=found)
        await history.note(by, row, "notice", note=f"{now.isoformat()}/{found}")
        await _audit(by, "honour.notice", scopes[0], row, {"until": found})


async def object_to(by: Actor, case: UUID, text: str, *, today: date | None = None) -> UUID:
    """As whoever objected told the authority."""
    async with transaction():
        row, scopes = await cases.case_for(by, case, ACTS)
        _needs(row, ("notice",))
        notice = (row["notice_from"], row["notice_until"])
        now = today or today_in_china()
        made = await file_objection(by, case, row["wrapped_key"], notice, text, now)
        await history.note(by, row, "objection", why=text.strip())
        await _audit(by, "honour.objection", scopes[0], row)
    return made


async def answer(by: Actor, case: UUID, objection: UUID, text: str, *, upheld: bool) -> None:
    async with transaction():
        row, scopes = await cases.case_for(by, case, ACTS)
        _needs(row, ("notice",))
        await answer_objection(by, case, row["wrapped_key"], objection, text, upheld)
        await history.note(by, row, "upheld" if upheld else "rejected", why=text.strip())
        await _audit(by, "honour.answered", scopes[0], row, {"upheld": upheld})


async def grant_honour(
    by: Actor, case: UUID, proof: Proof, *, disclosed: bool = False, today: date | None = None
) -> None:
    """By the authority itself. A person's certificate follows by itself where the authority signs here.

    disclosed: the authority lets the verify page show it."""
    now = today or today_in_china()
    async with transaction():
        row, scopes = await cases.case_for(by, case, ACTS)
        _needs(row, OPEN)
        if wrong := proof_findings(proof):
            raise Invalid(wrong)
        granted_on, document = proof.granted_on.strip(), proof.document.strip()
        await HonourCase.update(
            {
                HonourCase.document: document,
                HonourCase.evidence_link: proof.link.strip(),
                HonourCase.evidence_hash: proof.hash.strip().lower(),
            }
        ).where(HonourCase.id == case)
        if row["proposal"]:
            await _confer(by, row, granted_on, document, disclosed, now)
        else:
            await _grant_without_person(by, row, granted_on, now)
        after = {"number": document, "state": "granted"}
        await _audit(by, "honour.granted", scopes[0], row, after)


async def decline_honour(by: Actor, case: UUID, *, why: str) -> None:
    async with transaction():
        row, scopes = await cases.case_for(by, case, ACTS)
        if wrong := text_findings(why, "/why"):
            raise Invalid(wrong)
        await _moved(row, OPEN, state="declined")
        if row["proposal"]:
            await actions.refuse(by, row["proposal"], reason="")
        await history.note(by, row, "declined", why=why.strip())
        await _audit(by, "honour.declined", scopes[0], row)


async def _confer(
    by: Actor, row: Mapping[str, Any], on: str, document: str, disclosed: bool, today: date
) -> None:
    """The certificate of an honour without a contest names the authority's document."""
    proposal = await Proposal.select().where(Proposal.id == row["proposal"]).first()
    if proposal and not proposal["contest"]:
        event = json.loads(proposal["facts"])
        title: Text = json.loads(row["title"])
        event["facts"]["contest_title"] = dict.fromkeys(title, document)
        facts: dict[Any, Any] = {Proposal.facts: to_text(event)}
        await Proposal.update(facts).where(Proposal.id == row["proposal"])
    await actions.confer(by, row["proposal"], granted_on=on, today=today)
    changes: dict[Any, Any] = {
        Honour.source: document,
        Honour.authority_title: row["authority_title"],
        Honour.disclosed: disclosed,
    }
    await Honour.update(changes).where(Honour.proposal == row["proposal"])


async def _grant_without_person(by: Actor, row: Mapping[str, Any], on: str, today: date) -> None:
    """A unit's, team's or studio's. Its certificate follows by itself where the authority signs here."""
    objections = await objections_to(row["id"], row["wrapped_key"])
    if wrong := in_the_way(row["notice_from"], row["notice_until"], objections, today):
        raise NotReady(wrong)
    await _moved(row, OPEN, state="granted", granted_on=on, year=int(on[:4]))
    await history.note(by, row, "granted", note=on)
    await put(CollectiveHonoured(str(row["id"])))
    await note_honour(row, "granted")


def _needs(row: Mapping[str, Any], states: tuple[str, ...]) -> None:
    if row["state"] not in states:
        raise HonourState()


async def _moved(row: Mapping[str, Any], needed: tuple[str, ...], **values: Any) -> None:
    if not await cases.move(row, needed, **values):
        raise HonourState()


async def _audit(
    by: Actor, action: str, scope: Scope, row: Mapping[str, Any], after: Any = None
) -> None:
    told = {"code": row["code"], **(after or {})}
    await audit.record(by, action, scope=scope, subject=str(row["id"]), after=told)
