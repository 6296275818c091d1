"""Sentences about the filing (备案) of an assessment body."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "filing-kind": "Only an assessment body has a filing. Leave it out here, or change the kind.",
    "filing-unknown": "A filing has no {field}. It has: {known}.",
    "filing-text": "Give 1 to {most} characters.",
    "filing-list": "List at least one, as texts.",
    "filing-occupation": (
        "“{code}” is no occupation code. Write it as 4-08-03-07, or the code that a contest here uses."
    ),
    "filing-level": "There is no level {code}. Levels: {known}.",
    "filing-day": "“{day}” is no date. Write it as 2026-11-20.",
    "filing-days": "The last day is before the first one. Compare both with the filing.",
    "filing-province": "Give the two digits of the province, as 44 for Guangdong, or leave it empty.",
}
register(FINDINGS)
