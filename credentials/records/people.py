"""Whose honour it is: known by a certificate of ours or by an identity document, and by name as well, so
that nobody reads a name out of a number."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.errors import Invalid
from core.partner import PartnerRules
from core.privacy import create_person, owners_of, person_name
from core.registry import registry
from core.scoring.model import Finding
from credentials.identifiers import understood
from credentials.tables import Certificate


@dataclass(frozen=True, slots=True)
class Who:
    """As it was typed: a certificate's number, or kind and number of a document."""

    name: str
    certificate: str = ""
    document_kind: str = ""
    document: str = ""


def findings_of(who: Who) -> list[Finding]:
    found = []
    if not who.name.strip():
        found.append(Finding("/name", "credentials.name-missing", {}))
    if not who.certificate.strip() and not who.document.strip():
        found.append(Finding("/certificate", "credentials.who-missing", {}))
    elif not who.certificate.strip():
        found += _document_findings(who)
    return found


async def person_of(who: Who, *, new: bool = True) -> UUID:
    """Somebody on record, or, by a document that nobody has, a new person unless `new` is False. Inside
    the caller's transaction. Raises Invalid."""
    if wrong := findings_of(who):
        raise Invalid(wrong)
    name = who.name.strip()
    if who.certificate.strip():
        known = await _holder(who.certificate)
    else:
        rules = _rules(who.document_kind)
        number = rules.normalise_document(who.document_kind, who.document) if rules else ""
        document = (who.document_kind, number)
        known = (await owners_of([document])).get(document)
        if known is None and new:
            return await create_person(name=name, documents=[document])
    if known is None or await person_name(known) != name:
        raise Invalid([Finding("/name", "credentials.who-differs", {})])
    return known


async def _holder(number: str) -> UUID | None:
    row = (
        await Certificate.select(Certificate.person)
        .where(Certificate.public_id == understood(number), Certificate.erased_at.is_null())
        .first()
    )
    return row["person"] if row else None


def _document_findings(who: Who) -> list[Finding]:
    rules = _rules(who.document_kind)
    if rules is None:
        return [Finding("/document_kind", "credentials.document-kind", {})]
    found = rules.check_document(who.document_kind, who.document)
    return [
        Finding("/document", one.code, one.params)
        for one in found
        if not one.code.endswith("-warning")
    ]


def _rules(kind: str) -> PartnerRules | None:
    partners = registry().partners()
    return next((r for r in partners if kind in {one.code for one in r.documents()}), None)
