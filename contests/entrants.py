"""What is wrong with a list of entrants, pure but for the partners' own rules: every finding of
every row at once, each with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.partner import PartnerRules
from core.scoring.model import Finding

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """facts: romanised name, employer, school, contact …; documents: (kind, number) as shown."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[tuple[str, str]] = ()


class Draft(Protocol):
    @property
    def members(self) -> Sequence[MemberDraft]: ...
    @property
    def delegation(self) -> Any: ...


def check_drafts(
    drafts: Sequence[Draft], partners: Sequence[PartnerRules], *, maximum_members: int = 20
) -> list[Finding]:
    """Pointers are into the list: "/3/members/0/documents/0/number"."""
    findings: list[Finding] = [] if drafts else [Finding("", "no-entrants", {})]
    seen: dict[tuple[Any, ...], str] = {}
    for place, draft in enumerate(drafts):
        if not 1 <= len(draft.members) <= maximum_members:
            params = {"count": str(len(draft.members)), "maximum": str(maximum_members)}
            findings.append(Finding(f"/{place}/members", "member-count", params))
        for index, member in enumerate(draft.members):
            pointer = f"/{place}/members/{index}"
            findings += _check_member(member, pointer, partners)
            findings += _twice(member, draft, pointer, partners, seen)
    return findings


def normalised(kind: str, number: str, partners: Sequence[PartnerRules]) -> str:
    """The spelling that is hashed and compared."""
    rules = _authority(kind, partners)
    if rules is not None:
        return rules.normalise_document(kind, number)
    return "".join(character for character in number.upper() if character.isalnum())


def doubled_persons(hashes: Sequence[str], entered: set[str], place: int) -> list[Finding]:
    """Members who are in the contest already, or twice in one team."""
    return [
        Finding(f"/{place}/members/{i}", "entrant-twice", {"row": str(place + 1)})
        for i, person in enumerate(hashes)
        if person in entered or person in hashes[:i]
    ]


def _check_member(
    member: MemberDraft, pointer: str, partners: Sequence[PartnerRules]
) -> list[Finding]:
    findings = []
    if not member.name.strip():
        findings.append(Finding(f"{pointer}/name", "name-missing", {}))
    elif len(member.name) > LONGEST_NAME:
        findings.append(Finding(f"{pointer}/name", "name-too-long", {"limit": str(LONGEST_NAME)}))
    for index, (kind, number) in enumerate(member.documents):
        findings += _check_document(kind, number, f"{pointer}/documents/{index}", partners)
    return findings


def _check_document(
    kind: str, number: str, pointer: str, partners: Sequence[PartnerRules]
) -> list[Finding]:
    rules = _authority(kind, partners)
    if rules is None:
        known = sorted({d.code for partner in partners for d in partner.documents()})
        params = {"kind": kind, "known": ", ".join(known)}
        return [Finding(f"{pointer}/kind", "document-kind-unknown", params)]
    return [
        Finding(pointer + found.pointer, found.code, found.params)
        for found in rules.check_document(kind, number)
        if not found.code.endswith("-warning")
    ]


def _twice(
    member: MemberDraft,
    draft: Draft,
    pointer: str,
    partners: Sequence[PartnerRules],
    seen: dict[tuple[Any, ...], str],
) -> list[Finding]:
    keys: list[tuple[Any, ...]] = [
        ("document", kind, normalised(kind, number, partners)) for kind, number in member.documents
    ]
    if not keys:
        keys = [("name", "".join(member.name.split()), str(draft.delegation))]
    first = next((seen[key] for key in keys if key in seen), None)
    for key in keys:
        seen.setdefault(key, pointer)
    if first is None:
        return []
    return [Finding(pointer, "entrant-twice", {"row": str(int(first.split("/")[1]) + 1)})]


def _authority(kind: str, partners: Sequence[PartnerRules]) -> PartnerRules | None:
    return next((p for p in partners if any(d.code == kind for d in p.documents())), None)
