"""Steps that take two persons, asked for by one and carried out when another approves.

The request is checked when it is made and again when it is approved; the step and the approval
commit together. What could tell who somebody is (reasons, persons, a team's name, which entry drew
which code on paper) stands sealed until the decision, and is gone with it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import (
    allowed,
    both_allowed,
    contest_row,
    json_text,
    moment,
    scopes_of,
)
from contests.actions.correcting import Wanted, correct_in_transaction
from contests.actions.draw import draw_in_transaction, open_in_transaction
from contests.actions.foreseeing import foresee
from contests.actions.late import (
    absence_in_transaction,
    late_entry_in_transaction,
    reserve_in_transaction,
)
from contests.actions.people import EntrantDraft, MemberDraft, enrol_members
from contests.actions.renaming import check_name, rename_in_transaction
from contests.declared import correction_days
from contests.entrants import check_drafts, doubled_persons
from contests.identity.sealing import person_hash, persons_entered
from contests.lending.held import open_held
from contests.lending.recalling import recall_in_transaction
from contests.lending.standing import refuse_where_borrowed
from contests.log import AFTER_CLOSING
from contests.profile import may_be_alone
from contests.tables import Approval, Delegation
from contests.texts import forget, keep, texts_of
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, JiangxinError, NotFound
from core.events import CorrectionAsked, CorrectionDecided
from core.outbox import put
from core.registry import registry
from core.scoring.codec import escape, read
from core.scoring.model import Finding, Mark
from core.security import Actor, actor_of

MAXIMUM_ATTEMPT = 99
Body = Mapping[str, Any]
CarryOut = Callable[[Actor, Actor, UUID, Body, datetime], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """permission of both persons; `fields` that its body must have; `carry_out` in a transaction."""

    permission: str
    fields: tuple[str, ...]
    carry_out: CarryOut
    optional: tuple[str, ...] = ()


async def request_approval(
    by: Actor, contest: UUID, verb: str, body: Body, *, now: datetime | None = None
) -> UUID:
    """Asks for a step. Reasons and persons are sealed; the row holds their hashes and ids. In a
    small contest who asks carries it out at once, where one person may; a
    request whose step is refused then is closed as declined."""
    step = _step(verb)
    scope = await allowed(by, step.permission, contest)
    row = await contest_row(contest)
    await refuse_where_borrowed(contest)
    approval = uuid4()
    async with transaction():
        findings = _check_body(step, body) or await _foreign(body, row["competition"])
        if findings:
            raise Invalid(findings)
        sealed = await _sealed(contest, verb, body)
        await Approval.insert(
            Approval(
                id=approval,
                contest=contest,
                verb=verb,
                body=json_text(sealed),
                requested_by=by.account,
                requested_at=moment(now),
            )
        )
        if verb == CORRECT:
            await _tell_asked(by, contest, approval, body)
        await audit.record(by, "request_approval", scope=scope, subject=verb)
    if await may_be_alone(contest, verb):
        try:
            await decide_approval(by, approval, True, now=now)
        except JiangxinError:
            await decide_approval(by, approval, False, now=now)
            raise
    return approval


async def decide_approval(
    witness: Actor, approval: UUID, approve: bool, *, now: datetime | None = None
) -> str:
    """Another person's answer: carries the step out, or declines it. Returns the outcome."""
    row = await Approval.select().where(Approval.id == approval).first()
    if row is None:
        raise NotFound(kind="approval", id=approval)
    step, contest, at = _step(row["verb"]), row["contest"], moment(now)
    by = await actor_of(row["requested_by"])
    if approve:
        scope = await both_allowed(by, witness, step.permission, contest, verb=row["verb"])
    else:
        scope = await allowed(witness, step.permission, contest)
    outcome = "approved" if approve else "declined"
    async with transaction():
        claimed = await Approval.raw(
            "UPDATE approval SET decided_by = {}, decided_at = {}, outcome = {} "
            "WHERE id = {} AND decided_at IS NULL RETURNING id",
            witness.account,
            at,
            outcome,
            approval,
        )
        if not claimed:
            raise Conflict([Finding("", "approval-decided", {"outcome": row["outcome"]})])
        stored = json.loads(row["body"])
        if approve:
            opened = {**await _opened(contest, stored), "approval": str(approval)}
            await step.carry_out(by, witness, contest, opened, at)
        elif row["verb"] == CORRECT:
            await put(CorrectionDecided(str(contest), str(approval), outcome, 0, ()))
        await forget(contest, [stored[name] for name in _SEALED.values() if name in stored])
        await audit.record(witness, "decide_approval", scope=scope, subject=row["verb"])
    if approve and row["verb"] == RECALL:
        await open_held(contest)  # what tablets sent while it was away
    return outcome


async def shown_body(reader: Actor, row: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked for, as far as the reader may take this step himself: those who mark must not
    learn from a request whose code is which."""
    step, body = _step(row["verb"]), json.loads(row["body"])
    if not reader.may(step.permission, *await scopes_of(row["contest"])):
        return {}
    opened = await _opened(row["contest"], body)
    return {name: value for name, value in opened.items() if name != "persons"}


def verbs() -> Sequence[str]:
    """What can be asked for."""
    return list(_STEPS)


async def _draw(by: Actor, witness: Actor, contest: UUID, body: Body, now: datetime) -> None:
    codes = body.get("codes")
    await draw_in_transaction(
        by,
        witness,
        contest,
        body["module"],
        seed=None,
        codes={_id(entry, "/codes"): str(code) for entry, code in codes.items()} if codes else None,
        now=now,
    )


async def _open(by: Actor, witness: Actor, contest: UUID, body: Body, now: datetime) -> None:
    await open_in_transaction(by, witness, contest, now=now)


async def _late(by: Actor, witness: Actor, contest: UUID, body: Body, now: datetime) -> None:
    draft = EntrantDraft(
        members=(),
        group=body.get("group", ""),
        delegation=_id(body["delegation"], "/delegation") if body.get("delegation") else None,
        reserve=bool(body.get("reserve", False)),
        team=body.get("team", {}),
    )
    persons = [UUID(person) for person in body["persons"]]
    # Another request may have entered the same person in the meantime.
    hashes = [person_hash(person) for person in persons]
    doubled = doubled_persons(hashes, await persons_entered(contest), 0)
    if doubled:
        raise Invalid(doubled)
    await late_entry_in_transaction(
        by, witness, contest, draft, persons, reason=body["reason"], now=now
    )


async def _absence(by: Actor, witness: Actor, contest: UUID, body: Body, now: datetime) -> None:
    await absence_in_transaction(
        by,
        witness,
        contest,
        _id(body["entry"], "/entry"),
        module=body.get("module", ""),
        reason=body["reason"],
        now=now,
    )


async def _reserve(by: Actor, witness: Actor, contest: UUID, body: Body, now: datetime) -> None:
    await reserve_in_transaction(
        by,
        witness,
        contest,
        absent=_id(body["absent"], "/absent"),
        reserve=_id(body["reserve"], "/reserve"),
        reason=body["reason"],
        now=now,
    )


async def _correct(by: Actor, witness: Actor, contest: UUID, body: Body, now: datetime) -> None:
    asked = wanted_of(body)
    await correct_in_transaction(
        by,
        witness,
        contest,
        module=asked.module,
        code=asked.code,
        judge=asked.judge,
        aspect=asked.aspect,
        mark=asked.mark,
        reason=asked.reason,
        attempt=asked.attempt,
        round_=asked.round,
        now=now,
        approval=str(body.get("approval", "")),
    )


def wanted_of(body: Body) -> Wanted:
    """The correction that a request asks for. Raises Invalid."""
    mark, findings = read(Mark, body["mark"])
    if mark is None:
        raise Invalid([Finding("/mark" + f.pointer, f.code, f.params) for f in findings])
    return Wanted(
        body["module"],
        body["code"],
        _id(body["judge"], "/judge"),
        body["aspect"],
        mark,
        body["reason"],
        int(body.get("attempt", 1)),
        int(body.get("round", 1)),
    )


async def _tell_asked(by: Actor, contest: UUID, approval: UUID, body: Body) -> None:
    """Whose results a correction would change, for whoever acted on them. One that could not be carried
    out as the record stands now is asked for all the same: it is checked when another answers."""
    row = await contest_row(contest)
    if row["state"] not in AFTER_CLOSING:
        return
    try:
        foreseen = await foresee(contest, wanted_of(body))
    except JiangxinError:
        return
    days = correction_days(json.loads(row["facts"]))
    told = (str(contest), str(approval), str(by.account or ""), days, tuple(foreseen.after))
    await put(CorrectionAsked(*told))


async def _rename(by: Actor, witness: Actor, contest: UUID, body: Body, now: datetime) -> None:
    await rename_in_transaction(
        contest,
        person=_id(body["person"], "/person"),
        name=body["name"],
        reason=body["reason"],
    )


async def _recall(by: Actor, witness: Actor, contest: UUID, body: Body, now: datetime) -> None:
    await recall_in_transaction(by, witness, contest, reason=body["reason"], now=now)


RECALL, RENAME, CORRECT = "recall_contest", "correct_name", "correct_mark"
_STEPS: Mapping[str, Step] = {
    "draw_codes": Step("contest.draw", ("module",), _draw, ("codes",)),
    "open_codes": Step("contest.open_codes", (), _open),
    "add_late_entrant": Step(
        "contest.enter",
        ("members", "reason"),
        _late,
        ("group", "delegation", "reserve", "team"),
    ),
    "record_absence": Step("contest.run", ("entry", "reason"), _absence, ("module",)),
    "use_reserve": Step("contest.run", ("absent", "reserve", "reason"), _reserve),
    CORRECT: Step(
        "contest.correct",
        ("module", "code", "judge", "aspect", "mark", "reason"),
        _correct,
        ("attempt", "round"),
    ),
    RENAME: Step("contest.correct", ("person", "name", "reason"), _rename),
    RECALL: Step("contest.correct", ("reason",), _recall),
}


def _step(verb: str) -> Step:
    if verb not in _STEPS:
        params = {"verb": verb, "known": ", ".join(_STEPS)}
        raise Invalid([Finding("/verb", "verb-unknown", params)])
    return _STEPS[verb]


_KINDS: Mapping[str, tuple[Any, str]] = {
    "members": (list, "list"),
    "codes": (dict, "object"),
    "team": (dict, "object"),
    "mark": (dict, "object"),
    "attempt": (int, "number"),
    "round": (int, "number"),
}
"""Fields of a step's body that are not text."""
_SEALED: Mapping[str, str] = {"reason": "reason_hash", "private": "private_hash"}
_PRIVATE = ("persons", "team", "codes", "person", "name")


def _check_body(step: Step, body: Body) -> list[Finding]:
    missing = [Finding(f"/{f}", "field-missing", {"name": f}) for f in step.fields if f not in body]
    known = {*step.fields, *step.optional}
    unknown = [
        Finding(f"/{escape(f)}", "field-unknown", {"name": f[:40]}) for f in body if f not in known
    ]
    empty = (
        [Finding("/reason", "reason-missing", {})]
        if "reason" in body and not str(body["reason"]).strip()
        else []
    )
    shapes = [f for name, value in body.items() if name in known for f in _shape(step, name, value)]
    return [*missing, *unknown, *empty, *shapes]


def _shape(step: Step, name: str, value: Any) -> list[Finding]:
    kind, expected = _KINDS.get(name, (str, "text"))
    if name == "reserve" and name in step.optional:
        kind, expected = bool, "true or false"
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return [
            Finding(f"/{name}", "wrong-type", {"expected": expected, "found": "something else"})
        ]
    if name in ("codes", "team"):
        return [
            Finding(f"/{name}/{escape(key)}", "wrong-type", {"expected": "text", "found": "other"})
            for key, text in value.items()
            if not isinstance(text, str)
        ]
    if name == "members":
        return [f for i, member in enumerate(value) for f in _member_shape(member, f"/members/{i}")]
    if name == "mark":
        return [Finding("/mark" + f.pointer, f.code, f.params) for f in read(Mark, value)[1]]
    if kind is int and not 1 <= value <= MAXIMUM_ATTEMPT:
        params = {"value": str(value)[:40], "maximum": str(MAXIMUM_ATTEMPT)}
        return [Finding(f"/{name}", "number-out-of-range", params)]
    return []


def _member_shape(member: Any, at: str) -> list[Finding]:
    documents = member.get("documents", []) if isinstance(member, dict) else None
    right = (
        isinstance(member, dict)
        and isinstance(member.get("name", ""), str)
        and isinstance(member.get("facts", {}), dict)
        and isinstance(documents, list)
        and all(isinstance(d, dict) and {"kind", "number"} <= d.keys() for d in documents)
    )
    if right:
        return []
    return [Finding(at, "wrong-type", {"expected": "an entrant", "found": "something else"})]


async def _foreign(body: Body, competition: UUID) -> list[Finding]:
    """A delegation of another competition."""
    if not body.get("delegation"):
        return []
    delegation = _id(body["delegation"], "/delegation")
    if await Delegation.exists().where(
        Delegation.id == delegation, Delegation.competition == competition
    ):
        return []
    return [Finding("/delegation", "delegation-unknown", {"id": str(delegation)})]


async def _sealed(contest: UUID, verb: str, body: Body) -> dict[str, Any]:
    """The body without free text, names and whose code is which."""
    sealed = dict(body)
    if verb == RENAME:
        person = _id(body["person"], "/person")
        reason = str(body["reason"])
        sealed["name"] = await check_name(contest, person=person, name=body["name"], reason=reason)
    if "reason" in sealed:
        sealed["reason_hash"] = await keep(contest, str(sealed.pop("reason")))
    if verb == "add_late_entrant":
        members = [_member(member) for member in sealed.pop("members")]
        draft = EntrantDraft(members=members)
        findings = check_drafts([draft], registry().partners())
        if findings:
            raise Invalid(
                [Finding(f.pointer.removeprefix("/0"), f.code, f.params) for f in findings]
            )
        persons, doubled = await enrol_members(draft, await persons_entered(contest), 0)
        if doubled:
            raise Invalid(doubled)
        sealed["persons"] = [str(person) for person in persons]
    private = {name: sealed.pop(name) for name in _PRIVATE if name in sealed}
    if private:
        sealed["private_hash"] = await keep(contest, json_text(private))
    return sealed


async def _opened(contest: UUID, stored: Body) -> Body:
    body = dict(stored)
    texts = await texts_of(contest) if body.keys() & set(_SEALED.values()) else {}
    if "reason_hash" in body:
        body["reason"] = texts.get(body.pop("reason_hash"), "")
    if "private_hash" in body:
        body |= json.loads(texts.get(body.pop("private_hash"), "") or "{}")
    return body


def _member(data: Mapping[str, Any]) -> MemberDraft:
    documents = [(str(d["kind"]), str(d["number"])) for d in data.get("documents", ())]
    return MemberDraft(str(data.get("name", "")), data.get("facts", {}), documents)


def _id(text: object, pointer: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Invalid([Finding(pointer, "not-an-id", {"value": str(text)[:40]})]) from None
