"""From a verdict to what the page shows: words, tone, facts, checks. No HTML here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.scoring.model import Text
from core.web.i18n import pick, translate
from credentials.identifiers import Addresses
from credentials.messages import CHECKS, DETAILS, HONOURS, STATES
from credentials.pages.display import day, masked, shown
from credentials.status import Status
from credentials.verify import Check, State, Verdict

TICK, CROSS, MARK = "M16 27l7 7 14-15", "M19 19l14 14M33 19l-14 14", "M26 14v15M26 37v.5"
QUESTION, CLOCK = "M20 21a6 6 0 1 1 6 7v3M26 38v.5", "M26 14v12l8 6"
LOOKS: Mapping[State, tuple[str, str]] = {
    State.VALID: ("good", TICK),
    State.IN_NOTICE: ("notice", CLOCK),
    State.REVOKED: ("bad", CROSS),
    State.ALTERED: ("bad", CROSS),
    State.UNKNOWN_ISSUER: ("bad", CROSS),
    State.SUSPENDED: ("warn", MARK),
    State.REPLACED: ("warn", MARK),
    State.EXPIRED: ("warn", MARK),
    State.NOT_YET_VALID: ("warn", MARK),
    State.STATUS_UNKNOWN: ("warn", QUESTION),
    State.NOT_FOUND: ("", QUESTION),
    State.ERASED: ("", QUESTION),
}
LANGUAGES = (("zh-Hans", "简体"), ("zh-Hant", "繁體"), ("en", "English"), ("pt", "Português"))


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class CheckLine:
    style: str
    sign: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class HonourLine:
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class LanguageLink:
    code: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    language: str
    tone: str
    icon: str
    word: str
    sentence: str
    facts: Sequence[Fact]
    checks: Sequence[CheckLine]
    honours: Sequence[HonourLine]
    history: Sequence[str]
    checked_at: str
    host: str
    demonstration: bool
    languages: Sequence[LanguageLink]


def page_of(
    verdict: Verdict,
    *,
    language: str,
    addresses: Addresses,
    checked_at: str,
    row: Mapping[str, Any] | None = None,
    honours: Sequence[Mapping[str, Any]] = (),
    history: Sequence[Mapping[str, Any]] = (),
) -> Page:
    """By the address alone: the name is masked, whoever presented what."""
    tone, icon = LOOKS[verdict.state]
    word, sentence = (
        translate(text, language, **_dates(verdict, language)) for text in STATES[verdict.state]
    )
    return Page(
        language=language,
        tone=tone,
        icon=icon,
        word=word,
        sentence=sentence,
        facts=_facts(verdict, row, language),
        checks=[_check(c, language) for c in verdict.checks] if row else [],
        honours=[_honour(h, language) for h in honours],
        history=[_version(v, language) for v in history] if len(history) > 1 else [],
        checked_at=checked_at,
        host=addresses.host,
        demonstration=bool(verdict.read and verdict.read.key.demonstration),
        languages=[LanguageLink(c, label, c == language) for c, label in LANGUAGES],
    )


def _dates(verdict: Verdict, language: str) -> dict[str, str]:
    return {"date": day(verdict.read.notice_until, language)} if verdict.read else {}


def _facts(verdict: Verdict, row: Mapping[str, Any] | None, language: str) -> list[Fact]:
    if row is None:
        return []
    found = [*_signed(verdict, language), *_changed(verdict, row, language)]
    found.append(("Certificate no.", spaced(row["public_id"]), ""))
    return [Fact(translate(label, language), shown(text), s) for label, text, s in found if text]


def _signed(verdict: Verdict, language: str) -> list[tuple[str, str, str]]:
    """The signed content, large: an edited paper is exposed by it."""
    document, read = verdict.credential, verdict.read
    if document is None or read is None:
        return []
    subject = document["credentialSubject"]
    return [
        ("Holder", masked(read.name), "name"),
        ("Award / level", document["name"], "what"),
        ("Team", str(subject.get("role", "")), ""),
        ("Occasion", str(subject["achievement"].get("description", "")), ""),
        ("Issued by", str(document["issuer"].get("name", "")), ""),
        ("Awarded on", day(str(document.get("awardedDate", "")), language), ""),
        ("Valid until", day(str(document.get("validUntil", "")), language), ""),
        ("Level certificate no.", str(subject.get("licenseNumber", "")), ""),
    ]


def _changed(verdict: Verdict, row: Mapping[str, Any], language: str) -> list[tuple[str, str, str]]:
    """When, by whom and why it was withdrawn or suspended."""
    note = verdict.answer.note if verdict.answer else {}
    if row["state"] == "issued" or not note:
        return []
    label = "Withdrawn on" if row["state"] == "revoked" else "Suspended on"
    return [
        (label, day(note.get("changedAt", ""), language), ""),
        ("By", note.get("authority", ""), ""),
        ("Reason", note.get("reason", ""), ""),
    ]


def spaced(public_id: str) -> str:
    return "-".join(public_id[at : at + 4] for at in (0, 4, 8))


def detail_of(check: Check, language: str) -> str:
    params = {**check.params}
    if "date" in params:
        params["date"] = day(params["date"], language)
    return translate(DETAILS[check.code], language, **params)


def _check(check: Check, language: str) -> CheckLine:
    style, sign = {True: ("yes", "✓"), False: ("no", "✕"), None: ("", "?")}[check.ok]
    return CheckLine(style, sign, translate(CHECKS[check.id], language), detail_of(check, language))


def _honour(honour: Mapping[str, Any], language: str) -> HonourLine:
    authority: Text = honour["authority_title"] or {}
    parts = [
        translate(HONOURS.get(honour["kind"], HONOURS["other"]), language),
        pick(authority, language) if authority else honour["authority"],
        day(honour["granted_on"], language),
    ]
    return HonourLine(
        shown(pick(honour["title"], language)), shown(" · ".join(p for p in parts if p))
    )


def _version(version: Mapping[str, Any], language: str) -> str:
    word = {
        Status.VALID: "Version {n}, issued on {date}",
        Status.REVOKED: "Version {n}, issued on {date}, withdrawn",
        Status.SUSPENDED: "Version {n}, issued on {date}, suspended",
        Status.REPLACED: "Version {n}, issued on {date}, replaced",
    }[Status(version["status"])]
    on = day(version["issued_at"].date().isoformat(), language)
    return translate(word, language, n=str(version["n"]), date=on)
