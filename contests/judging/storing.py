"""Deciding one revision at an open desk: which answer, which log entry, which receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from contests.chain import instant
from contests.judging.checking import (
    device_refusal,
    order_findings,
    sheet_findings,
    slot_refusal,
)
from contests.judging.desk import Desk, DeviceState, KnownRevision
from contests.judging.incoming import Incoming, Refusal
from contests.judging.panel import Panel
from contests.judging.rounds import round_aspects, settle_rounds
from contests.judging.signing import sign_receipt
from contests.judging.slots import Slot
from contests.log import Writing, here
from contests.sheets import jws_hash, payload_of
from contests.tables import Contest, LogEntry, Quarantine, Revision
from core.events import SheetSubmitted
from core.scoring.codec import to_json
from core.scoring.model import Finding

_QUARANTINE = UUID("7d3fd6a6-3b4d-4c5c-9f60-0a8f9a3d2f11")


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


async def decide(desk: Desk, incoming: Incoming) -> Answer:
    """What becomes of one revision. A refusal is an answer, never an exception."""
    device = desk.devices[incoming.kid]
    known = desk.known.get(incoming.payload.rid)
    if known is not None:
        return _known(desk, incoming, known)
    refusal = device_refusal(incoming, device.row) or await _shut(desk, incoming)
    if refusal is None and desk.panel is not None:
        refusal = slot_refusal(incoming, desk.panel)
    if refusal is not None or desk.log is None or desk.panel is None:
        return _refuse(desk, incoming, refusal or Refusal("contest-type-missing"))
    aspects = round_aspects(desk, desk.panel, incoming.payload)
    if aspects is None:
        return _refuse(desk, incoming, Refusal("round-not-open"))
    return await _Accepting(desk, desk.log, desk.panel, incoming, device).store(aspects)


def quarantine(
    jws: str, incoming_account: UUID, refusal: Refusal, *, contest: UUID | None, at: Any
) -> tuple[Quarantine, Answer]:
    """The row that keeps the bytes, and the answer. The same bytes for the same reason from the same
    account are one row, however often they are sent."""
    data = jws.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(data).hexdigest()
    row = Quarantine(
        id=uuid5(_QUARANTINE, f"{digest}|{refusal.reason}|{incoming_account}"),
        contest=contest,
        received_at=at,
        reason=refusal.reason,
        account=incoming_account,
        payload=data,
    )
    receipt = sign_receipt(
        {
            "rid": refusal.rid,
            "contest": refusal.contest,
            "answer": refusal.answer,
            "reason": refusal.reason,
            "jws_hash": jws_hash(jws),
            "at": instant(at),
            "installation": here(),
        }
    )
    answer = Answer(
        refusal.rid,
        refusal.answer,
        receipt=receipt,
        findings=refusal.findings or (Finding("", refusal.reason, {}),),
        reason=refusal.reason,
        countable=False,
    )
    return row, answer


@dataclass(frozen=True, slots=True)
class _Accepting:
    """One revision that goes into the log."""

    desk: Desk
    log: Writing
    panel: Panel
    incoming: Incoming
    device: DeviceState

    async def store(self, aspects: frozenset[str]) -> Answer:
        payload = self.incoming.payload
        findings = sheet_findings(self.panel, payload, aspects)
        own = self.desk.slots.get(UUID(payload.sheet))
        if own is None or (own.state != "conflict" and own.revision == payload.base):
            return self._become_head(findings)
        if await self._came_before(own):
            return self._append("sheet", "accepted", findings, {"superseded": True})
        return self._conflict_with(own, findings)

    def _become_head(self, findings: Sequence[Finding]) -> Answer:
        payload = self.incoming.payload
        answer = self._append("sheet", "accepted", findings, {})
        slot = Slot.of(
            payload,
            seq=answer.seq,
            hash_=answer.hash,
            countable=answer.countable,
            now=self.incoming.now,
        )
        self._put(slot)
        settle_rounds(self.desk, self.log, self.panel, payload)
        return answer

    def _conflict_with(self, head: Slot, findings: Sequence[Finding]) -> Answer:
        """Both are kept until the group leader or chief referee decides."""
        more = {"sheet": self.incoming.payload.sheet, "head": head.revision}
        answer = self._append("conflict", "conflict", findings, more)
        self._put(replace(head, state="conflict"))
        return answer

    async def _came_before(self, head: Slot) -> bool:
        """Whether the head was made from this very revision, which only now arrives."""
        rid = self.incoming.payload.rid
        if head.revision in self.desk.bases:
            return self.desk.bases[head.revision] == rid
        row = (
            await LogEntry.select(LogEntry.body)
            .where(LogEntry.contest == self.log.contest, LogEntry.seq == head.seq)
            .first()
        )
        body = json.loads(row["body"]) if row else {}
        return "jws" in body and payload_of(body["jws"]).base == rid

    def _put(self, slot: Slot) -> None:
        self.desk.slots[slot.id] = slot
        self.desk.touched[slot.id] = slot.row()

    def _append(
        self, kind: str, answer: str, findings: Sequence[Finding], more: dict[str, Any]
    ) -> Answer:
        incoming, payload = self.incoming, self.incoming.payload
        order = order_findings(payload, self.device.last_seq, self.device.last_hash)
        everything = (*findings, *order)
        self._enter_device()
        line = self.log.add(
            kind,
            {
                "jws": incoming.jws,
                "device": incoming.kid,
                "appointment": payload.judge,
                "received_at": instant(incoming.now),
                "findings": [to_json(finding) for finding in everything],
                "countable": not findings,
                "late": bool(order),
                **more,
            },
        )
        receipt = _receipt(incoming, answer, line.seq, line.hash)
        self._remember(answer, receipt, line.seq)
        reason = "conflict" if kind == "conflict" else "not-countable" if findings else ""
        return Answer(
            payload.rid,
            answer,
            line.seq,
            line.hash,
            receipt,
            everything,
            reason,
            countable=not findings,
        )

    def _enter_device(self) -> None:
        """A recount finds the key that signed in the log itself."""
        kid = self.incoming.kid
        if kid in self.panel.devices or kid in self.desk.entered:
            return
        jwk = json.loads(self.incoming.public_jwk)
        body = {"kid": kid, "jwk": jwk, "account": str(self.incoming.account)}
        self.log.add("device_enrolled", body)
        self.desk.entered.append(kid)

    def _remember(self, answer: str, receipt: str, seq: int) -> None:
        incoming, payload = self.incoming, self.incoming.payload
        self.desk.revisions.append(
            Revision(
                id=UUID(payload.rid),
                contest=self.log.contest,
                sheet=UUID(payload.sheet),
                device=self.device.row["id"],
                device_seq=payload.seq,
                jws_hash=incoming.digest,
                answer=answer,
                receipt=receipt,
                seq=seq,
                created_at=incoming.now,
            )
        )
        self.desk.known[payload.rid] = KnownRevision(incoming.digest, receipt, seq)
        self.desk.bases[payload.rid] = payload.base
        self.desk.submitted.append(SheetSubmitted(payload.contest, seq))
        if payload.seq > self.device.last_seq:
            chain = {"last_seq": payload.seq, "last_hash": incoming.digest}
            self.device.row |= {**chain, "last_seen_at": incoming.now}
            self.device.changed = True


def _known(desk: Desk, incoming: Incoming, known: KnownRevision) -> Answer:
    """Sent before: the same bytes get the first receipt, other bytes under the id are kept apart."""
    if known.jws_hash != incoming.digest:
        return _refuse(desk, incoming, Refusal("rid-used", answer="conflict"))
    return Answer(incoming.payload.rid, "duplicate", known.seq, "", known.receipt)


async def _shut(desk: Desk, incoming: Incoming) -> Refusal | None:
    """Why nothing is taken now."""
    if desk.log is not None:
        if desk.log.row["judging_ended_at"] is not None:
            return Refusal("judging-ended", answer="late")
        wrong = incoming.payload.rules != desk.log.row["rules_hash"]
        return Refusal("rules-differ") if wrong else None
    row = (
        await Contest.select(Contest.state, Contest.home).where(Contest.id == desk.contest).first()
    )
    if row is None:
        return Refusal("contest-unknown")
    if row["home"] != here():
        return Refusal("held-for-venue", answer="held")
    if row["state"] in {"draft", "ready"}:
        return Refusal("judging-not-started")
    return Refusal("contest-closed", answer="late")


def _refuse(desk: Desk, incoming: Incoming, refusal: Refusal) -> Answer:
    payload = incoming.payload
    named = replace(refusal, rid=payload.rid, contest=payload.contest)
    contest = None if refusal.reason == "contest-unknown" else desk.contest
    row, answer = quarantine(
        incoming.jws, incoming.account, named, contest=contest, at=incoming.now
    )
    desk.quarantine.append(row)
    return answer


def _receipt(incoming: Incoming, answer: str, seq: int, hash_: str) -> str:
    return sign_receipt(
        {
            "rid": incoming.payload.rid,
            "contest": incoming.payload.contest,
            "seq": seq,
            "hash": hash_,
            "answer": answer,
            "jws_hash": incoming.digest,
            "at": instant(incoming.now),
            "installation": here(),
        }
    )
