"""What a link to an opened line shows: the line, and whether it leads to the root that was signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.web.i18n import pick, translate
from credentials import keyring
from credentials.evidence.actions import Shown
from credentials.identifiers import Addresses
from credentials.messages import STATES
from credentials.pages.display import moment, shown
from credentials.pages.render import CSP, template
from credentials.pages.render import HEADERS as PAGE_HEADERS
from credentials.pages.view import CROSS, QUESTION, TICK
from credentials.verify import State, Verdict

HEADERS = {**PAGE_HEADERS, "Content-Security-Policy": CSP}
VALUES: Mapping[str, str] = {
    "award": "Mark",
    "score": "Points",
    "total": "Total",
    "penalty": "Penalty",
    "rank": "Place",
}
WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "fits": (
        "good",
        TICK,
        "This line is genuine",
        "Its hash leads to the root that the issuer signed in this certificate.",
    ),
    "other": (
        "warn",
        QUESTION,
        "No longer part of the certificate",
        "The issuer signed another root since, because the result was corrected.",
    ),
    "gone": (
        "",
        QUESTION,
        "This link shows nothing now",
        "It is over, was ended, or was cut on the way. This does not mean that anything is forged: ask the"
        " holder for a new link.",
    ),
}


def render_line(
    line: Shown | None, verdict: Verdict | None, language: str, *, fits: bool, now: datetime
) -> str:
    kind = "gone" if line is None else "fits" if fits else "other"
    tone, icon, word, sentence = WORDS[kind]
    # A line of what no longer counts is genuine, and still no reason to rely on it.
    if verdict and verdict.state is not State.VALID and kind == "fits":
        tone, icon = "warn", CROSS if verdict.state is State.REVOKED else QUESTION
    return template("evidence.html", language).render(
        language=language,
        tone=tone,
        icon=icon,
        word=translate(word, language),
        sentence=translate(sentence, language),
        facts=_facts(line, verdict, language),
        certificate=_certificate(verdict, keyring.addresses()),
        checked_at=moment(now),
        host=keyring.addresses().host,
    )


def _facts(line: Shown | None, verdict: Verdict | None, language: str) -> list[tuple[str, str]]:
    if line is None or verdict is None:
        return []
    content: dict[str, Any] = json.loads(line.leaf.content)
    found = [("Line", pick(line.line.title, language))]
    found += [(label, str(content[name])) for name, label in VALUES.items() if content.get(name)]
    found.append(("At most", line.line.maximum))
    found.append(("Certificate", translate(STATES[verdict.state][0], language)))
    found.append(("Link ends", moment(line.expires_at)))
    return [(translate(label, language), shown(value)) for label, value in found if value]


def _certificate(verdict: Verdict | None, addresses: Addresses) -> str:
    return addresses.certificate(verdict.read.public_id) if verdict and verdict.read else ""
