"""Forms of honours and studios, as they were typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from admin.console.unshown import number_in
from core.registry import registry
from core.scoring.model import Text
from credentials.records.bodies import Body
from credentials.records.honours.entering import Entry, Proof
from credentials.records.people import Who

Typed = Mapping[str, str]


def who_of(data: Typed) -> Who:
    return Who(
        data.get("name", ""),
        data.get("certificate", ""),
        data.get("document_kind", ""),
        number_in(data),
    )


def entry_of(data: Typed) -> Entry:
    return Entry(
        data.get("code", ""),
        data.get("body", ""),
        who_of(data),
        data.get("holder", ""),
        data.get("studio", ""),
        data.get("city", ""),
        data.get("why", ""),
    )


def proof_of(data: Typed) -> Proof:
    return Proof(
        data.get("document", ""),
        data.get("granted_on", ""),
        data.get("link", ""),
        data.get("hash", ""),
    )


def document_kinds() -> Sequence[tuple[str, Text]]:
    """All that partners know, also those that are never printed."""
    found = {kind.code: kind.title for rules in registry().partners() for kind in rules.documents()}
    return list(found.items())


def chosen(bodies: Sequence[Body], data: Typed) -> str:
    """The only one there is, before anything was typed."""
    return data.get("body", "") or (bodies[0].code if len(bodies) == 1 else "")
