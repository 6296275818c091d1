"""From a kind of paper to its PDF. A paper reads; it changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.actions.common import scopes_of
from contests.papers.about import About, about
from contests.papers.forms import (
    attendance,
    check_in,
    correction,
    draw_record,
    incident,
    marking_sheet,
    result_list,
    summary,
)
from contests.papers.kinds import HANDLES, KINDS, Kind
from contests.papers.words import TITLES
from core import paper
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, check
from core.web.i18n import LANGUAGES, translate

Form = Callable[[About, str], Awaitable[dict[str, Any]]]

FORMS: Mapping[str, tuple[Form, str]] = {
    "draw_record": (draw_record.data, "record"),
    "check_in": (check_in.data, "record"),
    "attendance": (attendance.data, "record"),
    "marking_sheet": (marking_sheet.data, "marking"),
    "incident": (incident.data, "record"),
    "summary": (summary.data, "record"),
    "result_list": (result_list.data, "record"),
    "correction": (correction.data, "slips"),
}
MOST_SHEETS = 400
"""Sheets in one file; above it the judge is chosen first."""


@dataclass(frozen=True, slots=True)
class Printed:
    """name: for the download."""

    name: str
    content: bytes


async def print_paper(
    by: Actor,
    contest: UUID,
    kind: str,
    *,
    part: str = "",
    language: str = "zh-Hans",
    now: datetime | None = None,
) -> Printed:
    """One paper as A4 PDF, as things stand. Names only after the codes are open and for who may know.

    Raises NotFound for what isn't there, NotReady for what can't be printed yet.
    """
    chosen = await permitted(by, contest, kind)
    language = language if language in LANGUAGES else LANGUAGES[0]
    of = await about(contest, by=by, language=language)
    if not known_part(of, chosen, part):
        raise NotFound(kind="part of a paper", id=part[:40])
    form, template = FORMS[kind]
    data = await form(of, part)
    if len(data.get("sheets", ())) > MOST_SHEETS:
        params = {"count": str(len(data["sheets"])), "limit": str(MOST_SHEETS)}
        raise Invalid([Finding("/part", "too-many-sheets", params)])
    images = marking_sheet.pictures(data) if kind == "marking_sheet" else {}
    content = await paper.pdf(
        f"contests/papers/{template}.typ",
        data,
        language=language,
        at=now or datetime.now(UTC),
        images=images,
    )
    title = translate(TITLES[kind], language)
    name = "-".join([of.row["code"], title, *([part.replace("/", "-")] if part else [])])
    return Printed(f"{name}.pdf", content)


async def permitted(by: Actor, contest: UUID, kind: str) -> Kind:
    """Raises NotFound and Forbidden."""
    found = KINDS.get(kind)
    if found is None:
        raise NotFound(kind="paper", id=kind[:40])
    scopes = await scopes_of(contest)
    check(by, HANDLES, *scopes)
    if found.permission:
        check(by, found.permission, *scopes)
    return found


def known_part(of: About, kind: Kind, part: str) -> bool:
    """Whether a paper of this kind can be about `part`."""
    modules = {module.id for module in of.scheme.modules}
    if kind.code in {"draw_record", "summary"}:
        return part in modules
    if kind.code == "marking_sheet":
        module, _, seat = part.partition("/")
        seats = {one.seat for one in of.known.appointments.values()}
        return module in modules and (not seat or seat in seats)
    if kind.code in {"result_list", "correction"}:
        return not part or part.isdecimal()
    if kind.code == "attendance":
        return not part or _is_date(part)
    return not part


def _is_date(text: str) -> bool:
    try:
        return bool(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC))
    except ValueError:
        return False
