"""A marking scheme of this platform out of a workbook's rows. One module per criterion.

The workbook's typed marks become the modules' maxima, so that `check_scheme` refuses a scheme
whose aspects don't add up, whatever this importer has found before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from contests.importing.calculations import ImportedCalculator
from contests.importing.checking import letter_of, marks_of
from contests.importing.layout import AspectRow, Block, CriterionRow, Layout, SubCriterionRow
from core.scoring.model import (
    Aspect,
    Control,
    Criterion,
    Kind,
    Module,
    Scheme,
    Section,
    SubCriterion,
    Text,
)

_WHOLE_SCRIPT = re.compile(r"[㐀-鿿]")
_STEPS = (50, 10, 1)


def draft_scheme(layout: Layout, calculators: Mapping[str, ImportedCalculator]) -> Scheme:
    """Only for a layout without errors."""
    listed = {c.id: c for c in layout.criteria}
    return Scheme(
        code=_code(layout.title),
        title=text_of(layout.title or "CIS"),
        modules=tuple(
            _module(block, listed.get(letter_of(block)), calculators)
            for block in layout.blocks
            if block.sub_criteria
        ),
        sections=tuple(
            Section(s.id, text_of(s.title), int(s.weight * 1000))
            for s in layout.sections
            if s.weight is not None
        ),
    )


def aspect_ids(sub: SubCriterionRow) -> list[str]:
    """CIS counts judgements and measurements apart: A1.J1, A1.M1, A1.M2 …"""
    counts: dict[str, int] = {}
    ids = []
    for aspect in sub.aspects:
        counts[aspect.kind] = counts.get(aspect.kind, 0) + 1
        ids.append(f"{sub.id}.{aspect.kind}{counts[aspect.kind]}")
    return ids


def text_of(words: str) -> Text:
    """The workbook doesn't say its language; Chinese characters do."""
    return {"zh-Hans" if _WHOLE_SCRIPT.search(words) else "en": words}


def _module(
    block: Block, criterion: CriterionRow | None, calculators: Mapping[str, ImportedCalculator]
) -> Module:
    letter = letter_of(block)
    made = marks_of(a for sub in block.sub_criteria for a in sub.aspects)
    said = criterion.mark if criterion and criterion.mark is not None else made
    title = text_of(criterion.title if criterion and criterion.title else letter)
    subs = tuple(_sub_criterion(sub, calculators) for sub in block.sub_criteria)
    maximum = int(said * 1000)
    return Module(letter, title, maximum, (Criterion(letter, title, subs, maximum),))


def _sub_criterion(
    sub: SubCriterionRow, calculators: Mapping[str, ImportedCalculator]
) -> SubCriterion:
    aspects = tuple(
        _judgement(identity, row) if row.kind == "J" else _measurement(identity, row, calculators)
        for identity, row in zip(aspect_ids(sub), sub.aspects, strict=True)
    )
    return SubCriterion(sub.id, text_of(sub.title), aspects, day=sub.day)


def _judgement(identity: str, row: AspectRow) -> Aspect:
    descriptors = sorted(row.descriptors, key=lambda d: d.score)
    return Aspect(
        id=identity,
        kind=Kind.JUDGEMENT,
        title=text_of(row.title),
        maximum=_milli(row),
        step=1000,
        judges=3,
        spread=1000,
        descriptors=tuple(text_of(d.text) for d in descriptors),
        section=row.section,
        requirement=_requirement(row),
        control=Control(widget="levels", step=1000),
    )


def _measurement(
    identity: str, row: AspectRow, calculators: Mapping[str, ImportedCalculator]
) -> Aspect:
    """Without a calculator the group enters the agreed mark itself."""
    used = calculators.get(row.calculation)
    maximum = _milli(row)
    step = next(s for s in _STEPS if maximum % s == 0)
    return Aspect(
        id=identity,
        kind=Kind.MEASUREMENT,
        title=text_of(row.title),
        maximum=maximum,
        step=step,
        calculation=used.calculation() if used else None,
        section=row.section,
        requirement=_requirement(row),
        control=used.control() if used else Control(widget="grid", step=step),
    )


def _requirement(row: AspectRow) -> str:
    return "\n".join(filter(None, (row.extra, row.requirement)))


def _milli(row: AspectRow) -> int:
    return int((row.mark or 0) * 1000)


def _code(title: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"cis-{words}"[:60] if words else "cis"
