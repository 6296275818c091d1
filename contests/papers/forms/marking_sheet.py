"""评分表: a sheet for each judge and work of a module, to mark on paper; its picture code leads the typist to
the same sheet."""

from __future__ import annotations

from typing import Any

from contests.judging.paper.sheets import PaperSheet, chosen, paper_of
from contests.papers.about import About, paper
from core.errors import NotReady
from core.scoring.check import step
from core.scoring.model import Aspect, Finding, Kind
from core.scoring.numbers import milli_text
from core.web import qr


async def data(of: About, part: str) -> dict[str, Any]:
    """part: "MODULE" or "MODULE/SEAT"; sheets that are in already are left out."""
    module, _, seat = part.partition("/")
    if of.known.frozen is None:
        raise NotReady([Finding("", "rules-not-frozen", {})])
    sheets = chosen((await paper_of(of.contest)).sheets, module=module, seat=seat)
    whole = paper(of, "marking_sheet", notes=[of.note("codes_only")])
    return {
        **whole,
        "words": {key: of.word(key) for key in _WORDS},
        "sheets": [_sheet(of, one) for one in sheets],
    }


_WORDS = (
    "module", "code", "seat", "judge", "aspect", "maximum", "step", "mark", "remark", "signature",
    "date", "round", "attempt", "requirement",
)  # fmt: skip


def pictures(data: dict[str, Any]) -> dict[str, bytes]:
    """The picture code of each sheet."""
    return {f"{sheet['id']}.svg": qr.svg(sheet["id"].upper()).encode() for sheet in data["sheets"]}


def _sheet(of: About, one: PaperSheet) -> dict[str, Any]:
    return {
        "id": str(one.sheet),
        "module": of.module_title(one.module.id),
        "code": one.code,
        "seat": " ".join(one.together) or one.judge.seat,
        "judge": one.label,
        "round": str(one.round) if one.round > 1 else "",
        "attempt": str(one.attempt) if one.attempt > 1 else "",
        "trial": of.word("practice") if one.trial else "",
        "signers": len(one.together) or 1,
        "aspects": [_aspect(of, aspect) for aspect in one.aspects],
    }


def _aspect(of: About, aspect: Aspect) -> dict[str, Any]:
    judged = aspect.kind is Kind.JUDGEMENT
    stepped = step(aspect)
    return {
        "id": aspect.id,
        "title": of.say(aspect.title),
        "requirement": of.say(aspect.requirement),
        "levels": [of.say(text) for text in aspect.descriptors] if judged else [],
        "maximum": aspect.unit if aspect.calculation else _maximum(aspect, judged=judged),
        "step": "" if judged or aspect.calculation or not stepped else milli_text(stepped),
    }


def _maximum(aspect: Aspect, *, judged: bool) -> str:
    if judged:
        return str(max(len(aspect.descriptors) - 1, 0) or 3)
    return "" if aspect.maximum is None else milli_text(aspect.maximum)
