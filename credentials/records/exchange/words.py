"""Words that every place which shows a record from a list uses."""

from __future__ import annotations

PAPER = "From paper, not judged here"
"""Beside every result, honour and level that comes from a list of before the platform."""
ORIGINS = {
    "paper": "From before the platform, on paper",
    "file": "From another installation or database",
}
STATES = {
    "looked": "looked at, not taken in",
    "running": "being taken in",
    "done": "on record",
    "undone": "taken back",
}
KINDS = {"results": "Result of a contest", "honours": "Honour", "levels": "Skill level"}
CHANGES = {
    "granted": "granted",
    "corrected": "corrected",
    "withdrawn": "withdrawn",
    "taken_out": "taken out",
    "list_taken_in": "a list was taken in",
    "list_taken_back": "a list was taken back",
    "test": "test",
}
"""Of messages to an authority's database."""
