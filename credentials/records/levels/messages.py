"""Sentences of what may be wrong with a skill level, its number or its body's filing."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "credentials.filing-none": (
        "{issuer} has no complete filing on record. Let the administrator enter it under Organisations."
    ),
    "credentials.filing-days": (
        "The filing runs from {valid_from} to {valid_until}, and {day} is outside. Let the administrator"
        " enter the renewed filing, or give the day that stands on the certificate."
    ),
    "credentials.filing-occupation": (
        "The filing has no occupation {occupation}. Choose a body that is filed for it, or let the"
        " administrator enter the extended filing."
    ),
    "credentials.filing-no-occupation": (
        "The contest names no occupation, so no level can be certified. Let its organiser add the code."
    ),
    "credentials.filing-level": (
        "The filing has no level {level}. Choose a body that is filed for it, or let the administrator"
        " enter the extended filing."
    ),
    "credentials.held-unfiled": (
        "The filing of the assessment body does not cover this level. Let the administrator enter the filing"
        " that does, then try again."
    ),
    "credentials.number-special": (
        "{number} is no number of a special-grade technician: two letters and 20 digits."
    ),
    "credentials.number-unpublished": (
        "{number} is no certificate number: one or two letters and digits, 22 characters in all."
    ),
    "credentials.number-any": (
        "{number} is no certificate number: Y or S and 21 digits, two letters and 20 digits, or the 16"
        " digits of an old one."
    ),
    "credentials.number-level": (
        "The number says level {said}, and level {level} is meant. Compare both with the certificate."
    ),
    "credentials.number-year": (
        "The number says the year {said}, the day is {day}. Compare both with the certificate."
    ),
    "credentials.number-province": (
        "The number says province {said}, the filing {province}. Compare both with the certificate."
    ),
    "credentials.recognition-unknown": "Choose what the proof is recognised as.",
    "credentials.recognition-level": "Choose the level that the proof says, one of: {known}.",
    "credentials.recognition-before": (
        "{title} was proposed for this person on {day} already. Go on there; it is not proposed twice."
    ),
    "credentials.day-future": "{day} is in the future. Give the day on which it was granted.",
}
register(FINDINGS)
