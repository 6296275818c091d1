"""The paper desk: this installation's own key, under which two persons' typing of a sheet on paper
enters the log as a sheet like every other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from contests.chain import instant
from contests.judging.admission import DESK
from contests.judging.desk import desk_at
from contests.judging.incoming import Incoming, Sender
from contests.judging.keeping import Answer
from contests.judging.signing import read_public_key, receipt_public_jwk, sign_as_desk
from contests.judging.storing import decide
from contests.log import Writing, open_gate, refusal
from contests.sheets import Paper, Payload, jws_hash, payload_bytes, read_payload, slot_id
from contests.statements import run
from contests.tables import Device
from core.db import transaction
from core.errors import Invalid
from core.scoring.model import Mark

_NAMESPACE = UUID("0b8fd0c5-5f0e-4f4a-9a2c-6c4f1f0a6f57")
_LOCK = "UPDATE device SET last_seq = last_seq WHERE kid = {} RETURNING *"
_KNOWN = "SELECT seq, receipt FROM revision WHERE id = {}"


async def paper_desk_key() -> dict[str, Any]:
    """The desk's device row, made the first time."""
    kid, text = read_public_key(receipt_public_jwk())
    row = await Device.select().where(Device.kid == kid).first()
    if row is not None:
        return row
    await Device.insert(
        Device(
            id=uuid5(_NAMESPACE, kid),
            kid=kid,
            kind=DESK,
            public_jwk=text,
            enrolled_at=datetime.now(UTC),
        )
    ).on_conflict(action="DO NOTHING")
    return await paper_desk_key()


async def enter_from_paper(
    contest: UUID,
    *,
    rid: UUID,
    module: str,
    code: str,
    judge: UUID,
    marks: Mapping[str, Mark],
    typed: tuple[UUID, UUID],
    scan: str = "",
    base: str = "",
    attempt: int = 1,
    round_: int = 1,
    now: datetime | None = None,
) -> Answer:
    """What two persons typed alike, as a revision; the caller has made sure of both.

    rid: the same for the same typing, so that entered twice it is one entry. base: the revision that
    was typed from paper before, "" otherwise: a sheet of a tablet is never replaced without a word,
    the two stand against each other. Raises Invalid, or WrongState when no judging is going on.
    """
    at = now or datetime.now(UTC)
    async with transaction():
        await paper_desk_key()
        log = await open_gate(contest, ("judging",), now=at)
        if log is None:
            raise await refusal(contest, ("judging",))
        known = await run(_KNOWN, rid)
        if known:
            return Answer(str(rid), "duplicate", known[0]["seq"], "", known[0]["receipt"])
        # The gate first, then the row: what another contest enters from paper waits here.
        device = (await run(_LOCK, read_public_key(receipt_public_jwk())[0]))[0]
        slot = (str(contest), module, code, attempt, round_, str(judge))
        payload = Payload(
            rid=str(rid),
            contest=str(contest),
            module=module,
            code=code,
            judge=str(judge),
            sheet=str(slot_id(*slot)),
            seq=device["last_seq"] + 1,
            marks=marks,
            rules=log.row["rules_hash"],
            at=instant(at),
            attempt=attempt,
            round=round_,
            base=base,
            prev=device["last_hash"],
            app="paper",
            paper=Paper((str(typed[0]), str(typed[1])), scan),
        )
        return await _enter(log, _signed(payload, device, at))


async def _enter(log: Writing, incoming: Incoming) -> Answer:
    desk = await desk_at(log, log.contest, [incoming])
    answer = await decide(desk, incoming)
    await desk.write()
    return answer


def _signed(payload: Payload, device: Mapping[str, Any], at: datetime) -> Incoming:
    data = payload_bytes(payload)
    _, findings = read_payload(data)
    if findings:
        raise Invalid(findings)
    jws = sign_as_desk(data, device["kid"])
    sender = Sender(kid=device["kid"])
    return Incoming(jws, jws_hash(jws), device["kid"], device["public_jwk"], payload, sender, at)
