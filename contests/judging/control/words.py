"""Sentences that no template holds: why a tablet is not fit, by the slug that it tells, and what stands
on a PIN slip."""

from __future__ import annotations

UNFIT: dict[str, str] = {
    "write": "It can't write to its memory.",
    "key": "Its key does not work.",
    "kept": "It does not hold the whole app yet.",
    "persisted": "Its storage may be cleared.",
    "space": "Its storage is nearly full.",
    "server": "It does not reach the server.",
}

ON_SLIPS: tuple[str, ...] = (
    "On the tablet, tap your name, type this PIN and choose one of your own.",
    "Tell it to nobody: whoever knows it can sign in your name.",
    "Forgotten? The group leader gives you a new one.",
)

CONFLICT_REASONS: dict[str, str] = {
    "sheet-locked": "It changes a sheet that was locked, without a leader's countersignature.",
    "swap-waiting": "It is half of a swap; the other half has not arrived.",
    "swap-wrong": "It is half of a swap whose halves do not fit together.",
}
