"""What a page about people shows of a draft, an entry and a form: text only, nothing decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar.datastructures import UploadFile
from openpyxl.utils import get_column_letter

from admin.console.frame import Req
from admin.console.judges.words import LEVELS
from admin.console.people.words import GENDERS, YES_NO
from contests.entering.checked import Change, Checked, Row
from contests.entering.columns import KINDS, Field
from contests.entering.draft import Draft
from contests.entering.exporting import masked, shown_documents
from contests.entering.known import Known
from contests.entering.members import document_kind, guessed_kind
from core.registry import registry
from core.scoring.model import Finding
from core.web.i18n import pick, translate

ROWS = 40
_SECRET = ("document_number", "permit_number")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """place: "D7" or "". open: to be typed into."""

    code: str
    place: str
    value: str
    open: bool
    errors: Sequence[Finding]
    warnings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """kind: new, changed, same, back, wrong, out. changes: (title, old, new)."""

    number: int
    kind: str
    cells: Sequence[ShownCell]
    others: Sequence[Finding]
    changes: Sequence[tuple[str, str, str]]
    row: Row


@dataclass(frozen=True, slots=True)
class ShownDraft:
    fields: Sequence[Field]
    rows: Sequence[ShownRow]
    show: str
    page: int
    pages: int
    totals: Mapping[str, int]


def shown_draft(
    draft: Draft, checked: Checked, known: Known, language: str,
    *, show: str, page: int, edit: int, old_values: bool,
) -> ShownDraft:  # fmt: skip
    """show: which rows ("" = those to correct when there are any). edit: a row that is all open.
    old_values: whether the reader may see what is on record."""
    kinds = {row.line.number: _kind(row) for row in checked.rows}
    totals = {
        kind: list(kinds.values()).count(kind)
        for kind in ("wrong", "new", "changed", "same", "back", "out")
    }
    totals["warned"] = sum(bool(r.warnings) or _against(r) for r in checked.rows)
    show = show or ("wrong" if totals["wrong"] else "all")
    wanted = [
        r for r in checked.rows if _wanted(r, kinds[r.line.number], show) or r.line.number == edit
    ]
    pages = max(1, -(-len(wanted) // ROWS))
    page = min(max(1, page), pages)
    here = wanted[(page - 1) * ROWS : page * ROWS]
    told = {f.pointer for r in here for f in r.findings}
    mapped = set(draft.columns.values()) | told | {c for m in draft.mended.values() for c in m}
    every = any(r.line.number == edit for r in here)
    fields = [f for f in KINDS[draft.kind] if f.code in mapped or every]
    rows = [
        ShownRow(
            r.line.number,
            kinds[r.line.number],
            [_cell(draft, r, f.code, opened=r.line.number == edit) for f in fields],
            [f for f in r.findings if not f.pointer],
            [_change(draft.kind, c, known, language, old_values=old_values) for c in r.changes],
            r,
        )
        for r in here
    ]
    return ShownDraft(fields, rows, show, page, pages, totals)


def field_words(draft: Draft) -> list[tuple[int, str, str, str]]:
    """(position, heading, the column's meaning, first value) of every column."""
    first = {at: words for row in reversed(draft.rows[:5]) for at, words in row.cells.items()}
    return [
        (at, words, draft.columns.get(at, ""), first.get(at, "") if draft.columns.get(at, "") not in _SECRET else "")
        for at, words in sorted(draft.titles.items())
    ]  # fmt: skip


def unread_columns(draft: Draft) -> list[str]:
    """Each with its letter, as the spreadsheet program shows it: "I 衣服尺码"."""
    return [
        f"{get_column_letter(at + 1)} {words}".strip()
        for at, words in sorted(draft.unknown().items())
    ]


def shown_value(code: str, value: Any, known: Known, language: str) -> str:
    if code == "delegation":
        title = next((t for id_, t in known.delegations.items() if str(id_) == str(value)), None)
        return pick(title, language) if title else str(value or "")
    if code in ("reserve", "leads"):
        return translate(YES_NO[bool(value)], language)
    if code == "level":
        return translate(LEVELS.get(str(value), str(value)), language)
    if code == "gender" and value in GENDERS:
        return translate(GENDERS[value], language)
    if code == "document_number" and value:
        kind = str(value).partition(":")[0]
        titles = {d.code: d.title for p in registry().partners() for d in p.documents()}
        return pick(titles[kind], language) if kind in titles else kind
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return str(value or "")


def documents_shown(documents: Sequence[tuple[str, str]], language: str) -> list[str]:
    """Each kind with the end of its number, if it may be shown at all."""
    titles = {d.code: d.title for p in registry().partners() for d in p.documents()}
    return [
        f"{pick(titles[kind], language) if kind in titles else kind} {masked(number) if number else ''}".strip()
        for kind, number in shown_documents(documents)
    ]


def typed_members(data: Mapping[str, str]) -> tuple[dict[str, str], list[dict[str, str]], list[UUID | None]]:  # fmt: skip
    """The fields of a form: those of the entry, of each member, and whom the members are on record."""
    shared = {f.code: str(data.get(f.code, "")).strip() for f in KINDS["entrants"]}
    members: list[dict[str, str]] = []
    persons: list[UUID | None] = []
    count = min(max(1, int(data["members"]) if data.get("members", "").isdigit() else 1), 20)
    for number in range(1, count + 1):
        one = {f.code: str(data.get(key(number, f.code), "")).strip() for f in KINDS["entrants"]}
        if number > 1 and not any(one.values()):
            continue
        members.append(one)
        sent = str(data.get(f"{number}.person", ""))
        persons.append(UUID(sent) if _is_uuid(sent) else None)
    return shared, members, persons


def key(number: int, code: str) -> str:
    """The name of a member's field: the first member's have no number."""
    return code if number == 1 else f"{number}/{code}"


async def fields_of(request: Req) -> tuple[dict[str, str], dict[str, UploadFile]]:
    """Texts and files of a form, however it was sent."""
    form = await request.form()
    texts = {k: v for k, v in form.items() if isinstance(v, str)}
    files = {k: v for k, v in form.items() if isinstance(v, UploadFile) and v.filename}
    return texts, files


def _kind(row: Row) -> str:
    if row.line.left_out:
        return "out"
    return "wrong" if row.errors else row.kind or "new"


def _wanted(row: Row, kind: str, show: str) -> bool:
    if show == "warned":
        return bool(row.warnings) or _against(row)
    return show == "all" or kind == show


def _against(row: Row) -> bool:
    return any(clause.verdict == "not_met" for clause in row.clauses)


def _cell(draft: Draft, row: Row, code: str, *, opened: bool) -> ShownCell:
    found = [f for f in row.findings if f.pointer == code]
    errors = [f for f in found if not f.is_warning]
    value = row.line.get(code)
    show_open = opened or bool(found)
    if code in _SECRET and not show_open:
        value = _hidden(draft, row, code, value)
    return ShownCell(code, draft.place(row.line.number, code), value, show_open, errors, [f for f in found if f.is_warning])  # fmt: skip


def _hidden(draft: Draft, row: Row, code: str, value: str) -> str:
    """A number that needs no mending is not spread over the page."""
    if not value:
        return ""
    partners = registry().partners()
    kind = document_kind(row.line.get("document_kind"), partners) or guessed_kind(value, partners)
    never = {k for partner in partners for k in partner.never_disclosed()}
    return "✓" if kind in never and code == "document_number" else masked(value)


def _change(
    kind: str, change: Change, known: Known, language: str, *, old_values: bool
) -> tuple[str, str, str]:
    titles = {f.code: f.title for f in KINDS[kind]} | {"member": "Member"}
    old = shown_value(change.field, change.old, known, language) if old_values else "…"
    return (
        translate(titles.get(change.field, change.field), language),
        old,
        shown_value(change.field, change.new, known, language),
    )


def _is_uuid(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True
