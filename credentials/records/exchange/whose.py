"""Whose record a line is: known by an identity document, a certificate of ours or what a body's files call
the person, and by name as well; or somebody who is not on record yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core.partner import DocumentKind, PartnerRules
from core.privacy import create_person, keyed_hash, names_of, owners_of
from core.registry import registry
from core.scoring.model import Finding
from credentials.claims import printed
from credentials.identifiers import understood
from credentials.records.exchange.fields import folded, heading
from credentials.records.exchange.reading import Line
from credentials.records.exchange.tables import PersonReference
from credentials.tables import Certificate

_CHUNK = 2000
Document = tuple[str, str]
"""Kind and normalised number."""


@dataclass(frozen=True, slots=True)
class Whose:
    """person: on record, or None for somebody new, whom `documents` and `reference` will name. key: the same
    for the same person within a list."""

    person: UUID | None = None
    documents: Sequence[Document] = ()
    reference: UUID | None = None
    wrong: Sequence[Finding] = field(default_factory=tuple)

    @property
    def key(self) -> str:
        if self.person:
            return str(self.person)
        return "|".join(self.documents[0]) if self.documents else str(self.reference)


async def whose(lines: Sequence[Line]) -> list[Whose]:
    """One for each line, in order; for lines that are about persons."""
    documents = [_documents(line) for line in lines]
    owners = await owners_of({one for found, _ in documents for one in found})
    certificates = await _certificates({line.values["certificate"] for line in lines} - {""})
    references = await _references({_uuid(line.values["person"]) for line in lines})
    known = {*owners.values(), *certificates.values(), *references.values()}
    names = await names_of(known)
    return [
        _one(line, found, owners, certificates, references, names)
        for line, found in zip(lines, documents, strict=True)
    ]


async def person_for(keeper: str, name: str, of: Whose, *, made_by: UUID) -> UUID:
    """Inside the caller's transaction: the person on record, or a new one. What files call somebody stays
    the same from then on."""
    person = of.person
    if person is None and of.documents:
        person = (await owners_of(of.documents)).get(of.documents[0])
    if person is None and of.reference:
        person = (await _references({of.reference})).get(of.reference)
    made = person is None
    if person is None:
        person = await create_person(name=name, documents=of.documents)
    if made or of.reference:
        await _refer(keeper, person, of.reference, made_by if made else None)
    return person


async def references_of(keeper: str, persons: Sequence[UUID]) -> dict[UUID, UUID]:
    """Person -> what files of this body call the person; made where there is none. Inside the caller's
    transaction."""
    found = await _known_references(keeper, persons)
    for person in sorted(set(persons) - set(found), key=str):
        await _refer(keeper, person, None, None)
    return found | await _known_references(keeper, sorted(set(persons) - set(found), key=str))


async def _known_references(keeper: str, persons: Sequence[UUID]) -> dict[UUID, UUID]:
    rows = [
        row
        for start in range(0, len(persons), _CHUNK)
        for row in await PersonReference.select()
        .where(
            PersonReference.keeper == keeper,
            PersonReference.person.is_in(list(persons[start : start + _CHUNK])),
        )
        .order_by(PersonReference.id, ascending=False)
    ]
    found: dict[UUID, UUID] = {}
    for row in rows:  # what we drew ourselves stays, whatever another installation calls the person
        own = _drawn(keeper, row["person"])
        found[row["person"]] = own if found.get(row["person"]) == own else row["id"]
    return found


async def _refer(keeper: str, person: UUID, reference: UUID | None, made_by: UUID | None) -> None:
    row = PersonReference(
        id=reference or _drawn(keeper, person), person=person, keeper=keeper, made_by=made_by
    )
    await PersonReference.insert(row).on_conflict(action="DO NOTHING")


def _drawn(keeper: str, person: UUID) -> UUID:
    """By this installation's secret: nobody else can work out whose it is, or join two bodies' files."""
    return UUID(keyed_hash("person in files", keeper, str(person))[:32])


def _one(
    line: Line,
    documents: tuple[Sequence[Document], Sequence[Finding]],
    owners: Mapping[Document, UUID],
    certificates: Mapping[str, UUID],
    references: Mapping[UUID | None, UUID],
    names: Mapping[UUID, str],
) -> Whose:
    told, (found, wrong) = line.values, documents
    reference = _uuid(told["person"])
    known = {owners[one] for one in found if one in owners}
    if told["certificate"]:
        holder = certificates.get(told["certificate"])
        if holder is None:
            return Whose(wrong=[*wrong, Finding("/certificate", "credentials.who-differs", {})])
        known.add(holder)
    if reference in references:
        known.add(references[reference])
    if wrong:
        return Whose(wrong=wrong)
    if len(known) > 1:
        return Whose(wrong=[Finding("/document", "credentials.taken-persons", {})])
    if known:
        person = known.pop()
        if names.get(person) != told["name"]:
            return Whose(wrong=[Finding("/name", "credentials.who-differs", {})])
        return Whose(person, found, reference)
    if not found and reference is None:
        return Whose(wrong=[Finding("/document", "credentials.taken-who-missing", {})])
    return Whose(None, found, reference)


def _documents(line: Line) -> tuple[Sequence[Document], Sequence[Finding]]:
    """The kind that the line names or, where it names none, the only one that the number fits."""
    number, kind = line.values["document"], line.values["document_kind"]
    if not number:
        return (), ()
    known = [(rules, one) for rules in registry().partners() for one in rules.documents()]
    if kind:
        words = [(rules, one) for rules, one in known if folded(kind) in _words(one)]
        if not words:
            return (), [Finding("/document_kind", "credentials.document-kind", {})]
        rules, one = words[0]
        wrong = _broken(rules, one.code, number)
        at = [Finding("/document", each.code, each.params) for each in wrong]
        return (
            ([(one.code, rules.normalise_document(one.code, number))], at) if not at else ((), at)
        )
    fitting = {
        one.code: (rules, one)
        for rules, one in known
        if one.certain and not _broken(rules, one.code, number)
    }
    if not fitting:
        return (), [Finding("/document", "credentials.taken-document", {})]
    if len(fitting) > 1:
        params = {
            "column": heading("document_kind", "zh-Hans"),
            "known": ", ".join(printed(one.title) for _, one in fitting.values()),
        }
        return (), [Finding("/document", "credentials.taken-kinds", params)]
    code, (rules, _) = next(iter(fitting.items()))
    return [(code, rules.normalise_document(code, number))], ()


def _words(kind: DocumentKind) -> set[str]:
    return {folded(kind.code), *(folded(words) for words in kind.title.values())}


def _broken(rules: PartnerRules, kind: str, number: str) -> list[Finding]:
    found = rules.check_document(kind, number)
    return [one for one in found if not one.code.endswith("-warning")]


async def _certificates(numbers: set[str]) -> dict[str, UUID]:
    ids = {understood(number): number for number in numbers}
    if not ids:
        return {}
    rows = await Certificate.select(Certificate.public_id, Certificate.person).where(
        Certificate.public_id.is_in(list(ids)), Certificate.erased_at.is_null()
    )
    return {ids[row["public_id"]]: row["person"] for row in rows if row["person"]}


async def _references(wanted: set[UUID | None]) -> dict[UUID | None, UUID]:
    ids = [one for one in wanted if one]
    if not ids:
        return {}
    rows = await PersonReference.select().where(PersonReference.id.is_in(ids))
    return {row["id"]: row["person"] for row in rows}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
