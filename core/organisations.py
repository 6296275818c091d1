"""Organisations: organisers, assessment bodies, authorities, employers. One installation serves many."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.filing import filing_findings
from core.filing import messages as messages
from core.scoring.codec import canonical
from core.scoring.model import Finding, Text
from core.security import Actor, Scope, check
from core.tables import Organisation
from core.web.i18n import LANGUAGES

KINDS = ("organiser", "assessment_body", "authority", "employer")
LONGEST_TITLE, LONGEST_TELEPHONE, LONGEST_HOURS = 120, 60, 200
_TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ()+/.,;#*-]*")
CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")


async def create_organisation(
    by: Actor,
    *,
    code: str,
    title: Text,
    kind: str,
    filing: Mapping[str, Any] | None = None,
    contact: str = "",
    demonstration: bool = False,
) -> UUID:
    """code: part of the signed address of an issuer, so it never changes. filing: of an assessment
    body, what it is filed for. demonstration: shown as fictional everywhere.

    Raises Invalid with all findings.
    """
    check(by, "organisation.manage")
    async with transaction():
        return await create_organisation_row(
            by,
            code=code,
            title=title,
            kind=kind,
            filing=filing,
            contact=contact,
            demonstration=demonstration,
        )


async def create_organisation_row(
    by: Actor,
    *,
    code: str,
    title: Text,
    kind: str,
    filing: Mapping[str, Any] | None = None,
    contact: str = "",
    demonstration: bool = False,
) -> UUID:
    """Inside the caller's transaction, who has checked that `by` may."""
    wrong, organisation = findings(code, title, kind) + _filing_findings(kind, filing), uuid4()
    if await Organisation.exists().where(Organisation.code == code):
        wrong.append(Finding("/code", "organisation-code-taken", {"code": code}))
    if wrong:
        raise Invalid(wrong)
    await Organisation.insert(
        Organisation(
            id=organisation,
            code=code,
            title=canonical(dict(title)).decode(),
            kind=kind,
            filing=canonical(dict(filing)).decode() if filing else "",
            contact=contact,
            demonstration=demonstration,
            created_at=datetime.now(UTC),
        )
    )
    await audit.record(by, "organisation.created", subject=code, after={"kind": kind})
    return organisation


async def change_organisation(
    by: Actor, organisation: UUID, *, title: Text, telephone: str = "", hours: Text | None = None
) -> None:
    """Its name in the languages it has, and where questions are answered, as everybody sees it.
    What was signed keeps the name that it was signed with. Raises Invalid with all findings."""
    scope = Scope("organisation", str(organisation))
    check(by, "organisation.describe", scope)
    telephone, new_title, new_hours = telephone.strip(), _filled(title), _filled(hours or {})
    if wrong := _described(new_title, telephone, new_hours):
        raise Invalid(wrong)
    async with transaction():
        row = await Organisation.select().where(Organisation.id == organisation).first()
        if row is None:
            raise NotFound(kind="organisation", id=organisation)
        after = {"title": new_title, "telephone": telephone, "hours": new_hours}
        before = description_of(row)
        if before == after:
            return
        await Organisation.update(
            {
                Organisation.title: canonical(new_title).decode(),
                Organisation.telephone: telephone,
                Organisation.hours: canonical(new_hours).decode() if new_hours else "",
            }
        ).where(Organisation.id == organisation)
        await audit.record(
            by,
            "organisation.changed",
            scope=scope,
            subject=row["code"],
            before=before,
            after=after,
        )


async def change_filing(by: Actor, organisation: UUID, filing: Mapping[str, Any]) -> None:
    """What an assessment body is filed for, from its authority's notice; {} takes it away. Not the
    body's own to change. Raises Invalid with all findings."""
    check(by, "organisation.manage")
    async with transaction():
        row = await Organisation.select().where(Organisation.id == organisation).first()
        if row is None:
            raise NotFound(kind="organisation", id=organisation)
        kept = {name: value for name, value in filing.items() if value}
        if wrong := _filing_findings(row["kind"], kept, at=""):
            raise Invalid(wrong)
        before, after = json.loads(row["filing"] or "{}"), kept
        if before == after:
            return
        text = canonical(after).decode() if after else ""
        await Organisation.update({Organisation.filing: text}).where(
            Organisation.id == organisation
        )
        scope = Scope("organisation", str(organisation))
        await audit.record(
            by, "organisation.filed", scope=scope, subject=row["code"], before=before, after=after
        )


def _filing_findings(
    kind: str, filing: Mapping[str, Any] | None, at: str = "/filing"
) -> list[Finding]:
    if not filing:
        return []
    if kind != "assessment_body":
        return [Finding(at, "filing-kind", {})]
    return filing_findings(filing, at)


def description_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """title and hours as Texts, telephone as it is dialled; empty where nobody wrote any."""
    return {
        "title": json.loads(row["title"]),
        "telephone": row["telephone"],
        "hours": json.loads(row["hours"]) if row["hours"] else {},
    }


def _filled(text: Text) -> dict[str, str]:
    return {language: kept for language, words in text.items() if (kept := words.strip())}


def _described(title: Text, telephone: str, hours: Text) -> list[Finding]:
    found = [] if title else [Finding("/title", "organisation-title", {})]
    for name, text, most in (("title", title, LONGEST_TITLE), ("hours", hours, LONGEST_HOURS)):
        for language, words in text.items():
            at = f"/{name}/{language}"
            if language not in LANGUAGES:
                params = {"known": ", ".join(LANGUAGES)}
                found.append(Finding(at, "language-unknown", params))
            elif len(words) > most or not words.isprintable():
                found.append(Finding(at, "organisation-text", {"most": str(most)}))
    if telephone and (len(telephone) > LONGEST_TELEPHONE or not _TELEPHONE.fullmatch(telephone)):
        found.append(Finding("/telephone", "organisation-telephone", {}))
    return found


def findings(code: str, title: Text, kind: str) -> list[Finding]:
    found = []
    if not CODE.fullmatch(code):
        found.append(Finding("/code", "organisation-code", {"code": code[:80]}))
    if not any(title.values()):
        found.append(Finding("/title", "organisation-title", {}))
    if kind not in KINDS:
        params = {"kind": kind[:40], "known": ", ".join(KINDS)}
        found.append(Finding("/kind", "organisation-kind", params))
    return found
