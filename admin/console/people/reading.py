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
from contests.entering.draft import SECRET, Draft
from contests.entering.known import Known
from contests.entering.unshown import unshowable
from core import disclosure, privacy
from core.registry import registry
from core.scoring.model import Finding
from core.web.i18n import pick, translate

ROWS = 40


@dataclass(frozen=True, slots=True)
class ShownCell:
    """place: "D7" or "". open: to be typed into. unshown: there is a number that may not stand beside
    a name; the field is empty and keeps it."""

    code: str
    place: str
    value: str
    open: bool
    errors: Sequence[Finding]
    warnings: Sequence[Finding]
    unshown: bool = False


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
    first = {
        at: disclosure.without_hong_kong(words)
        for row in reversed(draft.rows[:5])
        for at, words in row.cells.items()
    }
    return [
        (at, words, draft.columns.get(at, ""), first.get(at, "") if draft.columns.get(at, "") not in SECRET else "")
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
        f"{pick(titles[kind], language) if kind in titles else kind} {disclosure.number(kind, number, 'staff')}".strip()
        for kind, number in documents
    ]


def typed_members(data: Mapping[str, str]) -> tuple[dict[str, str], list[dict[str, str]], list[UUID | None]]:  # fmt: skip
    """The fields of a form: those of the entry, of each member, and whom the members are on record."""
    shared = {f.code: str(data.get(f.code, "")).strip() for f in KINDS["entrants"]}
    members: list[dict[str, str]] = []
    persons: list[UUID | None] = []
    count = min(max(1, int(data["members"]) if data.get("members", "").isdigit() else 1), 20)
    for number in range(1, count + 1):
        one = {f.code: _typed(data, key(number, f.code)) for f in KINDS["entrants"]}
        if number > 1 and not any(one.values()):
            continue
        members.append(one)
        sent = str(data.get(f"{number}.person", ""))
        persons.append(UUID(sent) if _is_uuid(sent) else None)
    return shared, members, persons


def key(number: int, code: str) -> str:
    """The name of a member's field: the first member's have no number."""
    return code if number == 1 else f"{number}/{code}"


def unshown_in(members: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Field of the form -> its sealed value, where it may not come back beside the name."""
    return {
        key(number, code): privacy.sealed_in_form(one[code])
        for number, one in enumerate(members, 1)
        for code in SECRET
        if disclosure.hong_kong(one.get(code, ""))
    }


def _typed(data: Mapping[str, str], name: str) -> str:
    """As typed now, or what the form kept unseen of the time before."""
    words = str(data.get(name, "")).strip()
    return words or privacy.read_in_form(str(data.get(f"{name}.kept", "")))


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
    value, unshown = row.line.get(code), False
    show_open = opened or bool(found)
    if code in SECRET and unshowable(row.line, code):
        value, unshown = "" if show_open else "✓", True
    elif code in SECRET and not show_open:
        value = disclosure.masked_number(value) if value else ""
    elif code not in SECRET and not show_open:
        value = disclosure.without_hong_kong(value)
    warnings = [f for f in found if f.is_warning]
    place = draft.place(row.line.number, code)
    return ShownCell(code, place, value, show_open, errors, warnings, unshown)


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
