"""The table as it stands, its history, and since when it is frozen. No writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import contest_row, json_text
from contests.schemes.differences import differences
from contests.schemes.document import Document, Judged, from_text, judged, of_scheme, to_text
from contests.schemes.tables import SchemeAside, SchemeVersion
from contests.schemes.versions import (
    Draft,
    Part,
    Version,
    draft_in,
    history,
    labels_of,
    version_row,
)
from contests.tables import Contest, LogEntry
from core.contest_type import ContestType
from core.errors import NotFound
from core.registry import registry
from core.scoring.codec import from_json
from core.scoring.model import Finding, Rules, Scheme
from core.tables import AuditEntry


@dataclass(frozen=True, slots=True)
class Frozen:
    """Since when nothing changes any more; fingerprint: SHA-256 of scheme and rules together."""

    at: datetime
    by: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Aside:
    """Somebody's changes that wait to be put together with another's."""

    id: UUID
    account: UUID | None
    at: datetime
    base: int
    document: Document


async def draft_of(contest: UUID) -> Draft[Document]:
    """Raises NotFound."""
    return await draft_in(SCHEME, await contest_row(contest))


def _of_contest(row: Mapping[str, Any]) -> Document:
    return of_scheme(scheme_in(row)) if row["scheme"] else Document()


def scheme_in(row: Mapping[str, Any]) -> Scheme:
    """The contest's own scheme: the last one that was right."""
    return from_json(Scheme, json.loads(row["scheme"]))


def rules_in(row: Mapping[str, Any]) -> Rules:
    return from_json(Rules, json.loads(row["rules"] or "{}"))


def type_in(row: Mapping[str, Any]) -> ContestType:
    """Raises ContestTypeMissing."""
    return registry().contest_type(row["type_code"], row["type_version"])


def judged_in(row: Mapping[str, Any], document: Document) -> Judged:
    return judged(document, type_in(row).calculators())


def _judged_as_part(row: Mapping[str, Any], document: Document) -> tuple[int, str]:
    """A table that is not right leaves the contest's scheme as it is."""
    verdict = judged_in(row, document)
    if verdict.open_places or verdict.scheme is None:
        return verdict.open_places, str(row["scheme"])
    return 0, json_text(verdict.scheme)


SCHEME: Part[Document] = Part(
    "scheme",
    "scheme_table",
    SchemeVersion,
    _of_contest,
    to_text,
    from_text,
    differences,
    _judged_as_part,
)


async def unfinished(contest: UUID) -> list[Finding]:
    """What keeps a contest from being made ready while its table is not right: the contest's scheme is an
    older one then than what its organiser sees."""
    row = await contest_row(contest)
    draft = await draft_in(SCHEME, row)
    if not draft.stored:
        return []
    places = judged_in(row, draft.document).open_places
    if not places:
        return []
    return [Finding("/scheme", "scheme-unfinished", {"count": str(places)})]


async def document_at(contest: UUID, number: int) -> Document:
    """Raises NotFound."""
    return from_text((await version_row(SCHEME, contest, number))["document"])


async def made_on(contest: UUID, draft: Draft[Document], base: str) -> tuple[Document, int]:
    """The table that the change was made on; the present one when that is not there any more."""
    if draft.tag == base:
        return draft.document, draft.number
    number = base.partition("-")[0]
    try:
        document = await document_at(contest, int(number) if number.isdecimal() else 0)
    except NotFound:
        return draft.document, draft.number
    known = SCHEME.tag(int(number), document) == base
    return (document, int(number)) if known else (draft.document, draft.number)


async def history_of(contest: UUID, *, before: int = 0) -> list[Version]:
    """The newest first."""
    return await history(SCHEME, contest, before=before)


async def frozen_of(contest: UUID) -> Frozen | None:
    row = await contest_row(contest)
    entry = (
        await LogEntry.select(LogEntry.at)
        .where(LogEntry.contest == contest, LogEntry.kind == "rules_frozen")
        .first()
    )
    if entry is None:
        return None
    started = (
        await AuditEntry.select(AuditEntry.account)
        .where(AuditEntry.scope_id == str(contest), AuditEntry.action == "start_judging")
        .order_by(AuditEntry.at, ascending=False)
        .first()
    )
    labels = await labels_of([started["account"]] if started else [])
    by = labels.get(started["account"], "") if started else ""
    return Frozen(entry["at"], by, row["rules_hash"])


async def aside_of(contest: UUID, aside: UUID) -> Aside:
    """Raises NotFound, also for one that is settled."""
    row = (
        await SchemeAside.select()
        .where(
            SchemeAside.contest == contest,
            SchemeAside.id == aside,
            SchemeAside.settled_at.is_null(),
        )
        .first()
    )
    if row is None:
        raise NotFound(kind="change", id=aside)
    return _aside(row)


async def asides_of(contest: UUID, account: UUID | None) -> Sequence[Aside]:
    """One person's changes that still wait."""
    if account is None:
        return []
    rows = (
        await SchemeAside.select()
        .where(
            SchemeAside.contest == contest,
            SchemeAside.account == account,
            SchemeAside.settled_at.is_null(),
        )
        .order_by(SchemeAside.at)
    )
    return [_aside(row) for row in rows]


def _aside(row: Mapping[str, Any]) -> Aside:
    return Aside(row["id"], row["account"], row["at"], row["base"], from_text(row["document"]))


async def contest_of(contest: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    row = await Contest.select().where(Contest.id == contest).first()
    if row is None:
        raise NotFound(kind="contest", id=contest)
    return row
