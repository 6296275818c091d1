"""What may be wrong with a file of signed sheets, and what to do."""

from __future__ import annotations

from core.findings import register

SENTENCES: dict[str, str] = {
    "handover-none": "No file was chosen. Choose the file that the tablet saved under “Hand over”.",
    "handover-too-large": "The file is larger than {limit}. A tablet's file is never so large: check that "
    "it is the right one.",
    "handover-not-ours": "This is no file of signed sheets. On the tablet open “Hand over”, choose “Save as "
    "a file”, and bring that file.",
    "handover-receipts": "This file holds receipts, not sheets. Open it on the tablet that signed the sheets.",
    "handover-changed": "The file is not as the tablet saved it. What is whole in it was taken; have the "
    "tablet save it once more for the rest.",
    "handover-empty": "There is no signed sheet in this file. Nothing was waiting when the tablet saved it.",
    "handover-too-many": "The file holds more than {limit} sheets. The first {limit} were taken: split the rest.",
}


def install() -> None:
    register(SENTENCES)
