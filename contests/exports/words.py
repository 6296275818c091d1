"""Headings of the files; the catalogues translate them."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {
    "standings": "Standings",
    "marks": "Marks",
    "group": "Group",
    "place": "Place",
    "shared": "Shared place",
    "entry_number": "Entry number",
    "code": "Work code",
    "names": "Names",
    "delegation_code": "Delegation's code",
    "delegation": "Delegation",
    "total": "Total",
    "exact": "Total before rounding",
    "status": "Status",
    "prizes": "Prize",
    "yes": "yes",
    "module": "Module",
    "criterion": "Criterion",
    "aspect": "Aspect",
    "aspect_title": "Aspect's title",
    "seat": "Judge's seat",
    "mark": "Mark",
    "dropped": "Dropped as highest or lowest",
    "measured": "Measured value",
    "counts_as": "Counts as",
    "points": "Points scored",
    "maximum": "At most",
    "round": "Round",
}

OUTCOMES: Mapping[str, str] = {
    "scored": "Scored",
    "missing": "Marks missing",
    "DNS": "Absent",
    "DNF": "Not finished",
    "DSQ": "Disqualified",
    "void": "Void",
    "not_qualified": "Not admitted",
}
"""What stands in the place of a number -> msgid: no reader has to know the letters."""
