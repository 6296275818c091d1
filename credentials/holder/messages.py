"""Sentences of what may be wrong in a holder's form; msgids of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from core.findings import register

FINDINGS: Mapping[str, str] = {
    "credentials.holder-days": "A link lasts 1 to {most} days. Give such a number.",
    "credentials.holder-share-field": "One of the chosen things is not on this certificate. Load the page again and choose anew.",
    "credentials.holder-share-empty": "Choose at least one thing to show.",
    "credentials.holder-share-days": "Choose one of the days in the list, {most} at most.",
    "credentials.holder-share-label": "For whom: at most {most} letters on one line.",
    "credentials.holder-shares-many": "{count} excerpts are open already. End one that nobody needs, then make the new one.",
    "credentials.holder-request-field": "Choose what is wrong from the list.",
    "credentials.holder-request-wanted": "Say what should stand there, in 1 to {most} letters.",
    "credentials.holder-request-long": "The reason is longer than {most} letters. Shorten it.",
    "credentials.holder-request-large": "The file is larger than {most} MB. Send a smaller scan or photo.",
    "credentials.holder-request-media": "The file is neither a PDF nor a JPEG or PNG picture. Save it as one of these and choose it again.",
    "credentials.holder-requests-many": "{count} of your requests still wait for an answer. Take one back, or wait for the organiser.",
    "credentials.holder-answer-state": "Choose what became of the request.",
    "credentials.holder-answer-words": "Write an answer for the holder, 1 to {most} letters.",
    "credentials.holder-link-mode": "Choose for whom the links are made.",
    "credentials.holder-nobody": "There is nobody to make a link for: everybody has one, or nobody holds a certificate yet.",
}


def install() -> None:
    register(FINDINGS)
