"""PURE: is this certificate genuine, whose is it, and does it still count?

`read_token` and `read_printed` believe nothing but the local trust store; `judge` adds what is
known of the status. Both answer with the same five named checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Protocol

from credentials.claims import COLLECTIVE
from credentials.cwt import Printed, open_printed
from credentials.document import check_document, holder_name, notice_of, of_collective
from credentials.encoding import Malformed
from credentials.keys import signed_by
from credentials.status import Status
from credentials.trust import CERTIFICATE, Refused, TrustedKey, TrustStore, open_signed

TOKEN_LIMIT = 16 * 1024
LEEWAY = timedelta(minutes=5)
"""How far a device's clock may be behind before a new certificate looks unborn."""
CHINA = timezone(timedelta(hours=8))


class State(StrEnum):
    """The one word of a verdict."""

    VALID = "valid"
    IN_NOTICE = "in_notice"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    UNKNOWN_ISSUER = "unknown_issuer"
    ALTERED = "altered"
    NOT_FOUND = "not_found"
    STATUS_UNKNOWN = "status_unknown"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Check:
    """ok None: nobody could or did check it. `code` says why, for the catalogues."""

    id: str
    ok: bool | None
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


CHECKS = ("unaltered", "issuer", "status", "dates", "person")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one position. `status` None: unknown since `at`.

    missing: the issuer's ledger has no such certificate. recorded_at: the ledger holds exactly
    this content since then; None when no ledger was asked."""

    status: Status | None
    at: datetime | None
    missing: bool = False
    recorded_at: datetime | None = None
    code: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    """Reason, authority and time of the last change, where the ledger was asked."""


UNKNOWN = Answer(None, None)


class StatusSource(Protocol):
    def of(self, issuer: str, block: int, index: int) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Read:
    """A genuine certificate, its status not yet asked for."""

    key: TrustedKey
    public_id: str
    name: str
    block: int
    index: int
    signed_at: datetime
    expires_at: datetime | None
    notice_until: str
    body: str = ""
    credential: Mapping[str, Any] | None = None
    printed: Printed | None = None
    issuer_id: str = ""
    """The issuer's address at the installation that signed it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    state: State
    checks: tuple[Check, ...]
    checked_at: datetime
    read: Read | None = None
    answer: Answer | None = None
    elsewhere: str = ""
    """Its page at another installation that is believed here, and that knows whether it counts."""

    @property
    def credential(self) -> Mapping[str, Any] | None:
        return self.read.credential if self.read else None


def verify_token(
    token: str, *, trust: TrustStore, statuses: StatusSource, now: datetime
) -> Verdict:
    """Every check of a full token against keys and lists at hand. Never raises for bad input."""
    try:
        read = read_token(token, trust)
    except Refused as refused:
        return refusal(refused, now)
    return judge(read, statuses.of(read.key.issuer, read.block, read.index), now)


def verify_printed(
    text: str, *, trust: TrustStore, statuses: StatusSource, now: datetime, path_id: str = ""
) -> Verdict:
    """The same for what a QR says by itself. `path_id`: the id in the address that carried it."""
    try:
        read = read_printed(text, trust, path_id=path_id)
    except Refused as refused:
        return refusal(refused, now)
    return judge(read, statuses.of(read.key.issuer, read.block, read.index), now)


def read_token(token: str, trust: TrustStore) -> Read:
    signed = open_signed(token, trust, purpose=CERTIFICATE, limit=TOKEN_LIMIT)
    document = check_document(signed.payload, signed.key, signed.addresses)
    return Read(
        key=signed.key,
        public_id=document.public_id,
        name=holder_name(signed.payload),
        block=document.block,
        index=document.index,
        signed_at=document.valid_from,
        expires_at=document.valid_until,
        notice_until=notice_of(signed.payload),
        body=signed.body,
        credential=signed.payload,
        issuer_id=signed.payload["iss"],
    )


def read_printed(text: str, trust: TrustStore, *, path_id: str = "") -> Read:
    try:
        opened = open_printed(text)
    except Malformed as error:
        raise Refused("unaltered", str(error.args[0])) from None
    key = trust.by_kid.get(opened.kid)
    if key is None:
        raise Refused("issuer", "unknown-key")
    if key.purpose != CERTIFICATE:
        raise Refused("unaltered", "type")
    if not signed_by(key.key, opened.signature, opened.signed):
        raise Refused("unaltered", "signature")
    printed = opened.printed
    if path_id and path_id != printed.public_id:
        raise Refused("unaltered", "other-paper")
    return Read(
        key=key,
        public_id=printed.public_id,
        name=printed.name,
        block=printed.block,
        index=printed.index,
        signed_at=printed.issued_at,
        expires_at=printed.expires_at,
        notice_until=printed.notice_until,
        printed=printed,
        issuer_id=trust.addresses.issuer(key.issuer),
    )


# --- the verdict -------------------------------------------------------------------------------


def judge(read: Read, answer: Answer, now: datetime) -> Verdict:
    """The five checks and the one word of a genuine certificate."""
    issuer, status, dates = _issuer(read, answer), _status(answer), _dates(read, now)
    checks = (Check("unaltered", True, "signature-holds"), issuer, status, dates, _person(read))
    return Verdict(_state(read, answer, now, issuer, dates), checks, now, read, answer)


def refusal(refused: Refused, now: datetime) -> Verdict:
    """The verdict of something that is no certificate of ours."""
    state = State.UNKNOWN_ISSUER if refused.check == "issuer" else State.ALTERED
    failed = Check(refused.check, False, refused.code)
    checks = (failed if id == failed.id else Check(id, None, "not-reached") for id in CHECKS)
    return Verdict(state, tuple(checks), now)


def not_found(now: datetime) -> Verdict:
    """The same for every id that is not there, however it is spelt."""
    absent = Check("status", False, "not-in-ledger")
    checks = (absent if id == absent.id else Check(id, None, "not-reached") for id in CHECKS)
    return Verdict(State.NOT_FOUND, tuple(checks), now)


OF_COLLECTIVE = "of-collective"
"""Of the check "person", where no person holds it."""


def _person(read: Read) -> Check:
    return Check("person", None, OF_COLLECTIVE if collective(read) else "compare-document")


def collective(read: Read) -> bool:
    """Whether a unit, a team or a studio holds it, and no person."""
    if read.credential is not None:
        return of_collective(read.credential)
    return read.printed is not None and read.printed.kind == COLLECTIVE


_BY_STATUS = {
    Status.REVOKED: State.REVOKED,
    Status.REPLACED: State.REPLACED,
    Status.SUSPENDED: State.SUSPENDED,
}


def _state(read: Read, answer: Answer, now: datetime, issuer: Check, dates: Check) -> State:
    if not issuer.ok:
        return State.UNKNOWN_ISSUER
    if answer.missing:
        return State.NOT_FOUND
    if answer.status in _BY_STATUS:
        return _BY_STATUS[answer.status]
    if not dates.ok:
        return State.EXPIRED if dates.code == "expired" else State.NOT_YET_VALID
    if answer.status is None:
        return State.STATUS_UNKNOWN
    return State.IN_NOTICE if in_notice(read.notice_until, now) else State.VALID


def in_notice(until: str, now: datetime) -> bool:
    """A notice runs to the end of its last day in China."""
    return bool(until) and now.astimezone(CHINA).date() <= date.fromisoformat(until)


def _issuer(read: Read, answer: Answer) -> Check:
    key = read.key
    told = {"kid": key.kid}
    if key.activated_at is None or read.signed_at < key.activated_at.replace(microsecond=0):
        return Check("issuer", False, "signed-before-use", told)
    if key.compromised_at:
        # Whoever has the key can date back: only the issuer's own ledger can speak for a token.
        if answer.recorded_at is None or answer.recorded_at >= key.compromised_at:
            return Check("issuer", False, "key-compromised", told)
        return Check("issuer", True, "recorded-before-compromise", told)
    if key.retired_at and read.signed_at > key.retired_at:
        return Check("issuer", False, "signed-after-retirement", told)
    return Check("issuer", True, "trusted-key", told)


def _status(answer: Answer) -> Check:
    if answer.missing:
        return Check("status", False, "not-in-ledger")
    if answer.status is None:
        return Check("status", None, answer.code or "status-unknown", _at(answer.at))
    codes = {Status.VALID: "status-valid", **{s: f"status-{w}" for s, w in _BY_STATUS.items()}}
    code = codes[answer.status]
    if answer.status is Status.SUSPENDED and answer.code == CORRECTING:
        return Check("status", False, CORRECTING, {**_at(answer.at), **_since(answer.note)})
    if answer.status is Status.REPLACED and answer.note.get("because") == "name":
        code = "status-renamed"
    if answer.status is Status.REPLACED and answer.note.get("because") == "key":
        code = "status-signed-again"
    return Check("status", answer.status is Status.VALID, code, _at(answer.at))


def _since(note: Mapping[str, str]) -> dict[str, str]:
    at = datetime.fromisoformat(note["changedAt"])
    return {"date": at.astimezone(CHINA).date().isoformat()}


CORRECTING = "status-correcting"
"""Of one that is suspended because a correction waits for its answer; its note says since when."""
UNREACHABLE = "status-unreachable"
AWAY = Answer(None, None, code=UNREACHABLE)
"""The issuer's ledger can't be asked now."""


def away(now: datetime) -> Verdict:
    """Of an id alone, while the ledger can't be asked: nothing is known of it."""
    checks = (_status(AWAY) if id == "status" else Check(id, None, "not-asked") for id in CHECKS)
    return Verdict(State.STATUS_UNKNOWN, tuple(checks), now, None, AWAY)


def _at(at: datetime | None) -> dict[str, str]:
    return {"at": at.astimezone(UTC).isoformat()} if at else {}


def _dates(read: Read, now: datetime) -> Check:
    if read.expires_at and now >= read.expires_at:
        return Check("dates", False, "expired", _at(read.expires_at))
    if read.signed_at > now + LEEWAY:
        return Check("dates", False, "not-yet-valid", _at(read.signed_at))
    if in_notice(read.notice_until, now):
        return Check("dates", True, "in-notice", {"date": read.notice_until})
    return Check("dates", True, "within-dates")


def erased(answer: Answer, now: datetime) -> Verdict:
    """The holder asked the issuer to forget: the content is gone, the status stays."""
    known = _status(answer)
    checks = (known if id == known.id else Check(id, None, "erased") for id in CHECKS)
    return Verdict(State.ERASED, tuple(checks), now, None, answer)
