"""Sentences of what may be wrong with a body's list of numbers."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "credentials.issued-unreadable": "This is no readable list. Save it as .xlsx or as CSV and choose it again.",
    "credentials.issued-headings": (
        "Columns were not found: {needed}. Head them so in one of the first ten rows, or use the empty table."
    ),
    "credentials.issued-empty": "There is no line below the headings. Add one for each certificate.",
    "credentials.issued-long": "There are more than {most} lines. Split the list.",
    "credentials.issued-who": (
        "Nobody with this name belongs to this number. Compare both with the document, or give the number"
        " of the person's award certificate."
    ),
    "credentials.issued-none": (
        "No level like this is proposed for this person by a contest. Compare occupation and level with the"
        " page “Proposals”."
    ),
    "credentials.issued-decided": "This level was decided already. Take the line out.",
    "credentials.issued-twice": "{number} stands in the list more than once. Each certificate has its own.",
    "credentials.issued-again": "This level stands in the list more than once. Keep one of the lines.",
    "credentials.issued-wrong": (
        "Lines with mistakes: {count}. Correct the list and choose it again, or say that they are left out."
    ),
    "credentials.issued-nothing": "No line of the list grants anything. Correct it and choose it again.",
}
register(FINDINGS)
