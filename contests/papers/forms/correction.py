"""更正单: each corrected mark on a slip of its own, by code; without a correction a form to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contests.chain import LogLine
from contests.exports.reading import lines_of_kinds
from contests.exports.words import OUTCOMES
from contests.papers.about import About, labels, paper
from contests.replay.reading import body_of
from contests.texts import texts_of
from core.scoring.codec import from_json
from core.scoring.model import Mark
from core.scoring.numbers import milli_text
from core.web.i18n import show_moment, translate


async def data(of: About, part: str) -> dict[str, Any]:
    """part: the correction's number in the record, "" = all."""
    lines = [
        line
        for line in await lines_of_kinds(of.contest, ["correction"])
        if part in ("", str(line.seq))
    ]
    texts = await texts_of(of.contest)
    bodies = [body_of(line) for line in lines]
    people = await labels([b[key] for b in bodies for key in ("by", "witness")])
    slips = [_slip(of, line, body, texts, people) for line, body in zip(lines, bodies, strict=True)]
    whole = paper(of, "correction", notes=[] if slips else [of.note("no_correction")])
    return {**whole, "slips": slips or [[[label, ""] for label in _labels(of)]]}


def _labels(of: About) -> list[str]:
    words = ("time", "module", "code", "seat", "aspect", "old", "new", "reason")
    return [of.word(word) for word in (*words, "asked_by", "confirmed_by")]


def _slip(
    of: About,
    line: LogLine,
    body: Mapping[str, Any],
    texts: Mapping[str, str],
    people: Mapping[str, str],
) -> list[list[str]]:
    appointed = of.known.appointments.get(body["judge"])
    values = (
        show_moment(line.at, of.language),
        of.module_title(body["module"]),
        body["code"],
        appointed.seat if appointed else "",
        _aspect(of, body["module"], body["aspect"]),
        _mark(of, body["old"]),
        _mark(of, body["new"]),
        texts.get(body["reason_hash"], ""),
        people.get(body["by"], ""),
        people.get(body["witness"], ""),
    )
    return [[label, value] for label, value in zip(_labels(of), values, strict=True)]


def _aspect(of: About, module: str, aspect: str) -> str:
    for one in of.scheme.module(module).aspects():
        if one.id == aspect:
            return of.titled(aspect, one.title)
    return aspect


def _mark(of: About, body: Any) -> str:
    if body is None:
        return of.word("none")
    mark = from_json(Mark, body)
    if mark.value is not None:
        return milli_text(mark.value)
    return mark.raw or translate(OUTCOMES[str(mark.outcome)], of.language)
