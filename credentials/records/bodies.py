"""In whose name somebody may read or act: the organisations that his grants are for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core.scoring.model import Text
from core.security import INSTALLATION, PERMISSIONS, Actor
from core.tables import Organisation

READS, ACTS = "proposal.read", "proposal.grant"


@dataclass(frozen=True, slots=True)
class Body:
    code: str
    title: Text


def organisation_code(authority: str) -> str:
    """A rule's `guangdong_ftu` is the organisation `guangdong-ftu`: addresses have no underscore."""
    return authority.replace("_", "-")


def same_body(code: str, other: str) -> bool:
    return organisation_code(code) == organisation_code(other)


async def codes_for(by: Actor, permission: str) -> frozenset[str] | None:
    """None: all of them, which only a grant on the whole installation brings, and only for reading."""
    if by.may(permission, INSTALLATION) and permission != ACTS:
        return None
    held = [g.scope for g in by.grants if g.role in PERMISSIONS[permission]]
    codes = {scope.id for scope in held if scope.kind == "issuer"}
    ids = [UUID(scope.id) for scope in held if scope.kind == "organisation" and scope.id]
    if ids:
        rows = await Organisation.select(Organisation.code).where(Organisation.id.is_in(ids))
        codes |= {row["code"] for row in rows}
    return frozenset(codes)


async def acting_bodies(by: Actor) -> list[Body]:
    """Those that `by` may act for and that are known here."""
    codes = await codes_for(by, ACTS)
    return await bodies(codes or ()) if codes is not None else await every_body()


async def bodies(codes: Iterable[str]) -> list[Body]:
    wanted = sorted(set(codes))
    if not wanted:
        return []
    rows = await Organisation.select(Organisation.code, Organisation.title).where(
        Organisation.code.is_in(wanted)
    )
    return _sorted(rows)


async def every_body() -> list[Body]:
    """All organisations but employers."""
    rows = await Organisation.select(Organisation.code, Organisation.title).where(
        Organisation.kind != "employer"
    )
    return _sorted(rows)


async def titles_of(codes: Iterable[str]) -> dict[str, Text]:
    return {body.code: body.title for body in await bodies(codes)}


def _sorted(rows: Iterable[Mapping[str, str]]) -> list[Body]:
    found = [Body(row["code"], json.loads(row["title"])) for row in rows]
    return sorted(found, key=lambda body: body.code)
