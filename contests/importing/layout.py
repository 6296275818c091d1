"""The layout of WorldSkills' "CIS Marking Scheme Import" sheet, read row by row as it stands.

Three tables stand one above the other: the sections of the occupational standard, the criteria
with their marks, and per criterion a block that starts with a header row. Columns are found by
their headings, not by their letters. What the rows mean together is judged in `checking.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from contests.importing.book import Sheet

SHEETS = ("CIS Marking Scheme Import", "Marking Scheme Import")
_HEADINGS = {
    "sub criterion id": "id",
    "sub criterion name": "name",
    "day of marking": "day",
    "aspect type": "kind",
    "aspect - description": "title",
    "aspect description": "title",
    "judg score": "score",
    "extra aspect description": "extra",
    "requirement": "requirement",
    "calculation row": "calculation",
    "max mark": "mark",
}
_NEEDED = ("id", "name", "kind", "title", "score", "extra", "mark")


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One part of the standard. `typed` and `variation` are what the workbook says of its sums."""

    row: int
    id: str
    title: str
    weight: Fraction | None
    typed: Fraction | None
    variation: Fraction | None


@dataclass(frozen=True, slots=True)
class CriterionRow:
    row: int
    id: str
    title: str
    mark: Fraction | None


@dataclass(frozen=True, slots=True)
class DescriptorRow:
    row: int
    score: str
    text: str


@dataclass
class AspectRow:
    row: int
    kind: str
    title: str
    extra: str
    requirement: str
    section: str
    calculation: str
    mark: Fraction | None
    descriptors: list[DescriptorRow] = field(default_factory=list)


@dataclass
class SubCriterionRow:
    row: int
    id: str
    title: str
    day: str
    aspects: list[AspectRow] = field(default_factory=list)


@dataclass
class Block:
    """Everything under one header row. `total` is the sum that the workbook shows for it."""

    row: int
    letter: str
    total: Fraction | None
    columns: Mapping[str, int]
    sub_criteria: list[SubCriterionRow] = field(default_factory=list)


@dataclass
class Layout:
    title: str = ""
    sections: list[SectionRow] = field(default_factory=list)
    section_columns: tuple[int, int, int] = (9, 10, 11)
    typed_variation: Fraction | None = None
    variation_row: int = 0
    criteria: list[CriterionRow] = field(default_factory=list)
    criteria_column: int = 11
    blocks: list[Block] = field(default_factory=list)
    total: Fraction | None = None
    total_place: tuple[int, int] | None = None


def read_layout(sheet: Sheet) -> Layout:
    """Findings about single cells go into `sheet.findings`."""
    layout = Layout(title=_first_text(sheet))
    _Reader(sheet, layout).read()
    return layout


def normal(text: str) -> str:
    """Headings are compared without case, line breaks and full-width letters."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


class _Reader:
    """Walks down the sheet; `step` is how the next row is understood."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet = sheet
        self.layout = layout
        self.step = self.outside
        self.aspect: AspectRow | None = None

    def read(self) -> None:
        for row in sorted(self.sheet.rows):
            texts = {column: self.sheet.text(row, column) for column in self.sheet.rows[row]}
            if not any(texts.values()):
                continue
            if not self.heading(row, texts):
                self.step(row, texts)

    def heading(self, row: int, texts: Mapping[int, str]) -> bool:
        """Whether this row starts a table or ends the sheet."""
        names = {column: normal(text) for column, text in texts.items()}
        first = names.get(1, "")
        if first == "section" and "variation" in names.values():
            self.layout.section_columns = _section_columns(names)
            self.step = self.section
        elif first == "id" and "mark" in names.values():
            self.layout.criteria_column = next(c for c, n in names.items() if n == "mark")
            self.step = self.criterion
        elif "sub criterion id" in names.values():
            self.start_block(row, names)
            self.step = self.marking
        elif "total variation" in names.values():
            self.layout.variation_row = row
            self.layout.typed_variation = self.sheet.number(row, self.layout.section_columns[2])
            self.step = self.outside
        elif first == "criteria":
            self.step = self.outside
        elif column := next((c for c, n in names.items() if n.startswith("total mark")), 0):
            self.layout.total = self.sheet.number(row, column + 1)
            self.layout.total_place = (row, column + 1)
            self.step = self.outside
        else:
            return False
        return True

    def outside(self, row: int, texts: Mapping[int, str]) -> None:
        """Titles and remarks between the tables say nothing that is marked."""

    def section(self, row: int, texts: Mapping[int, str]) -> None:
        weight, typed, variation = self.layout.section_columns
        self.layout.sections.append(
            SectionRow(
                row,
                unicodedata.normalize("NFKC", texts.get(1, "")),
                texts.get(2, ""),
                self.sheet.number(row, weight),
                self.sheet.number(row, typed),
                self.sheet.number(row, variation),
            )
        )

    def criterion(self, row: int, texts: Mapping[int, str]) -> None:
        if not texts.get(1) and not texts.get(2):
            return
        mark = self.sheet.number(row, self.layout.criteria_column)
        letter = unicodedata.normalize("NFKC", texts.get(1, "")).upper()
        self.layout.criteria.append(CriterionRow(row, letter, texts.get(2, ""), mark))

    def start_block(self, row: int, names: Mapping[int, str]) -> None:
        columns: dict[str, int] = {}
        letter, total = "", None
        for column, name in names.items():
            key = next((k for h, k in _HEADINGS.items() if name.startswith(h)), "")
            if key:
                columns.setdefault(key, column)
            elif name.endswith("section"):
                columns["section"] = column
            elif name.startswith("criterion "):
                letter = name.removeprefix("criterion ").upper()
            elif name.startswith("total mark"):
                total = self.sheet.number(row, column + 1)
        missing = [key for key in _NEEDED if key not in columns]
        if missing:
            names_of = {k: h for h, k in reversed(_HEADINGS.items())}
            self.sheet.report(
                row, 1, "cis-columns-missing", columns=", ".join(names_of[k] for k in missing)
            )
        self.layout.blocks.append(Block(row, letter, total, columns))
        self.aspect = None

    def marking(self, row: int, texts: Mapping[int, str]) -> None:
        block = self.layout.blocks[-1]
        cells = {key: texts.get(column, "") for key, column in block.columns.items()}
        if not any(cells.values()):
            return
        if cells.get("id"):
            self.start_sub_criterion(row, cells)
        if cells.get("kind"):
            self.start_aspect(row, cells)
        elif cells.get("score"):
            self.add_descriptor(row, cells)
        elif cells.get("mark") and not cells.get("id"):
            self.sheet.report(row, block.columns.get("kind", 1), "cis-kind-missing")

    def start_sub_criterion(self, row: int, cells: Mapping[str, str]) -> None:
        identity = unicodedata.normalize("NFKC", cells["id"]).upper().replace(" ", "")
        self.layout.blocks[-1].sub_criteria.append(
            SubCriterionRow(row, identity, cells.get("name", ""), cells.get("day", ""))
        )
        self.aspect = None

    def start_aspect(self, row: int, cells: Mapping[str, str]) -> None:
        block = self.layout.blocks[-1]
        mark = block.columns.get("mark")
        self.aspect = AspectRow(
            row=row,
            kind=unicodedata.normalize("NFKC", cells["kind"]).upper(),
            title=cells.get("title", ""),
            extra=cells.get("extra", ""),
            requirement=cells.get("requirement", ""),
            section=unicodedata.normalize("NFKC", cells.get("section", "")),
            calculation=cells.get("calculation", ""),
            mark=self.sheet.number(row, mark) if mark else None,
        )
        if block.sub_criteria:
            block.sub_criteria[-1].aspects.append(self.aspect)
        else:
            self.sheet.report(row, block.columns.get("id", 1), "cis-aspect-without-sub-criterion")

    def add_descriptor(self, row: int, cells: Mapping[str, str]) -> None:
        column = self.layout.blocks[-1].columns["score"]
        if self.aspect is None:
            self.sheet.report(row, column, "cis-descriptor-without-aspect")
            return
        score = unicodedata.normalize("NFKC", cells["score"])
        self.aspect.descriptors.append(DescriptorRow(row, score, cells.get("extra", "")))


def _section_columns(names: Mapping[int, str]) -> tuple[int, int, int]:
    """Weight, typed sum and variation; the first "… marks" is a heading merged over the names."""
    variation = next(c for c, n in names.items() if n == "variation")
    typed = next((c for c, n in names.items() if n == "aspect marks"), variation - 1)
    weight = max((c for c, n in names.items() if n.endswith("marks") and c < typed), default=0)
    return weight or typed - 1, typed, variation


def _first_text(sheet: Sheet) -> str:
    for row in sorted(sheet.rows)[:3]:
        for column in sorted(sheet.rows[row]):
            if text := sheet.text(row, column):
                return "" if normal(text) == "sub criterion id" else text
    return ""
