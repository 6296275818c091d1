"""Sentences of what may be wrong with a file of evidence."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "credentials.evidence-media": "Evidence has to be a PDF, JPEG or PNG file. Save it as one of these.",
    "credentials.evidence-large": "The file is larger than {most} MB. Save it in a smaller resolution.",
    "credentials.evidence-many": "There are {most} files already. Join some of them into one PDF.",
}
register(FINDINGS)
