"""Verbs on the versions of scheme and rules. Every save is a version; a table that is right becomes the
contest's scheme in the same transaction, one that is not is kept beside it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from contests.actions.common import allowed, moment
from contests.schemes.differences import together
from contests.schemes.document import Document, from_text, to_text
from contests.schemes.queries import SCHEME, aside_of
from contests.schemes.rules_versions import RULES
from contests.schemes.saving import editable, next_version, repeat, take_back
from contests.schemes.tables import SchemeAside, SchemeVersion
from contests.schemes.versions import D, Draft, Part, version_row
from core import audit
from core.db import transaction
from core.scoring.model import Rules
from core.security import Actor


async def save_table(
    by: Actor,
    contest: UUID,
    document: Document,
    *,
    base: str,
    kind: str = "edit",
    now: datetime | None = None,
) -> Draft[Document]:
    """The next version. base: the tag of the one that it was made on; raises Stale when another is there
    by now, and nothing is overwritten. Without a difference nothing is written."""
    return await _save(SCHEME, by, contest, document, base=base, kind=kind, now=moment(now))


async def save_rules_on(
    by: Actor,
    contest: UUID,
    rules: Rules,
    *,
    base: str,
    kind: str = "edit",
    now: datetime | None = None,
) -> Draft[Rules]:
    """The same of the rules; raises Invalid, for rules that are wrong are never kept."""
    return await _save(RULES, by, contest, rules, base=base, kind=kind, now=moment(now))


async def _save(
    part: Part[D], by: Actor, contest: UUID, document: D, *, base: str, kind: str, now: datetime
) -> Draft[D]:
    scope = await allowed(by, "contest.configure", contest)
    async with transaction():
        before, row = await editable(part, contest, base)
        saved, changes = await next_version(part, by, row, before, document, kind=kind, now=now)
        if changes:
            action = f"save_{part.noun}"
            await audit.record(by, action, scope=scope, subject=str(saved.number), after=changes)
    return saved


async def undo(
    by: Actor, contest: UUID, *, part: Part[D], base: str, now: datetime | None = None
) -> Draft[D]:
    """Takes the last change back by a further version; the one that was taken back can be repeated."""
    scope = await allowed(by, "contest.configure", contest)
    async with transaction():
        saved, changes = await take_back(part, by, contest, base=base, now=moment(now))
        if changes is not None:
            await audit.record(by, f"undo_{part.noun}", scope=scope, after=changes)
    return saved


async def redo(
    by: Actor, contest: UUID, *, part: Part[D], base: str, now: datetime | None = None
) -> Draft[D]:
    """Repeats what was last taken back."""
    scope = await allowed(by, "contest.configure", contest)
    async with transaction():
        saved, changes = await repeat(part, by, contest, base=base, now=moment(now))
        if changes is not None:
            await audit.record(by, f"redo_{part.noun}", scope=scope, after=changes)
    return saved


async def back_to(
    by: Actor,
    contest: UUID,
    number: int,
    *,
    part: Part[D],
    base: str,
    now: datetime | None = None,
) -> Draft[D]:
    """An old version becomes the newest one. Raises NotFound."""
    old = part.from_text((await version_row(part, contest, number))["document"])
    return await _save(part, by, contest, old, base=base, kind="back", now=moment(now))


async def keep_aside(
    by: Actor, contest: UUID, document: Document, *, base: int, now: datetime | None = None
) -> UUID:
    """Changes that came too late to be the next version are kept until somebody puts them together."""
    await allowed(by, "contest.configure", contest)
    aside = uuid4()
    async with transaction():
        await SchemeAside.insert(
            SchemeAside(
                id=aside,
                contest=contest,
                account=by.account,
                at=moment(now),
                base=base,
                document=to_text(document),
            )
        )
    return aside


async def put_together(
    by: Actor,
    contest: UUID,
    aside: UUID,
    *,
    mine: frozenset[str],
    base: str,
    now: datetime | None = None,
) -> Draft[Document]:
    """Both changes in one version; where both touched a row, the row aside counts for the keys `mine`."""
    scope = await allowed(by, "contest.configure", contest)
    kept = await aside_of(contest, aside)
    async with transaction():
        before, row = await editable(SCHEME, contest, base)
        common = await _document_or(contest, kept.base, before.document)
        merged = together(common, kept.document, before.document, mine)
        saved, changes = await next_version(
            SCHEME, by, row, before, merged, kind="together", now=moment(now)
        )
        await _settle(aside, moment(now))
        await audit.record(by, "put_scheme_tables_together", scope=scope, after=changes)
    return saved


async def drop_aside(by: Actor, contest: UUID, aside: UUID, *, now: datetime | None = None) -> None:
    """The other's table stays as it is."""
    scope = await allowed(by, "contest.configure", contest)
    await aside_of(contest, aside)
    async with transaction():
        await _settle(aside, moment(now))
        await audit.record(by, "drop_scheme_table_aside", scope=scope, subject=str(aside))


async def _document_or(contest: UUID, number: int, otherwise: Document) -> Document:
    row = (
        await SchemeVersion.select(SchemeVersion.document)
        .where(SchemeVersion.contest == contest, SchemeVersion.number == number)
        .first()
    )
    return from_text(row["document"]) if row else otherwise


async def _settle(aside: UUID, now: datetime) -> None:
    await SchemeAside.update({SchemeAside.settled_at: now}).where(SchemeAside.id == aside)
