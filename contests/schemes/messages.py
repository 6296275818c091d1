"""What changed in a scheme and in its rules, and what keeps its table from becoming the contest's scheme."""

from __future__ import annotations

from pathlib import Path

from core.findings import register
from core.web import i18n

SENTENCES: dict[str, str] = {
    "scheme-row-added": "{what} {row} was added.",
    "scheme-row-removed": "{what} {row} was removed.",
    "scheme-row-moved": "{row} was moved.",
    "scheme-cell-changed": "{row}, {what}: {before} → {after}",
    "scheme-cell-filled": "{row}, {what}: {after}",
    "scheme-cell-emptied": "{row}, {what}: {before} was taken out.",
    "scheme-detail-changed": "{row}: {what} changed.",
    "scheme-sections-changed": "The sections of the standard were changed.",
    "scheme-about-changed": "The title of the scheme was changed.",
    "rules-changed": "{what}: {before} → {after}",
    "rules-filled": "{what}: {after}",
    "rules-emptied": "{what}: {before} was taken out.",
    "rules-part-changed": "{of}, {what}: {before} → {after}",
    "rules-part-filled": "{of}, {what}: {after}",
    "rules-part-emptied": "{of}, {what}: {before} was taken out.",
    "rules-line-added": "{what} “{name}” was added.",
    "rules-line-removed": "{what} “{name}” was taken out.",
    "rules-detail-changed": "{what} changed.",
    "scheme-kind-unknown": "“{value}” is no kind of aspect. Choose one from the list.",
    "scheme-unfinished": "The table of the marking scheme has places to put right: {count}. Put them right, or go back to the last version that was right.",
}


def install() -> None:
    """Makes the sentences and their translations known; a second call changes nothing."""
    register(SENTENCES)
    i18n.register(Path(__file__).parent / "locale")
