"""What a share shows of a certificate: the fields that its holder chose, and nothing beside. The same
function makes the holder's preview, the stranger's page and the JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.score_evidence import SheetLine, lines_of
from core.web.i18n import pick, translate
from credentials.claims import NOTICE
from credentials.evidence.leaves import belongs, opened, root_in
from credentials.evidence.page import VALUES
from credentials.holder.own import Look, Own, look_of
from credentials.pages.display import day, named, number_label, shown

FULL, MASKED, NONE = "full", "masked", "none"
NAMES: Mapping[str, str] = {
    MASKED: "First letters only",
    FULL: "In full",
    NONE: "Not at all",
}
FIELDS: Mapping[str, str] = {
    "what": "Award / level",
    "occasion": "Occasion",
    "team": "Team",
    "awarded": "Awarded on",
    "until": "Valid until",
    "level_number": "Level certificate no.",
    "scores": "Results",
    "number": "Certificate no.",
}
"""In the order in which they are shown; the words are labels of the verify page."""
LINE = "line-"


@dataclass(frozen=True, slots=True)
class Fact:
    code: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class OpenLine:
    """fits: whether it leads to the root that the issuer signed."""

    title: str
    value: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """number: of the certificate, "" unless the holder shows it."""

    look: Look
    state: str
    facts: Sequence[Fact]
    lines: Sequence[OpenLine]
    number: str
    checked_at: datetime
    demonstration: bool


def readable_fields(own: Own) -> dict[str, str]:
    """Those that say something on this certificate."""
    said = _values(own, "en")
    return {code: label for code, label in _labels(own).items() if said.get(code)}


def root_of(own: Own) -> str:
    return root_in(own.verdict.credential or {})


async def sheet_lines(own: Own) -> Sequence[SheetLine]:
    """Every line under the root that the newest version signs."""
    root = root_of(own)
    return await lines_of(own.row["contest"], own.row["entry"], root) if root else ()


async def excerpt(own: Own, fields: Collection[str], language: str) -> Excerpt:
    """Only for one that is readable."""
    credential = own.verdict.credential or {}
    said = _values(own, language)
    facts = [
        Fact(code, translate(label, language), said[code])
        for code, label in _labels(own).items()
        if code in fields and said.get(code)
    ]
    issuer = shown(str(credential.get("issuer", {}).get("name", "")))
    facts.append(Fact("issuer", translate("Issued by", language), issuer))
    if name := _name(own, fields):
        facts.insert(0, Fact("name", translate("Holder", language), name))
    read = own.verdict.read
    return Excerpt(
        look=await look_of(own, language),
        state=own.verdict.state.value,
        facts=facts,
        lines=await _lines(own, fields, language),
        number=own.public_id if "number" in fields else "",
        checked_at=own.verdict.checked_at,
        demonstration=bool(read and read.key.demonstration),
    )


def as_json(one: Excerpt, *, expires_at: datetime) -> dict[str, Any]:
    return {
        "state": one.state,
        "fields": {fact.code: fact.value for fact in one.facts},
        "lines": [
            {"title": line.title, "value": line.value, "fits": line.fits} for line in one.lines
        ],
        "checkedAt": one.checked_at.isoformat(),
        "until": expires_at.isoformat(),
        "demonstration": one.demonstration,
    }


def _name(own: Own, fields: Collection[str]) -> str:
    """The holder's choice, as far as the authorities let an employer see the name; choosing it in full
    is the consent."""
    name = own.verdict.read.name if own.verdict.read else ""
    if not {FULL, MASKED} & set(fields):
        return ""
    return shown(named(name, "employer", consented=FULL in fields))


def _labels(own: Own) -> dict[str, str]:
    return {**FIELDS, "level_number": number_label(own.row)}


def _values(own: Own, language: str) -> dict[str, str]:
    """The signed content, as the verify page says it."""
    document = own.verdict.credential or {}
    subject: Mapping[str, Any] = document.get("credentialSubject", {})
    achievement = subject.get("achievement", {})
    said = {
        "what": str(document.get("name", "")),
        "occasion": str(achievement.get("description", "")),
        "team": str(subject.get("role", "")),
        "awarded": day(str(document.get("awardedDate", "")), language),
        "until": day(str(document.get("validUntil", "")), language),
        "level_number": str(subject.get("licenseNumber", "")),
        "scores": " · ".join(_scores(subject)),
        "number": own.number,
    }
    return {code: shown(value) for code, value in said.items()}


def _scores(subject: Mapping[str, Any]) -> list[str]:
    described = {
        one["id"]: one for one in subject.get("achievement", {}).get("resultDescription", [])
    }
    found = []
    for result in subject.get("result", []):
        url = result["resultDescription"]
        if url.endswith(NOTICE):
            continue
        about = described.get(url, {})
        most = about.get("valueMax", "")
        found.append(f"{about.get('name', '')} {result['value']}" + (f"/{most}" if most else ""))
    return found


async def _lines(own: Own, fields: Collection[str], language: str) -> list[OpenLine]:
    wanted = sorted(int(code[len(LINE) :]) for code in fields if code.startswith(LINE))
    if not wanted:
        return []
    lines, credential = await sheet_lines(own), own.verdict.credential or {}
    leaves = [(line.salt, line.content) for line in lines]
    return [
        OpenLine(
            shown(pick(lines[at].title, language)),
            value_of(lines[at], language),
            belongs(opened(leaves, at), credential),
        )
        for at in wanted
        if at < len(lines)
    ]


def value_of(line: SheetLine, language: str) -> str:
    content: dict[str, Any] = json.loads(line.content)
    said = [
        f"{translate(label, language)} {content[name]}"
        for name, label in VALUES.items()
        if content.get(name)
    ]
    if line.maximum:
        said.append(f"{translate('At most', language)} {line.maximum}")
    return shown(" · ".join(said))
