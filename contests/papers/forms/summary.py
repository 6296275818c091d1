"""汇总表 of one module: points of each work by criterion, and what each judge gave. By code; after the
opening with entry number and, for who may know, names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from contests.log import read
from contests.papers.about import About, paper, section
from contests.replay import Replayed, replay
from contests.scoring import compute
from core.errors import NotReady
from core.scoring.explain import shown
from core.scoring.model import AspectScore, Finding, Milli, Module, ModuleScore, Results
from core.scoring.numbers import milli_text


async def data(of: About, part: str) -> dict[str, Any]:
    known = replay(await read(of.contest))
    if known.frozen is None:
        raise NotReady([Finding("", "rules-not-frozen", {})])
    module = known.frozen.scheme.module(part)
    results = await asyncio.to_thread(compute, known.frozen, known.by_code)
    codes = known.codes.get(part, ())
    scores = {s.entry: s for s in results.modules if s.module == part}
    aspects = _by_code(results, part)
    title = of.module_title(part)
    return paper(
        of,
        "summary",
        under=title,
        given=[(of.word("module"), title)],
        sections=[
            _points(of, module, codes, scores, aspects),
            _judges(of, known, codes, aspects),
        ],
        notes=[
            "" if known.judging_ended else of.note("not_all_marked"),
            "" if of.opened else of.note("codes_only"),
        ],
    )


def _by_code(results: Results, module: str) -> dict[str, dict[str, AspectScore]]:
    found: dict[str, dict[str, AspectScore]] = {}
    for score in results.aspects:
        if score.module == module:
            found.setdefault(score.entry, {})[score.aspect] = score
    return found


def _points(
    of: About,
    module: Module,
    codes: Sequence[str],
    scores: Mapping[str, ModuleScore],
    aspects: Mapping[str, Mapping[str, AspectScore]],
) -> dict[str, Any]:
    columns = [
        (of.word("number"), 0),
        (of.word("code"), 0),
        *([(of.word("entry_number"), 0), (of.word("names"), 2)] if of.opened else []),
        *((of.titled(c.id, c.title), 1) for c in module.criteria),
        (of.word("score"), 1),
        (of.word("remark"), 1),
    ]
    rows = []
    for n, code in enumerate(sorted(codes), 1):
        own = aspects.get(code, {})
        score = scores.get(code)
        rows.append(
            [
                n,
                code,
                *_whose(of, module.id, code),
                *(_sum(own.get(a.id) for s in c.sub_criteria for a in s.aspects) for c in module.criteria),
                shown(score.score) if score and score.score is not None else "",
                of.word("practice") if code in of.known.trial else "",
            ]
        )  # fmt: skip
    return section(columns, rows, title=of.word("criterion_points"))


def _whose(of: About, module: str, code: str) -> list[str]:
    if not of.opened:
        return []
    entry = of.known.opened.get(module, {}).get(code, "")
    row = next((row for row in of.entries if str(row["id"]) == entry), None)
    return [row["number"] if row else "", of.who(entry)]


def _sum(scores: Iterable[AspectScore | None]) -> str:
    awards = [score.award for score in scores if score is not None and score.award is not None]
    return shown(sum(awards, Fraction(0))) if awards else ""


def _judges(
    of: About,
    known: Replayed,
    codes: Sequence[str],
    aspects: Mapping[str, Mapping[str, AspectScore]],
) -> dict[str, Any]:
    """A mark that was dropped counts here: this is what the judge gave."""
    seats = {one.id: one.seat for one in known.appointments.values()}
    given: dict[str, dict[str, Milli]] = {}
    for code, own in aspects.items():
        for score in own.values():
            for judge, value in (*score.used, *score.dropped):
                sums = given.setdefault(code, {})
                sums[judge] = sums.get(judge, 0) + value
    judges = sorted(
        {judge for sums in given.values() for judge in sums},
        key=lambda judge: (len(seats.get(judge, "")), seats.get(judge, "")),
    )
    columns = [
        (of.word("number"), 0),
        (of.word("code"), 0),
        *((seats.get(judge, ""), 1) for judge in judges),
    ]
    rows = [
        [n, code, *(_milli(given.get(code, {}).get(judge)) for judge in judges)]
        for n, code in enumerate(sorted(codes), 1)
    ]
    return section(columns, rows, title=of.word("by_judge"))


def _milli(value: Milli | None) -> str:
    return "" if value is None else milli_text(value)
