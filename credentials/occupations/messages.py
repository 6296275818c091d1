"""Sentences of what may be wrong with a list of occupations, or with a code that is typed."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "occupations-headings": (
        "Columns for code and name were not found. Head them 职业编码 and 职业名称 in one of the first ten rows,"
        " or use the empty table."
    ),
    "occupations-empty": "There is no occupation below the headings. Add one line for each.",
    "occupations-long": "There are more than {most} occupations. Split the list.",
    "occupations-code": "“{code}” is no code of an occupation. Write it as 4-08-03-07.",
    "occupations-twice": "{code} stands in the list more than once. Keep one of the lines.",
    "occupations-name": "The occupation has no name. Give one of at most {most} characters.",
    "occupations-list-name": "Say in 1 to {most} characters which list this is, with its year.",
    "occupations-wrong": (
        "Lines with mistakes: {count}. Correct the list and choose it again, or say that they are left out."
    ),
    "occupations-nothing": "No line of the list can be taken. Correct it and choose it again.",
    "occupation-unlisted": (
        "{code} does not stand in the loaded list of occupations. Compare it with the classification."
    ),
}
register(FINDINGS)
