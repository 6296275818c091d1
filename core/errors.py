"""The errors that a caller can act on.

    JiangxinError                     slug, title, status on the class; parameters, no prose
    ├─ NotFound            404
    ├─ Unauthenticated     401
    ├─ Forbidden           403        NotAppointed · DeviceRevoked
    ├─ Invalid             422        findings: list[Finding(pointer, code, params)]
    ├─ Conflict            409        ContestClosed · WrongState · NotReady(findings) · AlreadyRevoked
    │  └─ Stale            412        the record has moved on: its revision is in the parameters
    ├─ TooLarge            413
    ├─ TooMany             429
    └─ Unavailable         503        ContestTypeMissing(code, version)

Catalogues render the sentence in the reader's language; `str(error)` is English, for the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from core.scoring.model import Finding


class JiangxinError(Exception):
    """`title` is the English msgid of the catalogues, with {placeholders} for the parameters."""

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong."
    status: ClassVar[int] = 500

    def __init__(self, findings: Sequence[Finding] = (), **params: object) -> None:
        self.findings = list(findings)
        self.params = {key: str(value) for key, value in params.items()}
        super().__init__()

    def __str__(self) -> str:
        sentence = self.title.format_map(_Missing(self.params))
        places = "; ".join(f"{f.pointer or '/'}: {f.code} {dict(f.params)}" for f in self.findings)
        return f"{sentence} {places}".strip()


class _Missing(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class NotFound(JiangxinError):
    slug = "not-found"
    title = "There is no {kind} {id}."
    status = 404


class Unauthenticated(JiangxinError):
    slug = "unauthenticated"
    title = "Log in first."
    status = 401


class Forbidden(JiangxinError):
    slug = "forbidden"
    title = "Your account may not do this: {permission}. Ask the organiser for the role."
    status = 403


class TwoPersons(Forbidden):
    slug = "two-persons"
    title = "This step takes two different persons: {permission}. Ask somebody else who may do it."


class NotAppointed(Forbidden):
    slug = "not-appointed"
    title = "You are not appointed for this: {permission}. Ask the chief referee."


class DeviceRevoked(Forbidden):
    slug = "device-revoked"
    title = "This device was revoked on {at}. Enrol it again."


class Invalid(JiangxinError):
    slug = "invalid"
    title = "To correct: {count}. Nothing was saved."
    status = 422

    def __init__(self, findings: Sequence[Finding] = (), **params: object) -> None:
        super().__init__(findings, count=len(findings), **params)


class Conflict(JiangxinError):
    slug = "conflict"
    title = "This can't be done in the present state."
    status = 409


class ContestClosed(Conflict):
    slug = "contest-closed"
    title = "Contest {contest} is {state}; it takes no more marks."


class WrongState(Conflict):
    slug = "wrong-state"
    title = "Contest {contest} is {state}; this step needs {needed}."


class NotReady(Conflict):
    slug = "not-ready"
    title = "Conditions not met yet: {count}. Nothing was changed."

    def __init__(self, findings: Sequence[Finding] = (), **params: object) -> None:
        super().__init__(findings, count=len(findings), **params)


class AlreadyRevoked(Conflict):
    slug = "already-revoked"
    title = "Certificate {id} was withdrawn on {at}; that can't be undone."


class Stale(Conflict):
    slug = "stale"
    title = "{kind} {id} has moved on to revision {revision}. Load it again and repeat your change."
    status = 412


class TooLarge(JiangxinError):
    slug = "too-large"
    title = "This is larger than {limit}."
    status = 413


class TooMany(JiangxinError):
    slug = "too-many"
    title = "Too many requests. Try again in {seconds} seconds."
    status = 429


class Unavailable(JiangxinError):
    slug = "unavailable"
    title = "This part is not available now: {what}."
    status = 503


class ContestTypeMissing(Unavailable):
    slug = "contest-type-missing"
    title = "Contest type {code} version {version} is not installed. Install its plugin and start again."
