"""What the form and the list of applications say."""

from __future__ import annotations

from collections.abc import Mapping

STATES: Mapping[str, str] = {
    "open": "under way",
    "sent_back": "sent back",
    "withdrawn": "withdrawn by the unit",
    "refused": "refused",
    "passed": "all steps agreed",
}
STEP_STATES: Mapping[str, str] = {
    "waiting": "not its turn yet",
    "open": "its turn",
    "notice": "in public notice",
    "agreed": "agreed",
    "refused": "refused",
    "sent_back": "sent back",
}
FORM: Mapping[str, str] = {
    "title": "Application: {title}",
    "name": "Name",
    "unit": "Unit",
    "city": "City",
    "filed": "Handed in on",
    "contest": "Contest",
    "held_on": "Held on",
    "place": "Place",
    "prize": "Prize",
    "of": "{place} of {count}",
    "certificates": "Certificates",
    "levels": "Skill levels",
    "honours": "Honours held",
    "evidence": "Evidence",
    "statement": "What the unit says of the person's work",
    "number": "Number",
    "what": "What it is",
    "issuer": "Issued by",
    "day": "Date",
    "link": "Link or SHA-256",
    "notice": "Public notice: {start} to {end}",
    "objections": "Objections: {count}",
    "decided": "Decided on {day}: {decision}",
    "seal": "(seal)            Year      Month      Day",
    "none": "None.",
}
COLUMNS = (
    "Name",
    "Honour",
    "Unit",
    "City",
    "Contest",
    "Place",
    "Certificates",
    "State",
    "Whose turn it is",
    "Handed in on",
)
SHEET = "Applications"
