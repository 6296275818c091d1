"""Compares what an employer typed with the record. Nothing of it is kept or logged but the count."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.privacy import owners_of
from core.registry import registry
from core.same_person import records_of
from core.tables import PersonDocument
from core.web.limits import Buckets
from credentials.comparing.matching import same_grade, same_name, same_number, titles_of
from credentials.comparing.tries import take
from credentials.pages.typed import ALWAYS, DOCUMENT, Typed
from credentials.verify import Verdict

LONGEST = 200
NOTES = {
    "nothing": "Type in at least one thing that stands on the paper.",
    "fast": "Too many comparisons from your address. Wait a minute, then press the button again.",
    "paper": "This certificate was compared very often today. Try again tomorrow, or ask the issuer.",
    "document": "The five tries of today for the identity document are used up. Try again tomorrow.",
}
_addresses = Buckets(per_minute=10)


async def compare(
    row: Mapping[str, Any], verdict: Verdict, typed: Mapping[str, str], *, address: str
) -> Typed:
    """Match or no match for each field that was filled in. `row`: as `for_page` read it."""
    fields = (*ALWAYS, DOCUMENT) if row["comparable"] else ALWAYS
    values = {name: text for name in fields if (text := typed.get(name, "").strip()[:LONGEST])}
    if not values:
        return Typed({}, note=NOTES["nothing"])
    if _addresses.take(address, now=time.monotonic()):
        return Typed(values, note=NOTES["fast"])
    document, answers, note = values.pop(DOCUMENT, ""), dict[str, bool](), ""
    if values and await take(row["id"], "paper", verdict.checked_at):
        answers = {name: _same(name, text, row, verdict) for name, text in values.items()}
    elif values:
        note = NOTES["paper"]
    if document and await take(row["id"], DOCUMENT, verdict.checked_at):
        answers[DOCUMENT] = await _holds(row["person"], document)
    elif document:
        note = NOTES[DOCUMENT]
    return Typed(values, answers, note)


def _same(name: str, text: str, row: Mapping[str, Any], verdict: Verdict) -> bool:
    document, read = verdict.credential or {}, verdict.read
    subject = document.get("credentialSubject", {})
    if name == "name":
        return same_name(text, read.name if read else "")
    if name == "number":
        number = str(subject.get("licenseNumber", ""))
        return same_number(text, public_id=row["public_id"], number=number)
    titles = titles_of(json.loads(row["title"]), str(document.get("name", "")))
    return same_grade(text, titles, row["grade"])


async def _holds(person: UUID, number: str) -> bool:
    """Whether this is the whole number of a document of the holder's, of whichever kind."""
    records = list(await records_of(person))
    kinds = await PersonDocument.select(PersonDocument.kind).where(
        PersonDocument.person.is_in(records)
    )
    asked = [(row["kind"], _normalised(row["kind"], number)) for row in kinds]
    return records[0] in (await owners_of(asked)).values()


def _normalised(kind: str, number: str) -> str:
    """As the rules that brought this kind of document spell it."""
    for rules in registry().partners():
        if any(known.code == kind for known in rules.documents()):
            return rules.normalise_document(kind, number)
    return "".join(character for character in number.upper() if character.isalnum())
