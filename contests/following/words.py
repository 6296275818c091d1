"""What the leader's page calls things."""

from __future__ import annotations

from collections.abc import Mapping

INCIDENTS: Mapping[str, str] = {
    "conflict": "sheets with two versions",
    "kept": "sheets kept apart",
    "again": "works to be marked again",
    "gap": "tablets with sheets under way",
    "appeal": "appeals",
    "approval": "steps that wait for a second person",
}
COLUMNS = (
    "Day",
    "Time",
    "What",
    "Where",
    "Number",
    "Delegation",
    "Note",
    "Seat",
    "Duty",
    "Name",
    "Group",
    "Modules",
    "Place",
    "Who",
    "Total",
    "Prize",
    "The whole day",
    "Everybody",
)
"""Heads of the copies' columns, and what stands in them."""
