"""What values and states are called on the pages about people; msgids."""

from __future__ import annotations

GENDERS = {"m": "male", "f": "female"}
YES_NO = {True: "yes", False: "no"}
VERDICTS = {"met": "fits", "not_met": "speaks against", "unknown": "not known", "note": "to note"}
UNIT_KINDS = {
    "new": "new",
    "changed": "changed",
    "same": "unchanged",
    "back": "comes back",
    "wrong": "to correct",
    "out": "left out",
}
KIND_TITLES = {
    "entrants": "Import entrants",
    "staff": "Import judges and staff",
    "delegations": "Import delegations",
    "pool": "Import judges into the pool",
}
STATES = {"checking": "not finished", "imported": "imported", "undone": "taken back"}
GROUPS = {"workers": "Workers", "students": "Students"}
