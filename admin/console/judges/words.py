"""What these pages call things that are stored as codes."""

from __future__ import annotations

from collections.abc import Mapping

POLICIES: Mapping[str, str] = {
    "substitute": "A substitute goes on",
    "void": "Nothing of this judge counts, for anybody",
    "smaller": "The others go on without",
}
POLICY_HINTS: Mapping[str, str] = {
    "substitute": "Somebody else takes the open sheets. What is signed stays.",
    "void": "All sheets of this seat are set aside; all works are counted with one judge fewer.",
    "smaller": "What is signed stays. The rest is marked by one judge fewer.",
}
INTERESTS: Mapping[str, str] = {
    "delegation": "Same delegation",
    "employer": "Same employer",
    "school": "Same school",
    "trainer": "Trained by",
    "studio": "Same studio",
    "relation": "Knows a person",
    "declared": "Named by the organiser",
}
HANDLINGS: Mapping[str, str] = {
    "block": "May not judge here",
    "recuse": "Judges, but is not counted for that entrant",
    "warn": "A warning",
    "ignore": "Ignored",
}
LEVELS: Mapping[str, str] = {
    "": "not stated",
    "city": "City level",
    "provincial": "Provincial level",
    "national": "National level",
}
