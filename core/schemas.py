"""What the kernel's API takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta


class LogIn(msgspec.Struct):
    login: Annotated[str, Meta(examples=["zhang.wei"])]
    password: Annotated[str, Meta(examples=["correct horse battery"])]
    code: Annotated[str, Meta(examples=["492039"])] = ""


class BearerToken(msgspec.Struct):
    """Send it as `Authorization: Bearer …`. It ends after twelve hours or when you log out."""

    token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name


class GrantView(msgspec.Struct):
    role: str
    scope: str
    scope_id: str


class Me(msgspec.Struct):
    account: UUID | None
    label: str
    grants: list[GrantView]


class NewAccount(msgspec.Struct, forbid_unknown_fields=True):
    """Without a password the account logs in by one-time links."""

    login: Annotated[str, Meta(examples=["judge-4"])]
    label: Annotated[str, Meta(examples=["Judge 4, pastry"])] = ""
    password: Annotated[str | None, Meta(examples=["correct horse battery"])] = None
    language: Annotated[str, Meta(examples=["zh-Hant"])] = ""


class CreatedAccount(msgspec.Struct):
    account: UUID


class AccountView(msgspec.Struct):
    account: UUID
    login: str
    label: str
    disabled: bool
    grants: list[GrantView]


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    password: Annotated[str, Meta(examples=["a longer new password"])]
    old: Annotated[str, Meta(examples=["correct horse battery"])] = ""


class NewGrant(msgspec.Struct, forbid_unknown_fields=True):
    """scope: "installation", "organisation", "competition", "contest" or "issuer"."""

    role: Annotated[
        str,
        Meta(
            description="administrator, organiser, chief_referee, group_leader, judge, "
            "encryption_officer, supervisor, arbitration, clerk or employer.",
            examples=["judge"],
        ),
    ]
    scope: Annotated[
        str,
        Meta(
            description="installation, organisation, competition, contest or issuer.",
            examples=["contest"],
        ),
    ]
    scope_id: Annotated[
        str,
        Meta(
            description="The id of the organisation, competition or contest, or the issuer's code; "
            "empty for the installation.",
            examples=["6f1c2f3e-6a0b-4b52-9a52-0c9a9a3b7a11"],
        ),
    ] = ""


Title = Annotated[
    dict[str, str],
    Meta(
        description="One name in several languages.",
        examples=[{"zh-Hans": "示例市总工会", "en": "Example City Federation of Trade Unions"}],
    ),
]
OrganisationCode = Annotated[
    str,
    Meta(
        description="Lower-case letters, digits and hyphens. Part of an issuer's signed address, "
        "so it never changes.",
        examples=["gba-unions"],
    ),
]
OrganisationKind = Annotated[
    str,
    Meta(
        description='"organiser", "assessment_body", "authority" or "employer".',
        examples=["organiser"],
    ),
]


class NewOrganisation(msgspec.Struct, forbid_unknown_fields=True):
    """demonstration: shown as fictional everywhere."""

    code: OrganisationCode
    title: Title
    kind: OrganisationKind
    filing: Annotated[
        dict[str, Any] | None,
        Meta(
            description="Of an assessment body: its filing. `number` and `authority`; `occupations`, "
            "their codes; `levels`, 5 to 1 or rank-1, rank-7, rank-8; `valid_from` and "
            "`valid_until`; `province`, the two digits in its certificate numbers, if known.",
            examples=[
                {
                    "number": "Y000144000001",
                    "authority": "Guangdong",
                    "occupations": ["4-08-03-07"],
                    "levels": ["4", "3"],
                    "valid_from": "2026-01-01",
                    "valid_until": "2028-12-31",
                    "province": "44",
                }
            ],
        ),
    ] = None
    contact: str = ""
    demonstration: bool = False


class CreatedOrganisation(msgspec.Struct):
    """organisation: what competitions and roles within it name it by."""

    organisation: UUID


class OrganisationView(msgspec.Struct):
    id: UUID
    code: OrganisationCode
    title: Title
    kind: OrganisationKind
    demonstration: bool


class NewLink(msgspec.Struct, forbid_unknown_fields=True):
    """target: where it leads, a path of this installation."""

    target: Annotated[str, Meta(examples=["/judging/"])] = "/"
    hours: Annotated[int, Meta(ge=1, le=336, examples=[24])] = 12


class Link(msgspec.Struct):
    address: str


class AuditView(msgspec.Struct):
    """Who did what. before, after: JSON, or empty."""

    id: UUID
    at: datetime
    account: UUID | None
    action: str
    scope: str
    scope_id: str
    subject: str
    before: str
    after: str
