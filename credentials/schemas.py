"""Shapes of requests and answers. msgspec reads these annotations at run time."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta


class CheckOut(msgspec.Struct):
    """`ok` null: it was not or could not be checked; `detail` says why, in the reader's language."""

    id: str
    ok: bool | None
    detail: str
    code: str


class StatusOut(msgspec.Struct):
    """`value`: valid, revoked, suspended, replaced or unknown. `reason`: in the reader's language where
    the platform itself gave it, and then `reasonCode` names it for programs; else as the issuer typed it."""

    value: str
    reason: str = ""
    authority: str = ""
    changed_at: str = msgspec.field(name="changedAt", default="")
    reason_code: str = msgspec.field(name="reasonCode", default="")


class VerdictOut(msgspec.Struct):
    """`listAge`: seconds since the status was known; 0 when the ledger itself was asked. `elsewhere`: the
    page of a certificate of another installation that is believed here; its status is known there alone."""

    verdict: str
    checks: list[CheckOut]
    credential: dict[str, Any] | None
    status: StatusOut
    checked_at: str = msgspec.field(name="checkedAt")
    list_age: int | None = msgspec.field(name="listAge")
    id: str = ""
    issuer: str = ""
    demonstration: bool = False
    elsewhere: str = ""


class CertificateOut(msgspec.Struct):
    """No name: who holds it stands in the signed token alone."""

    id: str
    kind: str
    issuer: str
    contest: str
    entry: str
    grade: str
    title: dict[str, str]
    awarded_on: str
    notice_until: str
    state: str
    version: int
    issued_at: str
    url: str


class Revocation(msgspec.Struct, forbid_unknown_fields=True):
    """`authority`: code of the organisation that decided; the issuer when empty."""

    reason: str
    authority: str = ""


class Suspension(msgspec.Struct, forbid_unknown_fields=True):
    reason: str


class Grant(msgspec.Struct, forbid_unknown_fields=True):
    """`number`: of a level certificate, one letter Y or S and 21 digits; of a partner's, as its issuer
    writes it. `level`: of a partner's certificate whose issuer has levels of its own, one of their codes."""

    granted_on: str
    number: str = ""
    level: str = ""


class Refusal(msgspec.Struct, forbid_unknown_fields=True):
    reason: str


class HonourIn(msgspec.Struct, forbid_unknown_fields=True):
    """`disclosed`: the authority lets the verify page show it."""

    kind: str
    code: str
    title: dict[str, str]
    authority: str
    granted_on: str
    source: str
    grade: str = ""
    authority_title: dict[str, str] = {}
    disclosed: bool = False


class IssuerIn(msgspec.Struct, forbid_unknown_fields=True):
    organisation: Annotated[
        str,
        Meta(
            description="The code of an organisation on record, not its id.",
            examples=["gba-unions"],
        ),
    ]


class KeyOut(msgspec.Struct):
    kid: str
    purpose: str
    state: str
    published_at: str
    activated_at: str | None = None
    retired_at: str | None = None
    compromised_at: str | None = None


class Rotation(msgspec.Struct, forbid_unknown_fields=True):
    """`purpose`: certificate, status or trust."""

    purpose: str = "certificate"


class Compromise(msgspec.Struct, forbid_unknown_fields=True):
    reason: str
