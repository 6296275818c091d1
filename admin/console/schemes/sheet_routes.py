"""The judge's sheet before there is any: on paper, and as a judge will see it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from litestar import Response, get

from admin.console.frame import Req, show
from contests.judging.paper.layout import Page, pages
from contests.judging.schemas import AspectView
from contests.judging.sheet_view import aspect_view
from contests.routing import of_contest
from contests.schemes.queries import contest_of, draft_of, judged_in, type_in
from core.contest_type import Instrument
from core.scoring.model import Kind, Module
from core.security import requires

READ = [requires("contest.read", of_contest)]
BASE = "/console/contests/{contest:uuid}/scheme"


@dataclass(frozen=True, slots=True)
class SampleSheet:
    """What one panel marks in one module."""

    module: Module
    panel: str
    judges: int
    aspects: tuple[AspectView, ...]
    sides: tuple[Page, ...]


@get(f"{BASE}/print", guards=READ, include_in_schema=False)
async def print_preview(request: Req, contest: UUID) -> Response[bytes]:
    return await _preview(request, contest, "schemes/print.html")


@get(f"{BASE}/preview", guards=READ, include_in_schema=False)
async def judge_preview(request: Req, contest: UUID) -> Response[bytes]:
    return await _preview(request, contest, "schemes/preview.html")


async def _preview(request: Req, contest: UUID, template: str) -> Response[bytes]:
    row, draft = await contest_of(contest), await draft_of(contest)
    verdict = judged_in(row, draft.document)
    contest_type = type_in(row)
    sheets = []
    for module in verdict.scheme.modules if verdict.scheme else ():
        sheets += _sheets(module, contest_type.instruments())
    return await show(
        request,
        template,
        room="schemes",
        contest=contest,
        title=json.loads(row["title"]),
        contest_code=row["code"],
        open_places=verdict.open_places,
        sheets=sheets,
    )


def _sheets(module: Module, instruments: Sequence[Instrument]) -> list[SampleSheet]:
    """One for every panel that marks in the module; what is decided elsewhere is on none."""
    found: dict[str, list[AspectView]] = {}
    sizes: dict[str, int] = {}
    for aspect in module.aspects():
        if aspect.kind is Kind.GIVEN:
            continue
        found.setdefault(aspect.panel, []).append(aspect_view(aspect, instruments))
        sizes[aspect.panel] = max(sizes.get(aspect.panel, 1), aspect.judges)
    return [
        SampleSheet(module, panel, sizes[panel], tuple(views), tuple(pages(views)))
        for panel, views in found.items()
    ]


HANDLERS = [print_preview, judge_preview]
