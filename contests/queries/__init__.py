"""What the organiser's side may read. No writes. Names only where the caller asks as somebody with
`identity.read`; a code never together with a name before the codes are opened."""

from __future__ import annotations

from contests.queries.overview import Overview, contest_overview
from contests.queries.people import EntryView, entries, names_for
from contests.queries.record import ApprovalView, approvals, log_findings, log_lines, log_texts
from contests.queries.results import (
    StandingsView,
    explain_entry,
    explanation,
    standings,
    standings_preview,
    team_standings,
    versions,
)
from contests.queries.sheets import (
    Grid,
    GridCell,
    QuarantineView,
    missing_sheets,
    quarantined,
    sheet_counts,
    sheet_grid,
)

__all__ = [
    "ApprovalView",
    "EntryView",
    "Grid",
    "GridCell",
    "Overview",
    "QuarantineView",
    "StandingsView",
    "approvals",
    "contest_overview",
    "entries",
    "explain_entry",
    "explanation",
    "log_findings",
    "log_lines",
    "log_texts",
    "missing_sheets",
    "names_for",
    "quarantined",
    "sheet_counts",
    "sheet_grid",
    "standings",
    "standings_preview",
    "team_standings",
    "versions",
]
