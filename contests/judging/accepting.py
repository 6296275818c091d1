"""One revision that goes into the log: whether it counts from now on, came before what counts, or
stands against it until somebody decides."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from contests.chain import instant
from contests.judging.admission import PERSONAL, TABLET, DeviceState
from contests.judging.checking import order_findings, sheet_findings
from contests.judging.desk import Desk, KnownRevision, read_more
from contests.judging.graph import (
    SWAP_COMPLETE,
    SWAP_WAITING,
    Stored,
    slot_standing,
)
from contests.judging.incoming import Incoming
from contests.judging.keeping import Answer
from contests.judging.lineage import Node, Standing
from contests.judging.locks import countersigner, is_locked
from contests.judging.panel import Panel
from contests.judging.rounds import settle_rounds
from contests.judging.signing import sign_receipt
from contests.judging.slots import Slot
from contests.judging.swaps import SWAP_WRONG, comes_with_its_half, swap_of
from contests.log import Writing, here
from contests.sheets import Payload
from contests.tables import Revision
from core.events import SheetSubmitted
from core.scoring.codec import to_json
from core.scoring.model import Finding

_BARS = {SWAP_WAITING: "swap-waiting", SWAP_WRONG: "swap-wrong", SWAP_COMPLETE: ""}


@dataclass(frozen=True, slots=True)
class Accepting:
    """`taken`: what the log says of a revision that a leader took out of the quarantine."""

    desk: Desk
    log: Writing
    panel: Panel
    incoming: Incoming
    device: DeviceState
    taken: Mapping[str, str] = field(default_factory=dict)

    async def store(self, aspects: frozenset[str]) -> Answer:
        payload = self.payload
        findings = sheet_findings(self.panel, payload, aspects)
        signer = countersigner(self.panel, payload, self.device)
        swap, other = await swap_of(self.desk, self.panel, self.incoming, self.device)
        self._enter_device(signer)
        more: dict[str, Any] = dict(self.taken)
        if signer:
            more["countersigned"] = signer
        if swap in {SWAP_WAITING, SWAP_COMPLETE}:
            more["swap"] = swap
        bar = self._bar(swap, signer)
        if bar:
            more["barred"] = bar
        if self._follows() and not bar and not swap:
            return self._become_head(findings, more)
        if swap == SWAP_WAITING and comes_with_its_half(
            self.desk, self.panel, self.incoming, self.device
        ):
            return self._append("sheet", "accepted", findings, {**more, "superseded": True})
        return await self._weigh(findings, more, other.node.payload if other else None)

    @property
    def payload(self) -> Payload:
        return self.incoming.payload

    @property
    def own(self) -> Slot | None:
        return self.desk.slots.get(UUID(self.payload.sheet))

    def _bar(self, swap: str, signer: str) -> str:
        if swap:
            return _BARS[swap]
        free = signer or self.taken or not is_locked(self.panel, self.payload, self.desk.before)
        return "" if free else "sheet-locked"

    def _follows(self) -> bool:
        """The ordinary case: the first of its slot, or made from the one that counts."""
        own = self.own
        return own is None or (own.state != "conflict" and own.revision == self.payload.base)

    def _become_head(self, findings: Sequence[Finding], more: dict[str, Any]) -> Answer:
        answer = self._append("sheet", "accepted", findings, more)
        self._put(
            Slot.of(
                self.payload,
                seq=answer.seq,
                hash_=answer.hash,
                countable=answer.countable,
                now=self.incoming.now,
            )
        )
        settle_rounds(self.desk, self.log, self.panel, self.payload)
        return answer

    # --- when the last one is not enough to decide by ---

    async def _weigh(
        self, findings: Sequence[Finding], more: dict[str, Any], other: Payload | None
    ) -> Answer:
        """With all of the slot's revisions; `other`: the half of a swap that this one completes."""
        draft = self._draft(findings, more)
        slots = [self.payload, *([other] if other else [])]
        if other is not None:
            await read_more(self.desk, self.panel, other)
        before = await self._standing(self.payload, None) if self.own else None
        found = {p.sheet: await self._standing(p, draft) for p in slots}
        mine, _ = found[self.payload.sheet]
        changes = {
            sheet: one
            for sheet, (one, _) in found.items()
            if other is not None or before is None or _differs(self.own, before[0], one)
        }
        more = {**more, **_said(changes)}
        undecided = self.payload.sheet in changes and not mine.settled
        if undecided:
            more |= {"sheet": self.payload.sheet, "head": mine.head}
        elif mine.head != self.payload.rid:
            more["superseded"] = True
        kind, answer = ("conflict",) * 2 if undecided else ("sheet", "accepted")
        told = self._append(kind, answer, findings, more)
        for payload in slots:
            if payload.sheet in changes:
                self._project(payload, *found[payload.sheet])
        return told

    def _draft(self, findings: Sequence[Finding], more: Mapping[str, Any]) -> Stored:
        """The new revision, before its entry has a hash."""
        return self._stored(findings, more, place=self.log.length + 1, hash_="")

    def _stored(
        self, findings: Sequence[Finding], more: Mapping[str, Any], *, place: int, hash_: str
    ) -> Stored:
        node = Node(
            self.payload,
            self.incoming.kid,
            place,
            hash_,
            countable=not findings,
            barred="barred" in more,
            countersigned="countersigned" in more,
        )
        return Stored(node, more.get("swap", ""))

    async def _standing(
        self, payload: Payload, draft: Stored | None
    ) -> tuple[Standing, list[Node]]:
        head = self.desk.slots.get(UUID(payload.sheet))
        found, nodes, _ = await slot_standing(
            self.desk.contest,
            UUID(payload.sheet),
            head=head.revision if head else "",
            fresh=[*self.desk.fresh, *([draft] if draft else [])],
        )
        return found, nodes

    def _project(self, payload: Payload, found: Standing, nodes: Sequence[Node]) -> None:
        head = next(node for node in nodes if node.rid == found.head)
        here_now = self.desk.fresh[-1].node
        if head.rid == here_now.rid:
            head = here_now
        slot = Slot.of(
            head.payload,
            seq=head.place,
            hash_=head.hash,
            countable=head.countable,
            now=self.incoming.now,
        )
        self._put(slot if found.settled else replace(slot, state="conflict"))
        if found.settled:
            settle_rounds(self.desk, self.log, self.panel, payload)

    # --- writing ---

    def _put(self, slot: Slot) -> None:
        self.desk.slots[slot.id] = slot
        self.desk.touched[slot.id] = slot.row()

    def _append(
        self, kind: str, answer: str, findings: Sequence[Finding], more: dict[str, Any]
    ) -> Answer:
        incoming, payload = self.incoming, self.payload
        order = order_findings(payload, self.device.last_seq, self.device.last_hash)
        everything = (*findings, *order)
        body = {
            "jws": incoming.jws,
            "device": incoming.kid,
            "appointment": payload.judge,
            "received_at": instant(incoming.now),
            "findings": [to_json(finding) for finding in everything],
            "countable": not findings,
            "late": bool(order),
            **more,
        }
        line = self.log.add(kind, body)
        self.desk.fresh.append(self._stored(findings, more, place=line.seq, hash_=line.hash))
        receipt = _receipt(incoming, answer, line.seq, line.hash)
        self._remember(answer, receipt, line.seq)
        bar = str(more.get("barred", ""))
        reason = (bar or "conflict") if kind == "conflict" else "not-countable" if findings else ""
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

    def _enter_device(self, signer: str) -> None:
        """A recount finds in the log itself the key that signed, and whose sheets it may sign."""
        kid, device, desk = self.incoming.kid, self.device, self.desk
        if kid not in self.panel.devices and kid not in desk.entered:
            jwk = json.loads(self.incoming.public_jwk)
            kind = {} if device.kind == PERSONAL else {"kind": device.kind}
            account = device.account
            self.log.add("device_enrolled", {"kid": kid, "jwk": jwk, "account": account, **kind})
            desk.entered.append(kid)
            desk.admitted.append((kid, account))
        if device.kind == TABLET and not self.taken:
            self._enter_judge(self.panel.facts(self.payload.judge).account)
        if signer:
            self._enter_judge(self.panel.facts(signer).account)

    def _enter_judge(self, account: str) -> None:
        pair = (self.incoming.kid, account)
        if pair not in self.panel.admitted and pair not in self.desk.admitted:
            self.log.add("judge_admitted", {"kid": pair[0], "account": account})
            self.desk.admitted.append(pair)

    def _remember(self, answer: str, receipt: str, seq: int) -> None:
        incoming, payload = self.incoming, self.payload
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
        self.desk.submitted.append(SheetSubmitted(payload.contest, seq))
        if payload.seq > self.device.last_seq:
            chain = {"last_seq": payload.seq, "last_hash": incoming.digest}
            self.device.row |= {**chain, "last_seen_at": incoming.now}
            self.device.changed = True


def _differs(own: Slot | None, before: Standing, now: Standing) -> bool:
    """Whether what stands in the slot is no longer what it was."""
    was = (own.state != "conflict", own.revision) if own else (False, "")
    return (before.rivals, *was) != (now.rivals, now.settled, now.head)


def _said(changes: Mapping[str, Standing]) -> dict[str, Any]:
    """What the log says of the slots, so that a replay needs no lineage."""
    heads = {sheet: one.head for sheet, one in changes.items() if one.settled}
    undecided = {
        sheet: {"head": one.head, "rivals": list(one.rivals)}
        for sheet, one in changes.items()
        if not one.settled
    }
    return {
        **({"heads": heads} if heads else {}),
        **({"undecided": undecided} if undecided else {}),
    }


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
