"""Tables to hand out: an empty one to fill in, and everybody who is entered. Every cell is text, so
that WPS and Excel keep eighteen digits; CSV carries its mark, and a tab in front of what they would
take for a number or a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from contests.actions.common import allowed, contest_row, scopes_of
from contests.entering.columns import KINDS, Field
from contests.entering.judges import LEVEL_TITLES
from contests.entering.known import Known, KnownEntry
from contests.entering.load import entries_of, known_for
from contests.entering.plain import ROLES, role_words
from contests.seating.planned import plan_of
from core import audit, disclosure
from core.db import transaction
from core.registry import registry
from core.security import Actor, check
from core.web.i18n import pick, translate

FILLED_ROWS = 2000
_DIGITS = 11
_RISKY = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Table:
    """columns and cells as text, ready to be written."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def template(
    kind: str,
    language: str,
    *,
    choices: Mapping[str, Sequence[str]] | None = None,
    rows: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """An .xlsx to fill in: headings, text cells, lists to choose from, and a page that explains.
    rows: what is known of some rows already."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = translate("Table", language)
    for at, one in enumerate(KINDS[kind], 1):
        cell = page.cell(1, at, _heading(one, language))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="FFDDE7F3")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        letter = get_column_letter(at)
        page.column_dimensions[letter].width = 26 if one.wide else 20
        for row in range(2, 202):
            page.cell(row, at).number_format = "@"
        for row, known in enumerate(rows, 2):
            if words := known.get(one.code):
                page.cell(row, at, words)
        offered = list((choices or {}).get(one.code, ()))
        if offered and sum(map(len, offered)) + len(offered) < 250:
            rule = DataValidation(
                type="list",
                formula1=f'"{",".join(offered)}"',
                allow_blank=True,
                showErrorMessage=False,
            )
            rule.add(f"{letter}2:{letter}{FILLED_ROWS}")
            page.add_data_validation(rule)
    page.freeze_panes = "A2"
    _explain(book, kind, language)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


async def template_choices(kind: str, contest: UUID | None, language: str) -> dict[str, list[str]]:
    """What may be chosen in some columns of a template."""
    yes = [translate("yes", language), translate("no", language)]
    kinds = [pick(d.title, language) for p in registry().partners() for d in p.documents()]
    found = {"reserve": yes, "leads": yes,
             "level": [translate(one, language) for one in LEVEL_TITLES], "document_kind": list(dict.fromkeys(kinds)),
             "gender": [translate("male", language), translate("female", language)],
             "role": [translate(role_words(role), language) for role in ROLES]}  # fmt: skip
    if kind == "entrants" and contest is not None:
        known = await known_for(contest)
        found["delegation"] = [pick(title, language) for title in known.delegations.values()]
        found["group"] = list(known.groups)
    return {
        code: [words for words in offered if "," not in words] for code, offered in found.items()
    }


async def planned_rows(by: Actor, contest: UUID, language: str) -> list[dict[str, str]]:
    """The duties of the contest's plan that nobody has yet, for a table of staff."""
    await allowed(by, "contest.appoint", contest)
    return [
        {
            "role": translate(role_words(duty.role), language),
            "seat": duty.seat if duty.role == "judge" else "",
            "panel": duty.panel,
            "group": duty.group,
            "modules": "、".join(duty.modules),
        }
        for duty in (await plan_of(contest)).duties
        if not duty.name and duty.role in ROLES
    ]


async def entrants_table(by: Actor, contest: UUID, language: str, *, documents: bool) -> Table:
    """Everybody who is entered, for who may read identities; the export is on record. documents: with
    their numbers, except those that may never be shown beside a name."""
    scope = await allowed(by, "contest.enter", contest)
    check(by, "identity.read", *await scopes_of(contest))
    known = await known_for(contest)
    entries = [e for e in await entries_of(contest) if e.status != "withdrawn"]
    fields = [
        f
        for f in KINDS["entrants"]
        if documents or f.code not in ("document_kind", "document_number", "permit_number")
    ]
    rows = [
        _row(fields, entry, at, known, language)
        for entry in entries
        for at in range(len(entry.members))
    ]
    async with transaction():
        after = {"rows": len(rows), "documents": documents}
        await audit.record(by, "people.exported", scope=scope, after=after)
    return Table([_heading(one, language) for one in fields], rows)


def xlsx(table: Table, title: str) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "".join(c for c in title if c not in "[]:*?/\\")[:31] or "Sheet1"
    for number, row in enumerate([table.columns, *table.rows], 1):
        for at, words in enumerate(row, 1):
            cell = page.cell(number, at)
            cell.value = words
            cell.data_type = "s"  # otherwise "=…" becomes a formula
            cell.number_format = "@"
            if number == 1:
                cell.font = Font(bold=True)
    for at in range(1, len(table.columns) + 1):
        page.column_dimensions[get_column_letter(at)].width = 22
    page.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def csv_text(table: Table) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_kept(words) for words in row])
    return b"\xef\xbb\xbf" + made.getvalue().encode()


async def file_stem(contest: UUID) -> str:
    return f"{(await contest_row(contest))['code']}-entrants"


def shown_documents(documents: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(kind, number), with "" for numbers that some partner never lets be shown."""
    hidden = disclosure.never()
    return [
        (kind, "" if kind in hidden or disclosure.hong_kong(number) else number)
        for kind, number in documents
    ]


def _row(
    fields: Sequence[Field], entry: KnownEntry, at: int, known: Known, language: str
) -> list[str]:
    member = entry.members[at]
    shown = shown_documents(member.documents)
    permit = next((n or "" for kind, n in shown if kind == "home_return_permit"), "")
    kind, number = next(((k, n) for k, n in shown if k != "home_return_permit"), ("", ""))
    titles = {d.code: d.title for p in registry().partners() for d in p.documents()}
    values: dict[str, Any] = {
        **member.facts,
        "number": entry.number,
        "name": member.name,
        "gender": {"m": translate("male", language), "f": translate("female", language)}.get(str(member.facts.get("gender")), ""),
        "titles": "、".join(member.facts.get("titles", ())),
        "document_kind": pick(titles[kind], language) if kind in titles else "",
        "document_number": number,
        "permit_number": permit,
        "delegation": pick(known.delegations.get(entry.delegation, {}), language) if entry.delegation else "",
        "group": entry.group,
        "team": pick(entry.team, language) if entry.team else "",
        "reserve": translate("yes", language) if entry.reserve else "",
    }  # fmt: skip
    return [str(values.get(one.code, "")) for one in fields]


def _heading(one: Field, language: str) -> str:
    return translate(one.title, language)


def _kept(words: str) -> str:
    """What a spreadsheet program would turn into a number, or run."""
    if words.startswith(_RISKY) and not words.lstrip("+-").replace(" ", "").isdigit():
        return "'" + words
    plain = words.replace(".", "", 1)
    return (
        "\t" + words
        if plain.isdigit() and (len(plain) > _DIGITS or plain.startswith("0"))
        else words
    )


def _explain(book: Any, kind: str, language: str) -> None:
    page = book.create_sheet(translate("How to fill it in", language))
    page.column_dimensions["A"].width = 30
    page.column_dimensions["B"].width = 90
    lines = [
        translate("One row for each person. Leave columns empty that you don't need; their order doesn't matter.", language),
        translate("The cells are text: type identity numbers as they are, all 18 digits stay.", language),
        translate("Rows with the same team and delegation become one team.", language) if kind == "entrants" else "",
    ]  # fmt: skip
    for line in filter(None, lines):
        page.append([line])
    page.append([])
    for one in KINDS[kind]:
        needed = translate("needed", language) if one.wanted else ""
        page.append([_heading(one, language), needed])
