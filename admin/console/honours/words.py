"""What honours, their states and their history are called."""

from __future__ import annotations

from collections.abc import Mapping

STATES: Mapping[str, str] = {
    "proposed": "proposed",
    "notice": "in public notice",
    "granted": "honour granted",
    "declined": "not granted",
    "withdrawn": "honour withdrawn",
}
FAMILIES: Mapping[str, str] = {
    "model_worker": "Model workers",
    "medal": "May Day medals",
    "technical_expert": "Technical experts",
    "craftsman": "Craftsmen",
    "studio": "Innovation studios",
    "pioneer": "Workers' pioneers",
}
TIERS: Mapping[str, str] = {
    "national": "national",
    "provincial": "provincial",
    "municipal": "of a city",
    "district": "of a district",
    "enterprise": "of an enterprise",
}
HOLDERS: Mapping[str, str] = {
    "person": "for a person",
    "unit": "for a unit",
    "team": "for a team",
    "studio": "for a studio",
}
ROLES: Mapping[str, str] = {"leader": "leader", "member": "member"}
OBJECTIONS: Mapping[str, str] = {
    "open": "waits for an answer",
    "rejected": "rejected",
    "upheld": "upheld",
}
EVENTS: Mapping[str, str] = {
    "proposed": "Proposed.",
    "taken_up": "Taken up from a contest's proposal.",
    "recorded": "Entered as granted elsewhere.",
    "notice": "Put in public notice.",
    "objection": "An objection was filed.",
    "rejected": "An objection was rejected.",
    "upheld": "An objection was upheld.",
    "granted": "Granted by the authority.",
    "declined": "Declined by the authority.",
    "withdrawal_asked": "Its withdrawal was asked for.",
    "withdrawal_dropped": "Its withdrawal was not confirmed.",
    "withdrawn": "The honour was withdrawn.",
    "filed": "The application was handed in.",
    "opinion": "An opinion was written.",
    "agreed": "The step agreed.",
    "sent_back": "Sent back to the unit.",
    "refused": "The step refused.",
    "again": "Handed in again.",
    "evidence": "Evidence was added.",
    "taken_back": "The unit withdrew the application.",
    "passed": "Every step has agreed; the authority decides.",
}
