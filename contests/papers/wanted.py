"""Which papers a contest has by now, which signed ones are there, and which are still missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from contests.actions.common import scopes_of
from contests.exports.reading import lines_of_kinds
from contests.papers.about import About, outline
from contests.papers.incident_messages import SENTENCES
from contests.papers.kinds import HANDLES, KINDS
from contests.papers.scans import ScanView, scans_of
from contests.remembered import replayed
from contests.tables import PaperTyping
from core.security import Actor, check
from core.web.i18n import show_date

_MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. about: which module, day, version … as the reader says it. due: a signed scan of it
    should be here by now. scans: the newest first, replaced ones among them."""

    kind: str
    part: str
    about: str
    step: str
    due: bool
    scans: Sequence[ScanView]

    @property
    def here(self) -> bool:
        return any(scan.current for scan in self.scans)

    @property
    def missing(self) -> bool:
        return self.due and not self.here


async def papers_of(contest: UUID, *, by: Actor, language: str) -> list[Paper]:
    """Those that the reader may print, in the order of a contest's day. Raises Forbidden."""
    scopes = await scopes_of(contest)
    check(by, HANDLES, *scopes)
    of = await outline(contest, await replayed(contest), language=language)
    scans: dict[tuple[str, str], list[ScanView]] = {}
    for scan in await scans_of(contest):
        scans.setdefault((scan.paper, scan.part), []).append(scan)
    typed = await _typed_without_scan(contest)
    incidents = bool(await lines_of_kinds(contest, SENTENCES))
    corrections = [line.seq for line in await lines_of_kinds(contest, ["correction"])]
    found = [
        Paper(kind.code, part, words, kind.step, due, scans.pop((kind.code, part), []))
        for kind in KINDS.values()
        if not kind.permission or by.may(kind.permission, *scopes)
        for part, words, due in _parts(of, kind.code, typed, incidents, corrections)
    ]
    left = [
        Paper(kind, part, part, KINDS[kind].step, False, those)
        for (kind, part), those in scans.items()
        if kind in {paper.kind for paper in found}
    ]
    return sorted([*found, *left], key=lambda paper: list(KINDS).index(paper.kind))


def missing(papers: Sequence[Paper]) -> list[Paper]:
    return [paper for paper in papers if paper.missing]


def _parts(
    of: About,
    kind: str,
    typed: Mapping[str, int],
    incidents: bool,
    corrections: Sequence[int],
) -> Iterator[tuple[str, str, bool]]:
    """(part, in words, whether a signed one is due)."""
    known = of.known
    marking, ended = known.frozen is not None, bool(known.judging_ended)
    modules = [(module.id, of.module_title(module.id)) for module in of.scheme.modules]
    if kind == "draw_record":
        yield from ((id_, title, id_ in known.codes) for id_, title in modules)
    elif kind == "check_in":
        yield "", "", marking
    elif kind == "attendance":
        yield from ((day, show_date(day, of.language), marking) for day in _days(of))
    elif kind == "marking_sheet" and marking:
        yield from ((id_, title, bool(typed.get(id_))) for id_, title in modules)
    elif kind == "incident":
        yield "", "", ended and incidents
    elif kind == "summary" and marking:
        yield from ((id_, title, ended) for id_, title in modules)
    elif kind == "result_list" and known.versions:
        newest = known.versions[-1].number
        yield str(newest), f"{of.word('version')} {newest}", True
    elif kind == "correction":
        yield from ((str(seq), f"{of.word('number')} {seq}", True) for seq in corrections)
        if not corrections:
            yield "", "", False


def _days(of: About) -> list[str]:
    """The contest's own day, else every day of the competition."""
    own = str(of.facts.get("held_on") or "")
    first, last = own or of.competition["held_from"], own or of.competition["held_to"]
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return [""]
    days = min((end - start).days, _MOST_DAYS - 1)
    return [(start + timedelta(days=n)).isoformat() for n in range(days + 1)] or [first]


async def _typed_without_scan(contest: UUID) -> dict[str, int]:
    """Module -> sheets that were typed from paper and whose picture is not with them."""
    rows = await PaperTyping.select(PaperTyping.module, PaperTyping.sheet, PaperTyping.scan).where(
        PaperTyping.contest == contest
    )
    typed: dict[str, set[UUID]] = {}
    scanned = {row["sheet"] for row in rows if row["scan"]}
    for row in rows:
        if row["sheet"] not in scanned:
            typed.setdefault(row["module"], set()).add(row["sheet"])
    return {module: len(sheets) for module, sheets in typed.items()}
