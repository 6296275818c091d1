"""The rows of a workbook of many contests, as contests to start. Everything wrong is named by cell."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from contests.actions.setup import ContestStart
from contests.declared import SMALL
from contests.founding.answers import typed_number
from contests.founding.many_words import COLUMNS, NEEDED, NO, OPTIONS_SHOWN, YES, headings, plain
from contests.importing.book import Sheet, open_book, pointer
from core.contest_type import ContestType, Template
from core.options import Option
from core.registry import registry
from core.scoring.model import Finding
from core.web.i18n import pick

MOST_ROWS = 500
_HEADING_ROWS = 10
_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D{0,2}")
_TITLES = {
    "title": "zh-Hans",
    "title_hant": "zh-Hant",
    "title_en": "en",
    "title_pt": "pt",
}


@dataclass(frozen=True, slots=True)
class ManyRow:
    """One row of the sheet. columns: field → column number, for findings that come later."""

    number: int
    start: ContestStart
    columns: Mapping[str, int]
    sheet: str
    findings: Sequence[Finding] = ()

    def at_cells(self, findings: Sequence[Finding]) -> list[Finding]:
        """Findings at fields ("/options/judges") as findings at cells."""
        return [Finding(self._cell(f.pointer), f.code, f.params) for f in findings]

    def _cell(self, at: str) -> str:
        parts = [part for part in at.split("/") if part]
        names = [parts[1] if len(parts) > 1 else parts[0]] if parts else []
        column = next((self.columns[n] for n in (*names, *parts) if n in self.columns), 0)
        column = column or min(self.columns.values(), default=1)
        return pointer(self.sheet, f"{get_column_letter(column)}{self.number}")


@dataclass(frozen=True, slots=True)
class ManyRead:
    """unknown: headings that nothing was made of. findings: of the file as a whole."""

    sheet: str
    rows: Sequence[ManyRow]
    findings: Sequence[Finding] = ()
    unknown: Sequence[str] = ()

    @property
    def all_findings(self) -> list[Finding]:
        return [*self.findings, *(f for row in self.rows for f in row.findings)]

    @property
    def usable(self) -> bool:
        return bool(self.rows) and all(f.is_warning for f in self.all_findings)


def read_many(content: bytes) -> ManyRead:
    """Never raises for a bad file: what is wrong with it is in the findings."""
    book = open_book(content)
    if isinstance(book, list):
        return ManyRead("", (), book)
    for sheet in book.values():
        if found := _heading_row(sheet):
            return _read_sheet(sheet, *found)
    title = next(iter(book), "")
    names = ", ".join(pick(c.title, "en") for c in COLUMNS if c.code in NEEDED)
    return ManyRead(title, (), [Finding(pointer(title), "many-no-heading", {"names": names})])


def template_workbook(language: str) -> bytes:
    """An empty workbook with the headings in the reader's language, one example row and the types
    and templates that are installed on a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = pick(_SHEETS["rows"], language)
    titles = [pick(column.title, language) for column in COLUMNS]
    options = _shown_options()
    sheet.append([*titles, *(pick(option.title, language) for option in options)])
    types = registry().contest_types()
    first = pick(types[0].title, language) if types else ""
    sheet.append([{"type": first}.get(c.code, c.example) for c in COLUMNS])
    bold, tint = Font(bold=True), PatternFill("solid", fgColor="E6F0F9")
    for cell in sheet[1]:
        cell.font, cell.fill = bold, tint
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[cell.column_letter].width = 18
    sheet.freeze_panes = "A2"
    second = book.create_sheet(pick(_SHEETS["types"], language))
    second.append([titles[4], titles[5]])
    for one in types:
        second.append([pick(one.title, language), ""])
        for template in one.templates:
            second.append([pick(one.title, language), pick(template.title, language)])
    for cell in second[1]:
        cell.font, cell.fill = bold, tint
        second.column_dimensions[cell.column_letter].width = 36
    _choices(sheet, "E", [pick(one.title, language) for one in types])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


_SHEETS = {
    "rows": {"zh-Hans": "赛项", "zh-Hant": "賽項", "en": "Contests", "pt": "Provas"},
    "types": {"zh-Hans": "类型与模板", "zh-Hant": "類型與範本", "en": "Types", "pt": "Tipos"},
}


def _choices(sheet: Any, column: str, values: Sequence[str]) -> None:
    """A list to choose from, as far as Excel's 255 characters go."""
    listed = ",".join(value.replace(",", " ") for value in values)
    if values and len(listed) <= 250:
        rule = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
        rule.add(f"{column}2:{column}{MOST_ROWS + 1}")
        sheet.add_data_validation(rule)


def _shown_options() -> list[Option]:
    known = {o.code: o for one in registry().contest_types() for o in one.options}
    return [known[code] for code in OPTIONS_SHOWN if code in known]


def _heading_row(sheet: Sheet) -> tuple[int, dict[str, int], dict[int, str]] | None:
    """The row with the headings, field → column, and the headings that are no field of ours."""
    known = headings()
    for number in sorted(sheet.rows)[:_HEADING_ROWS]:
        fields: dict[str, int] = {}
        others: dict[int, str] = {}
        for column in sorted(sheet.rows[number]):
            words = sheet.text(number, column)
            code = known.get(plain(words))
            if code and code not in fields:
                fields[code] = column
            elif words:
                others[column] = words
        if set(NEEDED) <= set(fields):
            return number, fields, others
    return None


def _read_sheet(
    sheet: Sheet, heading: int, fields: dict[str, int], others: dict[int, str]
) -> ManyRead:
    types = {plain(n): one for one in registry().contest_types() for n in _names_of(one)}
    numbers = [
        n
        for n in sorted(sheet.rows)
        if n > heading and any(sheet.text(n, c) for c in sheet.rows[n])
    ]
    findings = []
    if len(numbers) > MOST_ROWS:
        params = {"limit": str(MOST_ROWS), "found": str(len(numbers))}
        findings.append(Finding(pointer(sheet.title), "many-too-many", params))
    rows = [_Row(sheet, n, fields, others, types).read() for n in numbers[:MOST_ROWS]]
    used = {column for row in rows for column in row.columns.values()}
    unknown = [words for column, words in others.items() if column not in used]
    if not rows:
        findings.append(Finding(pointer(sheet.title), "many-empty", {}))
    return ManyRead(sheet.title, rows, findings, unknown)


def _names_of(contest_type: ContestType) -> list[str]:
    return [contest_type.code, *contest_type.title.values()]


@dataclass
class _Row:
    sheet: Sheet
    number: int
    fields: Mapping[str, int]
    others: Mapping[int, str]
    types: Mapping[str, ContestType]
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> ManyRow:
        contest_type = self._type()
        template = self._template(contest_type) if contest_type else None
        columns = dict(self.fields)
        options = dict(template.options) if template else {}
        if contest_type:
            answers, found = self._options(contest_type)
            options |= answers
            columns |= found
        title = {language: self.text(f) for f, language in _TITLES.items() if self.text(f)}
        if not title:
            self.wrong("title", "title-missing")
        start = ContestStart(
            code=self.text("code"),
            title=title,
            type_code=contest_type.code if contest_type else "",
            options=options,
            facts=self._facts(),
        )
        return ManyRow(self.number, start, columns, self.sheet.title, self.findings)

    def text(self, name: str) -> str:
        return self.sheet.text(self.number, self.fields[name]) if name in self.fields else ""

    def wrong(self, name: str, code: str, **params: str) -> None:
        column = self.fields.get(name, next(iter(self.fields.values())))
        at = pointer(self.sheet.title, f"{get_column_letter(column)}{self.number}")
        self.findings.append(Finding(at, code, params))

    def _type(self) -> ContestType | None:
        """The only type there is needs no naming."""
        said = self.text("type")
        found = self.types.get(plain(said))
        if found is None:
            known = ", ".join(dict.fromkeys(one.code for one in self.types.values()))
            code = "many-type-unknown" if said else "many-type-empty"
            self.wrong("type", code, type=said[:60], known=known)
        return found

    def _template(self, contest_type: ContestType) -> Template | None:
        said = self.text("template")
        if not said:
            return None
        for template in contest_type.templates:
            if plain(said) in {plain(n) for n in (template.code, *template.title.values())}:
                return template
        known = ", ".join(template.code for template in contest_type.templates) or "-"
        self.wrong("template", "many-template-unknown", template=said[:60], known=known)
        return None

    def _options(self, contest_type: ContestType) -> tuple[dict[str, Any], dict[str, int]]:
        """Further headings that name an option of the type by its code or its title."""
        known = {
            plain(name): option
            for option in contest_type.options
            if option.kind != "table"
            for name in (option.code, *option.title.values())
        }
        answers: dict[str, Any] = {}
        columns: dict[str, int] = {}
        for column, words in self.others.items():
            option = known.get(plain(words))
            if option is None:
                continue
            columns[option.code] = column
            typed = self.sheet.text(self.number, column)
            if typed:
                answers[option.code] = _answer(option, typed)
        return answers, columns

    def _facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = {
            name: self.text(name) for name in ("occupation", "contest_class") if self.text(name)
        }
        if "held_on" in self.fields:
            facts["held_on"] = self._date()
        said = self.text("profile")
        if said in YES or plain(said) in YES:
            facts["profile"] = SMALL
        elif plain(said) not in NO:
            self.wrong("profile", "many-yes-or-no", value=said[:40])
        return {name: value for name, value in facts.items() if value}

    def _date(self) -> str:
        cell = self.sheet.cell(self.number, self.fields["held_on"])
        shown = cell.shown if cell else None
        if isinstance(shown, datetime):
            return shown.date().isoformat()
        if isinstance(shown, date):
            return shown.isoformat()
        said = self.text("held_on")
        if not said:
            return ""
        found = _DATE.fullmatch(said)
        try:
            return date(*map(int, found.groups())).isoformat() if found else self._no_date(said)
        except ValueError:
            return self._no_date(said)

    def _no_date(self, said: str) -> str:
        self.wrong("held_on", "date-malformed", value=said[:40])
        return ""


def _answer(option: Option, typed: str) -> Any:
    if option.kind in ("int", "decimal"):
        return typed_number(option, typed)
    if option.kind == "bool":
        if typed in YES or plain(typed) in YES:
            return True
        return False if plain(typed) in NO else typed
    if option.kind == "choice":
        for choice in option.choices:
            if plain(typed) in {plain(n) for n in (choice.code, *choice.title.values())}:
                return choice.code
    return typed
