"""The sentences of what is wrong with something that a tablet sent."""

from __future__ import annotations

from core.findings import register

SENTENCES: dict[str, str] = {
    "pin-malformed": "A PIN has {digits} digits. Choose another one.",
    "pin-too-simple": "Anybody would guess this PIN. Choose one without an order or repetition.",
    "pin-same": "This is the PIN that you were given. Choose another one.",
    "number-missing": "Sheet {seq} of this tablet has not arrived. Send it again.",
    "message-length": "A message has 1 to {most} characters.",
    "picture-hash-differs": "The picture is not the one that its address names: {found}. Send it again.",
    "picture-kind": "This is none of the kinds that are taken: {known}. Take the picture again.",
    "instrument-slow": "Reading the file took longer than {seconds} s. Type the values, and tell the organiser.",
    "instrument-failed": "The file can't be read: the contest type's reader stopped. Type the values, and tell the organiser.",
}


def install() -> None:
    register(SENTENCES)
