"""Who may be the same person twice: in the table, on record, in another contest. A likeness is a
warning, never a decision. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from contests.entering.checked import Findings, Unit
from contests.entering.known import Document, Known, KnownEntry, KnownMember
from contests.entering.members import Member
from contests.entering.names import folded
from contests.entering.sounds import SoundIndex, Spoken
from core.scoring.model import Text


def twice_in_table(taken: Sequence[Member], found: Findings) -> None:
    documents: dict[Document, Member] = {}
    names: dict[Any, Member] = {}
    births: dict[Any, Member] = {}
    latin: dict[Any, Member] = {}
    for member in taken:
        twice = [documents[d] for d in member.documents if d in documents]
        if twice:
            found.add(member.line, "document_number", "people-document-twice", row=twice[0].line)
            continue
        for document in member.documents:
            documents[document] = member
        name, born = folded(member.name), member.facts.get("birth_date")
        first = names.setdefault(
            (name, member.delegation, member.new_delegation, folded(member.team)), member
        )
        if name and first is not member and not (member.documents and first.documents):
            found.add(member.line, "name", "people-name-twice", row=first.line)
            continue
        first = births.setdefault((name, born), member) if born else member
        if first is not member:
            found.add(member.line, "name", "people-alike-warning", row=first.line)
            continue
        key = (folded(member.facts.get("romanised", "")), born)
        first = latin.setdefault(key, member) if all(key) else member
        if first is not member:
            found.add(member.line, "romanised", "people-alike-warning", row=first.line)


def alike_by_sound(taken: Sequence[Member], found: Findings) -> None:
    """张伟 in one row and ZHANG Wei in another; rows that were told to be alike already are not told
    again."""
    index = SoundIndex()
    for member in taken:
        first = index.like(_spoken(member))
        if first is not None and not _told(member, found):
            found.add(member.line, "name", "people-alike-warning", row=first)
        index.add(_spoken(member), member.line)


def same_entry_twice(units: Sequence[Unit], found: Findings) -> None:
    entries: dict[UUID, Unit] = {}
    numbers: dict[str, Unit] = {}
    for unit in units:
        first = entries.setdefault(unit.entry.id, unit) if unit.entry else unit
        if first is not unit:
            found.add(unit.first.line, "name", "people-entry-twice", row=first.first.line)
        number = unit.first.number
        first = numbers.setdefault(number, unit) if number else unit
        if first is not unit:
            params = {"number": number, "row": first.first.line}
            found.add(unit.first.line, "number", "people-number-twice", **params)


def same_number(unit: Unit, known: Known, found: Findings) -> None:
    number, own = unit.first.number, unit.entry.id if unit.entry else None
    if number and any(e.number == number and e.id != own for e in known.entries):
        found.add(unit.first.line, "number", "people-number-other", number=number)


def likenesses(units: Sequence[Unit], known: Known, found: Findings) -> None:
    """A new member who resembles somebody on record, or is entered in another contest."""
    names: dict[Any, list[KnownEntry]] = defaultdict(list)
    index = SoundIndex()
    for entry in known.entries:
        for held in entry.members:
            names[folded(held.name)].append(entry)
            index.add(_spoken(held), entry)
    for unit in units:
        for member in unit.members:
            owner = next((known.owners[d] for d in member.documents if d in known.owners), None)
            for title in known.elsewhere.get(owner, ()) if owner else ():
                found.add(
                    member.line, "name", "people-entered-elsewhere-warning", contest=_words(title)
                )
            if unit.entry is not None:
                continue
            for entry in names.get(folded(member.name), ())[:1]:
                alike = any(
                    m.facts.get("birth_date") == member.facts.get("birth_date")
                    for m in entry.members
                    if folded(m.name) == folded(member.name)
                )
                if alike or not member.documents:
                    number = entry.number or "–"
                    found.add(member.line, "name", "people-on-record-warning", number=number)
            sounding = index.like(_spoken(member))
            if sounding is not None and folded(member.name) not in names:
                number = sounding.number or "–"
                found.add(member.line, "name", "people-sounds-on-record-warning", number=number)


def _spoken(one: Member | KnownMember) -> Spoken:
    facts = one.facts
    born, latin = facts.get("birth_date", ""), facts.get("romanised", "")
    return Spoken(one.name, latin, born, one.documents)


def _told(member: Member, found: Findings) -> bool:
    told = {"people-document-twice", "people-name-twice", "people-alike-warning"}
    return any(f.code in told for f in found.by_line[member.line])


def _words(title: Text) -> str:
    return title.get("zh-Hans") or next(iter(title.values()), "")
