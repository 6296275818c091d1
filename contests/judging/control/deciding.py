"""What a leader has to decide, as parts of the control room's page: both versions side by side, and what
was kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response

from contests.judging.control.words import CONFLICT_REASONS
from contests.judging.decisions.conflicts import conflicts
from contests.judging.decisions.kept import kept_apart
from core.security import actor_in
from core.web import templates
from core.web.i18n import show_moment, translate
from core.web.language import language_of


async def conflicts_part(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    language = language_of(request)
    found = await conflicts(contest, account=actor_in(request).account, language=language)
    return templates.render(
        request,
        "control/conflicts.html",
        contest=contest,
        conflicts=found,
        reason_text=lambda slug: translate(CONFLICT_REASONS.get(str(slug), str(slug)), language),
        mark=lambda mark: mark_text(mark, language),
        moment=lambda at: show_moment(at, language),
    )


async def quarantine_part(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    language = language_of(request)
    found = await kept_apart(contest, account=actor_in(request).account, language=language)
    return templates.render(
        request,
        "control/quarantine.html",
        contest=contest,
        kept=found,
        mark=lambda mark: mark_text(mark, language),
        moment=lambda at: show_moment(at, language),
    )


def mark_text(mark: Mapping[str, Any] | None, language: str) -> str:
    """One mark as its judge gave it."""
    if not mark:
        return "—"
    note = f" ({mark['note']})" if mark.get("note") else ""
    return _given(mark, language) + note


def _given(mark: Mapping[str, Any], language: str) -> str:
    if mark.get("outcome", "scored") != "scored":
        return translate(str(mark["outcome"]), language)
    if "defects" in mark:
        points = [f"−{defect['points']}" for defect in mark["defects"]]
        return ", ".join(points) or translate("No defects", language)
    raw = mark.get("raw")
    if raw in ("true", "false"):
        return translate("Yes" if raw == "true" else "No", language)
    return str(raw if raw not in (None, "") else mark.get("value", ""))
