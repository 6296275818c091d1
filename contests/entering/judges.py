"""The judges' pool out of a table: what each row would become, held against who is in the pool. Pure.

A judge is known again by the number of the qualification, then by name and employer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.declared import plain
from contests.entering import names, values
from contests.entering.checked import CHANGED, NEW, SAME, Change
from contests.entering.draft import Draft, Line
from contests.entering.known import Known
from contests.entering.members import delegation_spellings
from contests.entering.names import folded
from contests.entering.plain import CheckedPlain, Plain, checked_plain
from contests.entering.sounds import SoundIndex, Spoken
from contests.seating.pool import PoolDraft, draft_findings
from core.scoring.model import Finding

LEVELS: Mapping[str, tuple[str, ...]] = {
    "city": ("市级", "市", "地市级", "City level", "City", "Nível municipal"),
    "provincial": ("省级", "省", "Provincial level", "Provincial", "Nível provincial"),
    "national": ("国家级", "国家", "全国", "National level", "National", "Nível nacional"),
}
LEVEL_TITLES = ("City level", "Provincial level", "National level")
"""Msgids; their translations are among the spellings."""
_TEXTS = ("number", "qualification", "employer", "school", "trainer", "studio")
_BETWEEN = re.compile(r"[,，、;；/\n]+")


@dataclass(frozen=True, slots=True)
class KnownPool:
    """judges: who is in the pool already. shared: those of every competition of the organisation."""

    judges: Mapping[UUID, PoolDraft] = field(default_factory=dict)
    shared: frozenset[UUID] = frozenset()
    delegations: Known = field(default_factory=Known)


def check_pool(draft: Draft, known: KnownPool) -> CheckedPlain:
    """values of each row: {"judge": PoolDraft}."""
    again, index = _Again(known), _Alike(known)

    def read(line: Line, findings: list[Finding]) -> Plain:
        told = {f.pointer for f in findings if not f.is_warning}
        judge = _judge(line, known.delegations, findings)
        wrong = [
            Finding(f.pointer.removeprefix("/"), f.code, f.params) for f in draft_findings(judge)
        ]
        findings += [f for f in wrong if f.pointer not in told and f.code != "name-missing"]
        id_ = again.who(judge)
        if id_ is None:
            findings += index.like(judge, line)
            return Plain(NEW, line.number, {"judge": judge})
        judge = _filled(judge, known.judges[id_], frozenset(line.values))
        changes = _changes(line, known.judges[id_], judge)
        return Plain(CHANGED if changes else SAME, line.number, {"judge": judge}, id_, changes)

    def keys(one: Plain) -> list[tuple[str, str]]:
        judge: PoolDraft = one.values["judge"]
        return [("name", _name_key(judge) if judge.name else ""), ("number", folded(judge.number))]

    return checked_plain(draft, read, keys)


class _Again:
    """Finds the judge of the pool that a row is about."""

    def __init__(self, known: KnownPool) -> None:
        judges = known.judges.items()
        self._numbers = {folded(one.number): id_ for id_, one in judges if one.number}
        self._names = {_name_key(one): id_ for id_, one in judges}

    def who(self, judge: PoolDraft) -> UUID | None:
        by_number = self._numbers.get(folded(judge.number)) if judge.number else None
        return by_number or self._names.get(_name_key(judge))


class _Alike:
    """The same name at another employer, or one that sounds the same: offered, never merged."""

    def __init__(self, known: KnownPool) -> None:
        self._index = SoundIndex()
        self._names: dict[str, Any] = {}
        for one in known.judges.values():
            self._add(one, one)

    def like(self, judge: PoolDraft, line: Line) -> list[Finding]:
        found = self._names.get(folded(judge.name)) or self._index.like(Spoken(judge.name))
        self._add(judge, line.number)
        if not judge.name or found is None:
            return []
        if isinstance(found, int):
            return [Finding("name", "people-alike-warning", {"row": str(found)})]
        params = {"name": found.name, "employer": found.employer or "–"}
        return [Finding("name", "people-judge-alike-warning", params)]

    def _add(self, judge: PoolDraft, what: Any) -> None:
        self._names.setdefault(folded(judge.name), what)
        self._index.add(Spoken(judge.name), what)


def _judge(line: Line, delegations: Known, findings: list[Finding]) -> PoolDraft:
    name, wrong = names.tidy(line.get("name"))
    findings += [Finding("name", f.code, f.params) for f in wrong]
    if not name:
        findings.append(Finding("name", "people-name-missing", {}))
    return PoolDraft(
        name=name,
        **{code: line.get(code).strip() for code in _TEXTS},
        level=_level(line, findings),
        valid_until=_parsed(line, "valid_until", values.day, findings),
        trades=_several(line.get("trades")),
        phone=_parsed(line, "phone", values.phone, findings),
        mail=_parsed(line, "mail", values.email, findings),
        delegations=_delegations(line, delegations, findings),
        languages=_several(line.get("languages")),
        leads=bool(_parsed(line, "leads", values.yes, findings)),
    )


def _parsed(line: Line, code: str, parse: Any, findings: list[Finding]) -> str:
    value, wrong = parse(line.get(code))
    if wrong:
        params = {"found": line.get(code)[:30], "understood": value}
        findings.append(Finding(code, wrong, params))
    return str(value)


def _level(line: Line, findings: list[Finding]) -> str:
    words = folded(line.get("level"))
    known = {folded(word): level for level, spellings in LEVELS.items() for word in spellings}
    if words and words not in known:
        params = {
            "found": line.get("level")[:30],
            "needed": " / ".join(LEVEL_TITLES),
        }
        findings.append(Finding("level", "people-judge-level-unknown", params))
    return known.get(words, "")


def _delegations(line: Line, known: Known, findings: list[Finding]) -> tuple[str, ...]:
    """Their codes."""
    spellings, found = delegation_spellings(known), []
    for words in _several(line.get("delegations")):
        if id_ := spellings.get(folded(words)):
            found.append(known.delegation_codes[id_])
        else:
            params = {"found": words[:40]}
            findings.append(Finding("delegations", "people-delegation-unknown", params))
    return tuple(dict.fromkeys(found))


def _filled(judge: PoolDraft, before: PoolDraft, given: frozenset[str]) -> PoolDraft:
    """What the table has no column for stays as it is on record."""
    return PoolDraft(
        **{
            code: getattr(judge if code in given else before, code)
            for code in PoolDraft.__dataclass_fields__
        }
    )


def _changes(line: Line, old: PoolDraft, new: PoolDraft) -> list[Change]:
    pairs = [
        (code, getattr(old, code), getattr(new, code)) for code in PoolDraft.__dataclass_fields__
    ]
    return [Change(line.number, code, was, now) for code, was, now in pairs if was != now]


def _name_key(judge: PoolDraft) -> str:
    return f"{plain(judge.name)}|{plain(judge.employer)}"


def _several(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (one.strip() for one in _BETWEEN.split(words)))))
