"""Which identity documents stand on an issuer's paper: a rule for each kind, none unless it says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid5

from core import audit, disclosure
from core.db import transaction
from core.errors import Invalid
from core.partner import DocumentKind
from core.privacy import documents_of
from core.registry import registry
from core.scoring.model import Finding, Text
from core.security import Actor, check
from credentials.files.tables import PrintedDocument
from credentials.identifiers import NAMESPACE
from credentials.scopes import issuer_scopes

SHOWN: Mapping[str, str] = {
    "none": "Not printed",
    "kind": "The kind alone",
    "ending": "The kind and the last four characters",
    "whole": "The kind and the whole number",
}


def kinds() -> list[DocumentKind]:
    """Those that an issuer may have printed, each once."""
    found = {kind.code: kind for rules in registry().partners() for kind in rules.documents()}
    return [kind for code, kind in found.items() if code not in never()]


def never() -> frozenset[str]:
    return disclosure.never()


async def rules_of(issuer: str) -> dict[str, str]:
    """What is shown, by kind; a kind that is not here is not printed."""
    rows = await PrintedDocument.select().where(PrintedDocument.issuer == issuer)
    return {row["kind"]: row["shown"] for row in rows if row["kind"] not in never()}


async def keep_rules(by: Actor, issuer: str, wanted: Mapping[str, str]) -> None:
    """For everything printed from now on. Raises Invalid with all findings."""
    scopes = await issuer_scopes(issuer)
    check(by, "certificate.issue", *scopes)
    if found := findings(wanted):
        raise Invalid(found)
    async with transaction():
        before = await rules_of(issuer)
        await PrintedDocument.delete().where(PrintedDocument.issuer == issuer)
        rows = [_row(by, issuer, kind, shown) for kind, shown in wanted.items() if shown != "none"]
        if rows:
            await PrintedDocument.insert(*rows)
        after = {kind: shown for kind, shown in wanted.items() if shown != "none"}
        await audit.record(
            by,
            "certificates.documents",
            scope=scopes[0],
            before=before,
            after=after,
            subject=issuer,
        )


def findings(wanted: Mapping[str, str]) -> list[Finding]:
    known, found = {kind.code for kind in kinds()}, []
    for kind, shown in wanted.items():
        if kind in never() and shown != "none":
            found.append(Finding(f"/{kind}", "credentials.document-never", {}))
        elif shown not in SHOWN or (kind not in known and kind not in never()):
            params = {"given": f"{kind} {shown}"[:40], "known": ", ".join(SHOWN)}
            found.append(Finding(f"/{kind}", "credentials.document-rule", params))
    return found


async def printed_for(person: UUID | None, rules: Mapping[str, str]) -> tuple[Text, str]:
    """Kind and number as the rules have them printed, of the first document that has a rule."""
    if person is None or not rules:
        return {}, ""
    return chosen(await documents_of(person), rules)


def chosen(held: Iterable[tuple[str, str]], rules: Mapping[str, str]) -> tuple[Text, str]:
    titles = {kind.code: kind.title for kind in kinds()}
    for kind, number in held:
        shown = rules.get(kind, "none")
        if shown == "none" or kind in never() or kind not in titles:
            continue
        if disclosure.hong_kong(number):
            continue  # entered under another kind by mistake: it stays off the paper all the same
        return titles[kind], _part(number, shown)
    return {}, ""


def _part(number: str, shown: str) -> str:
    if shown == "whole":
        return number
    ending = disclosure.ENDING
    if shown == "ending" and len(number) > 2 * ending:
        return "*" * (len(number) - ending) + number[-ending:]
    return ""


def _row(by: Actor, issuer: str, kind: str, shown: str) -> PrintedDocument:
    return PrintedDocument(
        id=uuid5(NAMESPACE, f"printed document|{issuer}|{kind}"),
        issuer=issuer,
        kind=kind,
        shown=shown,
        changed_at=datetime.now(UTC),
        changed_by=by.account,
    )
