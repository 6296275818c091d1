"""Score and rank 10,000 entrants × 7 judges × 30 aspects, beside numpy on integers.

Both start from the same Python records and do the same: drop the highest and the lowest mark of
each aspect, mean, half up to 0.01, sum, rank with shared places. Each is timed in a process of its
own, which is also where its memory is read.
"""

from __future__ import annotations

import gc
import multiprocessing
import random
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

from table import Row

from core.scoring import standings
from core.scoring.model import (
    Aspect,
    Criterion,
    EntryFacts,
    Kind,
    Mark,
    Module,
    Record,
    Rules,
    Scheme,
    Sheet,
    SubCriterion,
    Trim,
)

ENTRANTS, JUDGES, ASPECTS, ROUNDS = 10_000, 7, 30, 5
STEP, STEPS = 250, 40
Ranks = dict[str, tuple[int, int]]
"""entry -> (total in hundredths, rank)."""


def run(scale: float = 1.0) -> list[Row]:
    entrants = max(10, int(ENTRANTS * scale))
    ours, memory, ranks = _apart(_ours, entrants)
    peer, _, expected = _apart(_numpy, entrants)
    if ranks != expected:
        raise AssertionError("the two do not give the same totals and ranks")
    size = f"{entrants:,} × {JUDGES} × {ASPECTS}"
    return [
        Row(f"score and rank {size}, exact", _ms(ours), f"numpy {_ms(peer)}", ours / peer, "≤ 3"),
        Row(
            "memory of the same, records included",
            f"{memory} MiB",
            "1024 MiB",
            memory / 1024,
            "≤ 1",
        ),
    ]


def scheme() -> Scheme:
    aspects = tuple(
        Aspect(f"A{i:02}", Kind.POINTS, {"en": f"A{i}"}, 10_000, judges=JUDGES, trim=Trim(1, 1, 5))
        for i in range(ASPECTS)
    )
    criterion = Criterion("A", {"en": "Card"}, (SubCriterion("A1", {"en": "Card"}, aspects),))
    return Scheme("bench", {"en": "Bench"}, (Module("M", {"en": "Work"}, 300_000, (criterion,)),))


def record(entrants: int) -> Record:
    """Sheets in no order at all."""
    chance = random.Random(7)
    ids = [f"A{i:02}" for i in range(ASPECTS)]
    values = [STEP * i for i in range(STEPS + 1)]
    sheets = [
        Sheet(
            f"E{e:05}",
            "M",
            f"J{j}",
            {a: Mark(v) for a, v in zip(ids, chance.choices(values, k=ASPECTS), strict=True)},
        )
        for e in range(entrants)
        for j in range(JUDGES)
    ]
    chance.shuffle(sheets)
    return Record(tuple(EntryFacts(f"E{e:05}") for e in range(entrants)), tuple(sheets))


def _apart(task: Callable[[int, Any], None], entrants: int) -> tuple[float, int, Ranks]:
    context = multiprocessing.get_context("spawn")
    answers = context.SimpleQueue()
    process = context.Process(target=task, args=(entrants, answers))
    process.start()
    answer: tuple[float, int, Ranks] = answers.get()
    process.join()
    return answer


def _ours(entrants: int, answers: Any) -> None:
    whole, rules, marks = scheme(), Rules(), record(entrants)
    seconds, found = _best(lambda: standings(whole, rules, marks))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    ranks = {s.entry: (int((s.total or 0) * 100), s.rank or 0) for s in found}
    answers.put((seconds, memory, ranks))


def _numpy(entrants: int, answers: Any) -> None:
    marks = record(entrants)
    seconds, ranks = _best(lambda: _numpy_ranks(marks))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.put((seconds, memory, ranks))


def _numpy_ranks(marks: Record) -> Ranks:
    import numpy

    place = {entry.id: i for i, entry in enumerate(marks.entries)}
    ids = [f"A{i:02}" for i in range(ASPECTS)]
    panels: list[list[list[int]]] = [[] for _ in place]
    for sheet in marks.sheets:
        given = sheet.marks
        panels[place[sheet.entry]].append([given[a].value or 0 for a in ids])
    values = numpy.array(panels, dtype=numpy.int64)
    kept = values.sum(axis=1) - values.max(axis=1) - values.min(axis=1)
    divisor = 10 * (JUDGES - 2)
    hundredths = (2 * kept + divisor) // (2 * divisor)
    totals = hundredths.sum(axis=1)
    ordered = numpy.sort(totals)
    ranks = len(totals) - numpy.searchsorted(ordered, totals, side="right") + 1
    both = zip(totals.tolist(), ranks.tolist(), strict=True)
    return dict(zip(place, both, strict=True))


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median of several runs."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        started = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - started)
    return statistics.median(times), found


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
