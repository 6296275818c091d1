"""What the moments of a person's record are called, for the organiser's page and for the person's own."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "contest": "Contest",
    "certificate": "Certificate",
    "level": "Skill level",
    "honour": "Honour",
    "training": "Training",
    "mentoring": "Master and apprentice",
    "studio": "Innovation studio",
    "application": "Application",
}
FACTS: Mapping[str, str] = {
    "competition": "Competition",
    "place": "Place",
    "prize": "Prize",
    "number": "Number",
    "occupation": "Occupation",
    "trade": "Trade",
    "master": "Master",
    "apprentice": "Apprentice",
    "role": "Role",
}
ROLES: Mapping[str, str] = {"leader": "leader", "member": "member"}
STATES: Mapping[str, str] = {
    "not_published": "not published yet",
    "cancelled": "cancelled",
    "suspended": "suspended",
    "revoked": "revoked",
    "erased": "erased",
    "elsewhere": "granted elsewhere, on record here",
    "paper": "from paper, not judged here",
    "proposed": "proposed",
    "notice": "in public notice",
    "withdrawn": "withdrawn",
    "open": "on its way",
    "sent_back": "sent back",
    "refused": "refused",
    "passed": "every step has agreed",
}
SOURCES: Mapping[str, str] = {
    "log": "The contest's log",
    "signed": "The signed certificate",
}
SIGNS: Mapping[str, str] = {
    "name": "the same name",
    "document": "the same number of a document",
    "birth_date": "the same date of birth",
    "contact": "the same contact",
}
EVENTS: Mapping[str, str] = {
    "learning_entered": "Entered.",
    "learning_corrected": "Corrected.",
    "learning_taken_out": "Taken out as a mistake.",
    "learning_put_back": "Put back.",
    "join_asked": "It was proposed to join the two records.",
    "join_refused": "The joining was refused.",
    "joined": "The two records were joined.",
    "join_undone": "The two records were taken apart again.",
    "retention_asked": "It was proposed to erase it.",
    "retention_dropped": "It is not erased for now.",
    "retention_kept": "It is kept longer.",
    "retention_erased": "It was erased.",
}
KEPT: Mapping[str, str] = {
    "record": "The whole record",
    "holders": "Links and log-ins of the person",
    "matching": "Entry in registries of craftsmen",
}
