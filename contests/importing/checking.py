"""What the rows of a marking scheme must be together; every sum is made again from the aspects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from contests.importing.book import Sheet
from contests.importing.calculations import ImportedCalculator
from contests.importing.layout import AspectRow, Block, Layout, SubCriterionRow
from core.scoring.numbers import decimal_text

KINDS = ("J", "M")
FULL = Fraction(100)
"""A WorldSkills scheme has 100 marks."""
_SCORES = ("0", "1", "2", "3")
_IDENTITY = re.compile(r"([A-Z])([1-9][0-9]?)", re.ASCII)


def check_layout(
    sheet: Sheet, layout: Layout, calculators: Mapping[str, ImportedCalculator]
) -> None:
    """Everything wrong goes into `sheet.findings`, in the order of the checks."""
    if not layout.blocks:
        sheet.report(1, 1, "cis-no-blocks")
        return
    _check_merges(sheet, layout)
    _check_hidden(sheet, layout)
    for block in layout.blocks:
        _check_sub_criteria(sheet, block)
        for aspect in _aspects(block):
            _check_aspect(sheet, block, aspect)
            _check_section(sheet, layout, block, aspect)
            _check_calculation(sheet, block, aspect, calculators)
    _check_criteria(sheet, layout)
    _check_total(sheet, layout)
    _check_sections(sheet, layout)


def aspects_of(layout: Layout) -> Iterable[AspectRow]:
    """Every aspect of a known kind."""
    return (a for b in layout.blocks for a in _aspects(b) if a.kind in KINDS)


def marks_of(aspects: Iterable[AspectRow]) -> Fraction:
    """The sum of what is readable."""
    return sum((a.mark for a in aspects if a.mark is not None), Fraction(0))


def section_marks(layout: Layout, section: str) -> Fraction:
    """What the aspects give to one section."""
    return marks_of(a for a in aspects_of(layout) if a.section == section)


def variation_of(layout: Layout) -> Fraction | None:
    """Total distance between the sections' weights and what the aspects give them."""
    weighted = [s for s in layout.sections if s.weight is not None]
    if not weighted:
        return None
    return sum((abs((s.weight or 0) - section_marks(layout, s.id)) for s in weighted), Fraction(0))


def letter_of(block: Block) -> str:
    """The criterion that a block belongs to: as its header says, else as its rows begin."""
    if block.letter:
        return block.letter
    return next((s.id[:1] for s in block.sub_criteria if s.id), "")


def _aspects(block: Block) -> Iterable[AspectRow]:
    return (a for sub in block.sub_criteria for a in sub.aspects)


def _check_sub_criteria(sheet: Sheet, block: Block) -> None:
    column, letter = block.columns.get("id", 1), letter_of(block)
    seen: set[str] = set()
    for position, sub in enumerate(block.sub_criteria, start=1):
        expected = f"{letter}{position}"
        if not _IDENTITY.fullmatch(sub.id):
            sheet.report(sub.row, column, "cis-id-unreadable", id=sub.id, expected=expected)
        elif sub.id in seen:
            sheet.report(sub.row, column, "cis-id-twice", id=sub.id)
        elif not sub.id.startswith(letter):
            sheet.report(sub.row, column, "cis-id-elsewhere", id=sub.id, criterion=letter)
        elif sub.id != expected and not _follows(block.sub_criteria, position - 1):
            sheet.report(sub.row, column, "cis-id-gap", id=sub.id, expected=expected)
        seen.add(sub.id)
        if not sub.title:
            sheet.report(sub.row, block.columns.get("name", 2), "cis-name-missing", id=sub.id)
        if not sub.aspects:
            sheet.report(sub.row, column, "cis-sub-criterion-empty", id=sub.id)


def _follows(subs: list[SubCriterionRow], index: int) -> bool:
    """A gap is named once, where it begins, not in every row after it."""
    before, this = (_IDENTITY.fullmatch(s.id) for s in (subs[index - 1], subs[index]))
    return bool(index and before and this and int(this[2]) == int(before[2]) + 1)


def _check_aspect(sheet: Sheet, block: Block, aspect: AspectRow) -> None:
    columns = block.columns
    if aspect.kind not in KINDS:
        sheet.report(aspect.row, columns["kind"], "cis-kind-unknown", kind=aspect.kind[:20])
    if not aspect.title:
        sheet.report(aspect.row, columns.get("title", 5), "cis-title-missing")
    _check_mark(sheet, block, aspect)
    if aspect.kind == "J":
        _check_descriptors(sheet, block, aspect)
    elif aspect.descriptors:
        first = aspect.descriptors[0].row
        sheet.report(first, columns["score"], "cis-descriptor-of-measurement", aspect=aspect.title)


def _check_mark(sheet: Sheet, block: Block, aspect: AspectRow) -> None:
    column = block.columns.get("mark", 11)
    cell = sheet.cell(aspect.row, column)
    if aspect.mark is None:
        if cell is None or not str(cell.shown or cell.formula).strip():
            sheet.report(aspect.row, column, "cis-mark-missing", aspect=aspect.title[:60])
    elif aspect.mark <= 0:
        sheet.report(aspect.row, column, "cis-mark-not-positive", mark=decimal_text(aspect.mark))
    elif (aspect.mark * 100).denominator != 1:
        sheet.report(aspect.row, column, "cis-mark-too-fine", mark=decimal_text(aspect.mark))


def _check_descriptors(sheet: Sheet, block: Block, aspect: AspectRow) -> None:
    score, extra = block.columns["score"], block.columns.get("extra", 7)
    given = {d.score for d in aspect.descriptors}
    lacking = [s for s in _SCORES if s not in given]
    if lacking:
        params = {"aspect": aspect.title[:60], "scores": ", ".join(lacking)}
        sheet.report(aspect.row, score, "cis-descriptors-missing", **params)
    seen: set[str] = set()
    for descriptor in aspect.descriptors:
        if descriptor.score not in _SCORES:
            sheet.report(descriptor.row, score, "cis-score-unknown", score=descriptor.score[:20])
        elif descriptor.score in seen:
            sheet.report(descriptor.row, score, "cis-score-twice", score=descriptor.score)
        seen.add(descriptor.score)
        if not descriptor.text:
            sheet.report(descriptor.row, extra, "cis-descriptor-empty", score=descriptor.score[:20])


def _check_section(sheet: Sheet, layout: Layout, block: Block, aspect: AspectRow) -> None:
    column = block.columns.get("section")
    known = [s.id for s in layout.sections]
    if column is None or not known:
        return
    if not aspect.section:
        sheet.report(aspect.row, column, "cis-section-missing-warning", known=", ".join(known))
    elif aspect.section not in known:
        sheet.report(
            aspect.row,
            column,
            "cis-section-unknown",
            section=aspect.section[:20],
            known=", ".join(known),
        )


def _check_calculation(
    sheet: Sheet, block: Block, aspect: AspectRow, calculators: Mapping[str, ImportedCalculator]
) -> None:
    if aspect.calculation and aspect.calculation not in calculators:
        names = sorted({c.name for c in calculators.values()})
        sheet.report(
            aspect.row,
            block.columns["calculation"],
            "cis-calculation-unknown",
            calculation=aspect.calculation[:40],
            known=", ".join(names) or "-",
        )


def _check_criteria(sheet: Sheet, layout: Layout) -> None:
    column = layout.criteria_column
    listed: set[str] = set()
    filled = {letter_of(b): b for b in layout.blocks if b.sub_criteria}
    for criterion in layout.criteria:
        if criterion.id in listed:
            sheet.report(criterion.row, 1, "cis-criterion-twice", id=criterion.id)
        listed.add(criterion.id)
        block = filled.get(criterion.id)
        if block is None:
            sheet.report(criterion.row, 1, "cis-criterion-empty", id=criterion.id)
        elif criterion.mark is not None:
            made = marks_of(a for a in _aspects(block) if a.kind in KINDS)
            _report_difference(
                sheet,
                (criterion.row, column),
                "cis-criterion-sum",
                criterion.mark,
                made,
                id=criterion.id,
            )
    for letter, block in filled.items():
        if layout.criteria and letter not in listed:
            sheet.report(block.row, 1, "cis-criterion-unlisted", id=letter)


def _check_total(sheet: Sheet, layout: Layout) -> None:
    """Both against what the workbook says and against the 100 marks of the system."""
    made = marks_of(aspects_of(layout))
    place = layout.total_place or (layout.blocks[-1].row, 1)
    said = layout.total if layout.total is not None else FULL
    if made != FULL:
        _report_difference(sheet, place, "cis-total-not-full", FULL, made)
    elif said != made:
        _report_difference(sheet, place, "cis-total-sum", said, made)


def _check_sections(sheet: Sheet, layout: Layout) -> None:
    """Typed sums decide nothing, so that they only warn; both figures are shown."""
    _, typed, variation = layout.section_columns
    for section in layout.sections:
        made = section_marks(layout, section.id)
        if section.typed is not None:
            _report_difference(
                sheet,
                (section.row, typed),
                "cis-section-sum-warning",
                section.typed,
                made,
                id=section.id,
                title=section.title,
            )
    made_variation = variation_of(layout)
    said = layout.typed_variation
    if said is not None and made_variation is not None:
        _report_difference(
            sheet,
            (layout.variation_row, variation),
            "cis-variation-warning",
            said,
            made_variation,
        )


def _report_difference(
    sheet: Sheet,
    place: tuple[int, int],
    code: str,
    said: Fraction,
    made: Fraction,
    **params: object,
) -> None:
    if said != made:
        figures = {"said": said, "made": made, "difference": abs(said - made)}
        texts = {key: decimal_text(value) for key, value in figures.items()}
        sheet.report(*place, code, **params, **texts)


def _check_merges(sheet: Sheet, layout: Layout) -> None:
    """Merged cells leave all but one empty; above the aspects they are only headings."""
    start = layout.blocks[0].row
    for merge in sorted(sheet.merged, key=lambda m: (m.top, m.left)):
        if merge.bottom < start:
            continue
        tall = merge.bottom > merge.top
        code = "cis-merged" if tall else "cis-merged-warning"
        sheet.report(merge.top, merge.left, code, cells=merge.at)


def _check_hidden(sheet: Sheet, layout: Layout) -> None:
    """Hidden rows and columns are read like all others, and somebody should know."""
    used = {a.row for a in aspects_of(layout)}
    for row in sorted(sheet.hidden_rows & used):
        sheet.report(row, 1, "cis-row-hidden-warning", row=row)
    columns = {c for block in layout.blocks for c in block.columns.values()}
    for column in sorted(sheet.hidden_columns & columns):
        sheet.report(layout.blocks[0].row, column, "cis-column-hidden-warning")
