"""Taking a judge's signed revisions. Nothing is dropped: what can't be stored as a sheet is kept in
the quarantine with its bytes, and every answer has a receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from contests.chain import instant
from contests.judging.checking import (
    device_refusal,
    order_findings,
    sheet_findings,
    slot_refusal,
)
from contests.judging.devices import enrol_device, revoke_device
from contests.judging.incoming import Incoming, Refusal, authentic
from contests.judging.panel import Panel, panel_of
from contests.judging.rounds import round_aspects, settle_rounds
from contests.judging.signing import sign_receipt
from contests.judging.slots import Slot, is_predecessor, load_slots, mark_conflict, store_head
from contests.log import Writing, here, open_gate
from contests.sheets import jws_hash
from contests.tables import Contest, Device, Quarantine, Revision
from core.db import transaction
from core.errors import ContestTypeMissing
from core.events import SheetSubmitted
from core.outbox import put
from core.scoring.codec import to_json
from core.scoring.model import Finding

__all__ = ["Answer", "accept_revision", "enrol_device", "revoke_device"]

_QUARANTINE = UUID("7d3fd6a6-3b4d-4c5c-9f60-0a8f9a3d2f11")
_DEVICE = (
    "SELECT device.id AS id, device.account AS account, device.last_seq AS last_seq,"
    " device.last_hash AS last_hash, device.revoked_at AS revoked_at,"
    " revision.jws_hash AS known_hash, revision.receipt AS receipt, revision.seq AS seq"
    " FROM device LEFT JOIN revision ON revision.id = {} WHERE device.kid = {}"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """answer: accepted, duplicate, conflict, late, held or quarantined. seq and hash: the log entry
    that holds the bytes, 0 and "" when none does. reason: slug of a refusal or of what is special,
    "" otherwise. countable: whether the stored sheet counts as it is."""

    rid: str
    answer: str
    seq: int = 0
    hash: str = ""
    receipt: str = ""
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    countable: bool = True


async def accept_revision(jws: str, *, account: UUID, now: datetime | None = None) -> Answer:
    """One signed revision, in one transaction. A refusal is an answer, never an exception."""
    at = now or datetime.now(UTC)
    incoming = await authentic(jws, account=account, now=at)
    async with transaction():
        if isinstance(incoming, Refusal):
            return await _quarantine(jws, account, at, incoming)
        answer, panel = await _take(incoming)
    if panel is not None and answer.seq and isinstance(incoming, Incoming):
        panel.devices.add(incoming.kid)
    return answer


async def _take(incoming: Incoming) -> tuple[Answer, Panel | None]:
    """Behind the gate, so that the same revision sent twice at once is stored once."""
    payload = incoming.payload
    log = await open_gate(UUID(payload.contest), ("judging",), now=incoming.now)
    device = (await Device.raw(_DEVICE, UUID(payload.rid), incoming.kid))[0]
    if device["known_hash"] is not None:
        return await _known(incoming, device), None
    refusal = device_refusal(incoming, device)
    if refusal is None and log is None:
        refusal = await _shut(UUID(payload.contest))
    if log is None or refusal is not None:
        return await _refuse(incoming, refusal or Refusal("contest-unknown")), None
    if log.row["judging_ended_at"] is not None:
        return await _refuse(incoming, Refusal("judging-ended", answer="late")), None
    if payload.rules != log.row["rules_hash"]:
        return await _refuse(incoming, Refusal("rules-differ")), None
    try:
        panel = await panel_of(log)
    except ContestTypeMissing:
        return await _refuse(incoming, Refusal("contest-type-missing")), None
    return await _judge(incoming, log, panel, device), panel


async def _judge(incoming: Incoming, log: Writing, panel: Panel, device: dict[str, Any]) -> Answer:
    payload = incoming.payload
    refusal = slot_refusal(incoming, panel)
    aspects = None if refusal else await round_aspects(panel, payload)
    if refusal is None and aspects is None:
        refusal = Refusal("round-not-open")
    if refusal is not None or aspects is None:
        return await _refuse(incoming, refusal or Refusal("round-not-open"))
    findings = sheet_findings(panel, payload, aspects)
    revision = _Revision(incoming, log, panel, device, findings, order_findings(payload, device))
    slots = await load_slots(panel, payload)
    own = slots.get(payload.judge)
    if own is None or (own.state != "conflict" and own.revision == payload.base):
        answer = await revision.become_head(slots, known=own is not None)
    elif await is_predecessor(log, own, payload):
        answer = await revision.stay_behind()
    else:
        answer = await revision.conflict_with(own)
    await log.flush()
    await put(SheetSubmitted(payload.contest, answer.seq))
    return answer


@dataclass(frozen=True, slots=True)
class _Revision:
    """One revision that goes into the log. findings keep it from counting; order does not."""

    incoming: Incoming
    log: Writing
    panel: Panel
    device: dict[str, Any]
    findings: Sequence[Finding]
    order: Sequence[Finding]

    async def become_head(self, slots: dict[str, Slot], *, known: bool) -> Answer:
        answer = await self._append("sheet", "accepted", {})
        payload = self.incoming.payload
        slots[payload.judge] = await store_head(
            self.log,
            payload,
            seq=answer.seq,
            hash_=answer.hash,
            countable=not self.findings,
            known=known,
        )
        await settle_rounds(self.log, self.panel, payload, slots, revised=known)
        return answer

    async def stay_behind(self) -> Answer:
        """The revision that the head was made from; it came late over another way."""
        return await self._append("sheet", "accepted", {"superseded": True})

    async def conflict_with(self, head: Slot) -> Answer:
        """Both are kept until the group leader or chief referee decides."""
        more = {"sheet": self.incoming.payload.sheet, "head": head.revision}
        answer = await self._append("conflict", "conflict", more)
        await mark_conflict(head.id)
        return answer

    async def _append(self, kind: str, answer: str, more: dict[str, Any]) -> Answer:
        incoming, payload = self.incoming, self.incoming.payload
        self._enter_device()
        everything = (*self.findings, *self.order)
        line = self.log.add(
            kind,
            {
                "jws": incoming.jws,
                "device": incoming.kid,
                "appointment": payload.judge,
                "received_at": instant(incoming.now),
                "findings": [to_json(finding) for finding in everything],
                "countable": not self.findings,
                "late": bool(self.order),
                **more,
            },
        )
        receipt = _receipt(payload.rid, payload.contest, answer, incoming, line.seq, line.hash)
        await self._remember(answer, receipt, line.seq)
        reason = "conflict" if kind == "conflict" else "not-countable" if self.findings else ""
        return Answer(
            payload.rid,
            answer,
            line.seq,
            line.hash,
            receipt,
            everything,
            reason,
            countable=not self.findings,
        )

    def _enter_device(self) -> None:
        """A recount finds the key that signed in the log itself."""
        if self.incoming.kid in self.panel.devices:
            return
        jwk = json.loads(self.incoming.public_jwk)
        body = {"kid": self.incoming.kid, "jwk": jwk, "account": str(self.incoming.account)}
        self.log.add("device_enrolled", body)

    async def _remember(self, answer: str, receipt: str, seq: int) -> None:
        incoming, payload = self.incoming, self.incoming.payload
        device = UUID(str(self.device["id"]))
        await Revision.insert(
            Revision(
                id=UUID(payload.rid),
                contest=self.log.contest,
                sheet=UUID(payload.sheet),
                device=device,
                device_seq=payload.seq,
                jws_hash=incoming.digest,
                answer=answer,
                receipt=receipt,
                seq=seq,
                created_at=incoming.now,
            )
        )
        if payload.seq > self.device["last_seq"]:
            await Device.raw(
                "UPDATE device SET last_seq = {}, last_hash = {}, last_seen_at = {} WHERE id = {}",
                payload.seq,
                incoming.digest,
                incoming.now,
                device,
            )


async def _known(incoming: Incoming, known: dict[str, Any]) -> Answer:
    """Sent before: the same bytes get the first receipt, other bytes under the id are kept apart."""
    if known["known_hash"] != incoming.digest:
        return await _refuse(incoming, Refusal("rid-used", answer="conflict"))
    return Answer(incoming.payload.rid, "duplicate", known["seq"], "", known["receipt"])


async def _shut(contest: UUID) -> Refusal:
    """Why there is no gate."""
    row = await Contest.select(Contest.state, Contest.home).where(Contest.id == contest).first()
    if row is None:
        return Refusal("contest-unknown")
    if row["home"] != here():
        return Refusal("held-for-venue", answer="held")
    if row["state"] in {"draft", "ready"}:
        return Refusal("judging-not-started")
    return Refusal("contest-closed", answer="late")


async def _refuse(incoming: Incoming, refusal: Refusal) -> Answer:
    named = Refusal(
        refusal.reason,
        refusal.findings,
        incoming.payload.rid,
        incoming.payload.contest,
        refusal.answer,
    )
    return await _quarantine(incoming.jws, incoming.account, incoming.now, named)


async def _quarantine(jws: str, account: UUID, now: datetime, refusal: Refusal) -> Answer:
    """The same bytes for the same reason are kept once, however often they are sent."""
    data = jws.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(data).hexdigest()
    contest = await _known_contest(refusal.contest)
    await Quarantine.insert(
        Quarantine(
            id=uuid5(_QUARANTINE, f"{digest}|{refusal.reason}|{account}"),
            contest=contest,
            received_at=now,
            reason=refusal.reason,
            account=account,
            payload=data,
        )
    ).on_conflict(action="DO NOTHING")
    receipt = sign_receipt(
        {
            "rid": refusal.rid,
            "contest": refusal.contest,
            "answer": refusal.answer,
            "reason": refusal.reason,
            "jws_hash": jws_hash(jws),
            "at": instant(now),
            "installation": here(),
        }
    )
    findings = refusal.findings or (Finding("", refusal.reason, {}),)
    return Answer(
        refusal.rid,
        refusal.answer,
        receipt=receipt,
        findings=findings,
        reason=refusal.reason,
        countable=False,
    )


async def _known_contest(text: str) -> UUID | None:
    try:
        contest = UUID(text)
    except ValueError:
        return None
    return contest if await Contest.exists().where(Contest.id == contest) else None


def _receipt(rid: str, contest: str, answer: str, incoming: Incoming, seq: int, hash_: str) -> str:
    return sign_receipt(
        {
            "rid": rid,
            "contest": contest,
            "seq": seq,
            "hash": hash_,
            "answer": answer,
            "jws_hash": incoming.digest,
            "at": instant(incoming.now),
            "installation": here(),
        }
    )
