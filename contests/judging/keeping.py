"""Keeping apart what can't be stored as a sheet: its bytes, why, and a receipt all the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from contests.chain import instant
from contests.judging.desk import Desk
from contests.judging.incoming import Incoming, Refusal, Sender
from contests.judging.signing import sign_receipt
from contests.log import here
from contests.sheets import jws_hash
from contests.tables import Quarantine
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


def quarantine_id(data: bytes, reason: str) -> UUID:
    """One row for the same bytes and the same reason."""
    return uuid5(_QUARANTINE, f"{hashlib.sha256(data).hexdigest()}|{reason}")


def quarantine(
    jws: str, sender: Sender, refusal: Refusal, *, contest: UUID | None, at: datetime
) -> tuple[Quarantine, Answer]:
    """The row that keeps the bytes, and the answer. The same bytes for the same reason are one row,
    however often and by whomever they are sent."""
    data = jws.encode("utf-8", "surrogatepass")
    row = Quarantine(
        id=quarantine_id(data, refusal.reason),
        contest=contest,
        received_at=at,
        reason=refusal.reason,
        account=sender.account,
        payload=data,
        kid=refusal.kid,
        device_seq=refusal.device_seq,
        rid=_id(refusal.rid),
        sheet=_id(refusal.sheet),
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


def keep_apart(desk: Desk, incoming: Incoming, refusal: Refusal) -> Answer:
    """The same for an authentic revision, written with everything else at this desk."""
    payload = incoming.payload
    named = replace(
        refusal,
        rid=payload.rid,
        contest=payload.contest,
        kid=incoming.kid,
        device_seq=payload.seq,
        sheet=payload.sheet,
    )
    contest = None if refusal.reason == "contest-unknown" else desk.contest
    row, answer = quarantine(incoming.jws, incoming.sender, named, contest=contest, at=incoming.now)
    desk.quarantine.append(row)
    return answer


def _id(claimed: str) -> str:
    """Only an id: what else was claimed stays in the bytes."""
    try:
        return str(UUID(claimed))
    except ValueError:
        return ""
