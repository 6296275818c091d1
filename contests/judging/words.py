"""The sentences of the tablet: its modules ask for them by their English text (`app/words.js`)."""

from __future__ import annotations

from core.web.i18n import translate

SENTENCES: tuple[str, ...] = (
    "All sent",
    "Answer",
    "Back",
    "Close",
    "Connected",
    "Details",
    "Export a copy",
    "Judging",
    "Judging is not open: marks can be read only.",
    "Less",
    "Less for {defect}",
    "Marks",
    "Measured value",
    "Measured value in {unit}",
    "More",
    "More for {aspect}",
    "More for {defect}",
    "No",
    "No connection",
    "No defects",
    "No works to mark here yet.",
    "No. {n}",
    "Note",
    "Nothing to mark",
    "Place in the record",
    "Receipt",
    "Received",
    "Saved on this tablet",
    "Saving …",
    "Sign and submit ({marked}/{owed})",
    "Sign now",
    "Sign sheet {code}?",
    "Sign the correction ({marked}/{owed})",
    "Signed and stored as No. {n} in the record.",
    "Signed {done} of {all}",
    "Signed. It is sent as soon as there is a connection.",
    "A signed sheet changes only by a signed correction.",
    "This is no number. Write it like 12.5.",
    "This tablet could not be enrolled ({status}).",
    "Understood as {value}",
    "Undo",
    "Value",
    "Work",
    "Works",
    "Yes",
    "You have no sheets in this contest.",
    "conflict",
    "draft",
    "not accepted",
    "not marked",
    "signed and stored",
    "signed, not sent yet",
    "unmarked",
    "{n} to send",
)


def words(language: str) -> dict[str, str]:
    """Every sentence in `language`, its {places} left open."""
    return {sentence: translate(sentence, language) for sentence in SENTENCES}
