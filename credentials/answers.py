"""Verdicts and rows as JSON shapes, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credentials import keyring
from credentials.encoding import to_instant
from credentials.pages import past
from credentials.pages.display import masked
from credentials.pages.view import detail_of
from credentials.queries import title_of
from credentials.schemas import CertificateOut, CheckOut, KeyOut, StatusOut, VerdictOut
from credentials.verify import Verdict

CLAIMS = ("iss", "jti", "sub", "nbf", "exp")


def verdict_out(verdict: Verdict, language: str, *, named: bool) -> VerdictOut:
    """`named`: the bearer presented the name, so it may be shown; by the id alone it is masked."""
    read, answer = verdict.read, verdict.answer
    return VerdictOut(
        verdict=verdict.state.value,
        checks=[CheckOut(c.id, c.ok, detail_of(c, language), c.code) for c in verdict.checks],
        credential=_credential(verdict, named=named),
        status=_status(verdict, language),
        checked_at=to_instant(verdict.checked_at),
        list_age=_age(verdict) if answer and answer.at else None,
        id=read.public_id if read else "",
        issuer=read.issuer_id if read else "",
        demonstration=bool(read and read.key.demonstration),
        elsewhere=verdict.elsewhere,
    )


def _status(verdict: Verdict, language: str) -> StatusOut:
    answer = verdict.answer
    if answer is None or answer.status is None:
        return StatusOut("unknown")
    note = answer.note if answer.status else {}
    reason = note.get("reason", "")
    return StatusOut(
        answer.status.name.lower(),
        past.reason_in(reason, language),
        note.get("authority", ""),
        note.get("changedAt", ""),
        reason if reason in past.REASONS else "",
    )


def _age(verdict: Verdict) -> int:
    at = verdict.answer.at if verdict.answer else None
    return max(0, int((verdict.checked_at - at).total_seconds())) if at else 0


def _credential(verdict: Verdict, *, named: bool) -> dict[str, Any] | None:
    if verdict.credential is None:
        return None
    shown = {name: value for name, value in verdict.credential.items() if name not in CLAIMS}
    return shown if named else _masked(shown)


def _masked(document: dict[str, Any]) -> dict[str, Any]:
    subject = dict(document["credentialSubject"])
    subject["identifier"] = [
        {**identity, "identityHash": masked(str(identity.get("identityHash", "")))}
        for identity in subject.get("identifier", [])
    ]
    return {**document, "credentialSubject": subject}


def certificate_out(row: Mapping[str, Any]) -> CertificateOut:
    return CertificateOut(
        id=row["public_id"],
        kind=row["kind"],
        issuer=row["issuer"],
        contest=row["contest"],
        entry=row["entry"],
        grade=row["grade"],
        title=title_of(row),
        awarded_on=row["awarded_on"],
        notice_until=row["notice_until"],
        state=row["state"],
        version=row["version"],
        issued_at=to_instant(row["issued_at"]),
        url=keyring.addresses().certificate(row["public_id"]),
    )


def key_out(row: Mapping[str, Any]) -> KeyOut:
    def at(name: str) -> str | None:
        return to_instant(row[name]) if row[name] else None

    return KeyOut(
        kid=row["kid"],
        purpose=row["purpose"],
        state=row["state"],
        published_at=to_instant(row["published_at"]),
        activated_at=at("activated_at"),
        retired_at=at("retired_at"),
        compromised_at=at("compromised_at"),
    )
