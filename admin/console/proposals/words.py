"""What these pages say of partners' certificates: what is missing, and what one waits for."""

from __future__ import annotations

from collections.abc import Mapping

MISSING: Mapping[str, str] = {
    "organisation": (
        "{issuer} is no organisation here yet, so nobody can decide for it. The administrator adds it under"
        " Organisations, with the code {code}."
    ),
    "key": (
        "{issuer} has no key to sign with. It gets one here by the command “jiangxin keys create {code}”; if it"
        " signs on its own machine, its key is enrolled under Partners who sign."
    ),
    "documents": (
        "{count} of {all} entrants have no such document on record: {document}. Without it nobody is"
        " proposed; it is added under Entrants."
    ),
}
NOTED: Mapping[str, str] = {
    "outside": (
        "{issuer} signs on its own machine. Its certificates wait until the signed batch is back; the"
        " others don't wait for it."
    ),
    "level": "You propose no level: {issuer} states one of its own when it decides.",
    "number": "{issuer} states the certificate's number when it decides.",
}
UNFIT: Mapping[str, str] = {
    "held": "It asks what somebody holds already: no test leads to it.",
    "occupation": "It is not for the occupation that the contest states.",
    "class": "It is not for the contest's class.",
    "day": "It is not in force on the contest's day.",
}
FIELDS: Mapping[str, str] = {
    "name": "Name",
    "title": "Title",
    "level": "Level, in the issuer's own words",
    "awarded_on": "Day of the grant",
    "number": "Number of its issuer",
    "scores": "Scores of the modules",
    "evidence": "Fingerprint of the score sheets",
}
STANDING: Mapping[str, str] = {
    "consent": "waiting for the holder's consent to what {authority} gets",
    "sending": "waiting for {authority}: not sent there to be signed yet",
    "return": "waiting for {authority}: sent there on {day}, not back yet",
    "key": "waiting for {authority}: it has no key to sign with",
    "signing": "waiting to be signed here",
}
