"""Which entries of a log are incidents, and what each says on paper."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "interruption": "Interrupted; compensation time {time}.",
    "penalty": "A penalty was given: {points} points.",
    "penalty_cancelled": "A penalty was taken back.",
    "status": "Status recorded: {status}.",
    "absence": "Absent.",
    "reserve_used": "A reserve took the place of an absent entrant.",
    "late_entry": "A late entrant was admitted.",
    "recused": "A judge was recused.",
    "conflict": "Two revisions of one sheet; a decision was needed.",
    "conflict_decided": "It was decided which revision of a sheet counts.",
    "appointment_ended": "A judge left.",
    "attempt_ruled": "The chief referee named the attempt that counts.",
}
"""Kind of entry -> msgid."""
