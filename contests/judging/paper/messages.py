"""The sentences of what may be wrong with a typed sheet or its picture."""

from __future__ import annotations

from core.findings import register

SENTENCES: dict[str, str] = {
    "scan-too-large": "The picture is larger than {limit}. Take it again with a smaller size.",
    "scan-unreadable": "This is no JPEG or PNG picture. Take a photo of the sheet and choose that.",
    "scan-unknown": "The picture {scan} is not stored here. Upload it again.",
    "typing-missing": "{aspect} has not been typed. Type it, or say that there is nothing to mark.",
}


def install() -> None:
    register(SENTENCES)
