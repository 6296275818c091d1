"""Standings and marks as rows of cells, the same for every kind of table file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contests.breakdown import places
from contests.exports.reading import Line, Summary
from contests.exports.words import COLUMNS, OUTCOMES
from core.scoring.model import Results, Text
from core.web.i18n import pick, translate

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken away. names: None where the taker may not know them. marks: None unless the file
    holds them."""

    found: Summary
    names: Mapping[str, Sequence[str]] | None
    teams: Mapping[str, Text]
    marks: Results | None
    language: str

    def word(self, code: str) -> str:
        return translate(COLUMNS[code], self.language)

    def say(self, text: Text | str | None) -> str:
        return pick(text, self.language)

    def who(self, line: Line) -> str:
        return "、".join(name for name in (self.names or {}).get(line.entry, ()) if name)


def standings_head(taken: Taken) -> list[str]:
    named = [taken.word("names")] if taken.names is not None else []
    return [
        taken.word("group"),
        taken.word("place"),
        taken.word("shared"),
        taken.word("entry_number"),
        taken.word("code"),
        *named,
        taken.word("delegation_code"),
        taken.word("delegation"),
        *(_module(taken, module.id, module.title) for module in taken.found.scheme.modules),
        taken.word("total"),
        taken.word("exact"),
        taken.word("status"),
        taken.word("prizes"),
    ]


def standings_rows(taken: Taken) -> Iterator[list[Cell]]:
    titles = {code: taken.say(title) or code for code, title, _ in taken.found.groups}
    for line in taken.found.lines:
        named: list[Cell] = [taken.who(line)] if taken.names is not None else []
        yield [
            titles[line.group],
            line.rank,
            taken.word("yes") if line.shared else "",
            line.number,
            line.code,
            *named,
            line.delegation,
            taken.say(line.delegation_title),
            *(number(score) for score in line.modules),
            number(line.total),
            line.exact,
            "" if line.total else translate(OUTCOMES[line.status], taken.language),
            "、".join(taken.say(title) for title in line.prize_titles),
        ]


def marks_head(taken: Taken) -> list[str]:
    words = ("entry_number", "code", "module", "criterion", "aspect", "aspect_title", "seat")
    rest = ("mark", "dropped", "measured", "counts_as", "points", "maximum", "round")
    return [taken.word(code) for code in (*words, *rest)]


def marks_rows(taken: Taken) -> Iterator[list[Cell]]:
    """One row for each mark; one for an aspect that has none, so that no aspect is missing."""
    assert taken.marks is not None
    found = taken.found
    lines = {line.entry: line for line in found.lines}
    for place in places(found.scheme, found.rules, taken.marks, {}):
        line = lines[place.entry]
        for module in place.modules:
            for criterion in module.criteria:
                for aspect in criterion.aspects:
                    first: list[Cell] = [line.number, line.codes.get(module.id, ""), module.id]
                    first += [criterion.id, aspect.id, taken.say(aspect.title)]
                    last: list[Cell] = [aspect.raw, number(aspect.panel), number(aspect.award)]
                    last += [number(aspect.maximum), aspect.round]
                    for mark in aspect.marks:
                        dropped = taken.word("yes") if mark.dropped else ""
                        yield [*first, mark.seat, number(mark.value), dropped, *last]
                    if not aspect.marks:
                        yield [*first, "", None, "", *last]


def number(text: str) -> Cell:
    """A decimal as a number; what can't be one exactly ("≈…", a fraction) stays as it is written."""
    if not text:
        return None
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _module(taken: Taken, code: str, title: Text) -> str:
    said = taken.say(title)
    return f"{code} {said}" if said and said != code else code
