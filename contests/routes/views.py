"""From what was read of a contest to the API's shapes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from contests.breakdown import total_text
from contests.chain import LogLine, instant
from contests.queries import Grid, Overview, StandingsView
from contests.schemas import (
    ContestOut,
    ExplanationOut,
    LogLineOut,
    PrizeCountOut,
    SheetCell,
    SheetGrid,
    StandingOut,
    StandingsOut,
    StepOut,
)
from core.explaining import render_step
from core.findings import render
from core.problems import ProblemFinding
from core.scoring.codec import to_json
from core.scoring.explain import Step
from core.scoring.model import AwardCount, Finding, Standing
from core.scoring.numbers import decimal_text


def findings_out(findings: Sequence[Finding], language: str) -> list[ProblemFinding]:
    return [
        ProblemFinding(f.pointer, f.code, render(f, language), dict(f.params)) for f in findings
    ]


def contest_out(about: Overview, language: str) -> ContestOut:
    row = about.row
    return ContestOut(
        id=row["id"],
        competition=row["competition"],
        code=row["code"],
        title=dict(about.title),
        state=row["state"],
        type_code=row["type_code"],
        type_version=row["type_version"],
        options=dict(about.options),
        facts=dict(about.facts),
        scheme=to_json(about.scheme),
        rules=to_json(about.rules),
        rules_hash=row["rules_hash"],
        revision=row["revision"],
        entries=about.entries,
        result_version=row["result_version"],
        notice_until=instant(row["notice_until"]) if row["notice_until"] else None,
        next_step=about.next_step,
        unmet=findings_out(about.unmet, language),
        warnings=findings_out(about.warnings, language),
        shared_duties=[list(one.duties) for one in about.shared_duties],
    )


def standings_out(view: StandingsView) -> StandingsOut:
    return StandingsOut(
        contest=view.contest,
        version=view.version,
        reason=view.reason,
        rules_hash=view.rules_hash,
        log_head=view.log_head,
        standings=[_standing(standing, view) for standing in view.results.standings],
        prizes=[_count(count) for count in view.results.counts],
    )


def _standing(standing: Standing, view: StandingsView) -> StandingOut:
    entry, names = standing.entry, view.names
    return StandingOut(
        entry=UUID(entry),
        group=standing.group,
        rank=standing.rank,
        shared=standing.shared,
        total=total_text(standing.total, view.rules) or None,
        exact=None if standing.exact is None else decimal_text(standing.exact),
        status=str(standing.status),
        decided_by=standing.decided_by,
        delegation=view.delegations.get(entry, ""),
        codes=dict(view.codes.get(entry, {})),
        names=None if names is None else list(names.get(entry, ())),
        prizes=[prize for _, prize in view.prizes.get(entry, ())],
    )


def _count(count: AwardCount) -> PrizeCountOut:
    return PrizeCountOut(
        rule=count.rule,
        prize=count.prize,
        group=count.group,
        base=count.base,
        asked=decimal_text(count.asked),
        proposed=count.proposed,
    )


def explanation_out(entry: UUID, steps: Sequence[Step], language: str) -> ExplanationOut:
    return ExplanationOut(
        entry=entry,
        steps=[
            StepOut(step.level, step.code, render_step(step, language), dict(step.params))
            for step in steps
        ],
    )


def grid_out(grid: Grid) -> SheetGrid:
    cells = [
        SheetCell(c.sheet, c.module, c.code, c.seat, c.state, c.seq, c.attempt, c.round)
        for c in grid.cells
    ]
    return SheetGrid(grid.owed, grid.signed, cells)


def log_line_out(line: LogLine) -> LogLineOut:
    return LogLineOut(line.seq, line.kind, line.at, line.body, line.prev, line.hash)
