"""What stands in the columns that are added to an employer's list, and words of the employer's page."""

from __future__ import annotations

from collections.abc import Mapping

HEADINGS: Mapping[str, str] = {
    "state": "Check: state",
    "since": "Check: since",
    "name": "Check: name",
    "todo": "Check: what to do",
    "at": "Check: time",
}
MATCHES: Mapping[str, str] = {
    "yes": "name matches",
    "no": "name does not match",
    "not-given": "no name given",
    "used-up": "not compared",
    "unread": "nothing to compare with",
}
UNCHECKED: Mapping[str, str] = {
    "needed": "Name missing",
    "guessed": "Not checked",
    "used-up": "Not checked",
    "no-number": "No certificate number",
    "cut": "Number cut short",
}
"""In the place of a state, where there is no verdict."""
ADVICE: Mapping[str, str] = {
    "no": "Compare the name with the paper and the identity document; they differ.",
    "used-up": "The name was compared too often today. Try again tomorrow.",
    "needed": "This number is answered only together with the holder's name. Fill in the name.",
    "guessed": "Too many unknown numbers came from your organisation. Wait an hour, then send the rest.",
    "no-number": "Fill in the number on the paper, its link, or the text of its QR.",
    "cut": "The spreadsheet program cut this number. Format the column as text, then type it in again.",
}
STATES: Mapping[str, str] = {
    "valid": "Valid",
    "under_correction": "Under correction",
    "suspended": "Suspended",
    "revoked": "Withdrawn",
    "replaced": "Replaced",
    "erased": "Erased on request",
}
"""Of what an employer follows."""
CHANGES: Mapping[str, str] = {
    "suspended": "suspended",
    "lifted": "suspension lifted",
    "revoked": "withdrawn for good",
    "under_correction": "under correction",
    "confirmed": "confirmed as it was",
    "corrected": "name corrected",
    "renewed": "renewed",
    "replaced": "new version",
    "erased": "erased on request",
    "test": "test",
}
ANSWERS: Mapping[str, str] = {
    "address": "no such address",
    "private": "not a public address",
    "connection": "no connection",
    "certificate": "its TLS certificate is not trusted",
    "time": "no answer within 10 seconds",
    "answer": "an answer that is not HTTP",
}
"""Why no status came."""
KEY_STATES: Mapping[str, str] = {
    "in_use": "in use",
    "ending": "replaced, ends soon",
    "revoked": "revoked",
    "over": "over",
}
SCOPES: Mapping[str, str] = {
    "verify": "check single certificates",
    "bulk": "check lists",
    "follow": "follow certificates and hear of changes",
}
