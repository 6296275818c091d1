"""From a verdict to what the page shows: words, tone, facts, checks. No HTML here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.scoring.model import Text
from core.skill_levels import LEVELS
from core.web.i18n import pick, translate
from credentials.identifiers import Addresses
from credentials.messages import CHECKS, DETAILS, HONOURS, STATES
from credentials.pages import past
from credentials.pages.advice import Advice, advice_of
from credentials.pages.code import NONE, Code, every_key, keys_of, words_in
from credentials.pages.display import day, named, number_label, shown
from credentials.pages.sentences import AWAY
from credentials.pages.typed import Typed, TypedLine, lines_of
from credentials.records.exchange.words import PAPER
from credentials.status import split
from credentials.trust import TrustStore
from credentials.verify import (
    CHINA,
    OF_COLLECTIVE,
    UNREACHABLE,
    Check,
    Read,
    State,
    Verdict,
    collective,
)

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
class About:
    """What a page says beside the verdict. `row`: the stored certificate; None where there is none.
    `organisations`: who is asked about anything but a valid one. `decided_by`: the name of who withdrew
    or suspended it. `names`: of the organisations in its history. `typed`: what the reader compared.
    `asked`: the id in the address, where the ledger could not be asked for it."""

    row: Mapping[str, Any] | None = None
    honours: Sequence[Mapping[str, Any]] = ()
    history: Sequence[Mapping[str, Any]] = ()
    organisations: Sequence[Mapping[str, Any]] = ()
    decided_by: Text = field(default_factory=dict)
    names: Mapping[str, Text] = field(default_factory=dict)
    trust: TrustStore | None = None
    typed: Typed | None = None
    asked: str = ""


NOTHING = About()


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
    advice: Advice | None
    code: Code
    photo: str
    compare: Sequence[TypedLine]
    note: str
    collective: bool


def page_of(
    verdict: Verdict,
    about: About = NOTHING,
    *,
    language: str,
    addresses: Addresses,
    checked_at: str,
) -> Page:
    """By the address alone: the name is masked, whoever presented what. The script in the page puts
    the name in when the reader scanned it."""
    row = about.row
    public_id = row["public_id"] if row else about.asked
    reference = f"{spaced(public_id)} · {checked_at}" if public_id else checked_at
    tone, icon = LOOKS[verdict.state]
    word, sentence = _headline(verdict, about, language)
    return Page(
        language=language,
        tone=tone,
        icon=icon,
        word=word,
        sentence=sentence,
        facts=_facts(verdict, about, language),
        checks=[_check(c, verdict, language, checked_at) for c in verdict.checks] if row else [],
        honours=[_honour(h, language) for h in about.honours],
        history=past.lines_of(about.history, about.names, language),
        checked_at=checked_at,
        host=addresses.host,
        demonstration=bool(verdict.read and verdict.read.key.demonstration),
        languages=[LanguageLink(c, label, c == language) for c, label in LANGUAGES],
        advice=advice_of(verdict, language, about.organisations, reference=reference),
        code=_code(about, language) if unasked(verdict) or verdict.credential else NONE,
        photo=translate(PHOTO[bool(row and row["photo"])], language),
        compare=lines_of(about.typed, row, language) if row and verdict.credential else [],
        note=translate(about.typed.note, language) if about.typed and about.typed.note else "",
        collective=bool(verdict.read and collective(verdict.read)),
    )


def _headline(verdict: Verdict, about: About, language: str) -> tuple[str, str]:
    if about.row and past.correcting(verdict, about.row):
        titles = [json.loads(one["title"]) for one in about.organisations]
        return past.correcting_words(about.row, titles[0] if titles else {}, language)
    word, sentence = AWAY if unasked(verdict) else STATES[verdict.state]
    params = _dates(verdict, language)
    return translate(word, language, **params), translate(sentence, language, **params)


PHOTO = {
    True: "The paper carries a photo. No machine checked it: compare it with the face and the"
    " document.",
    False: "No photo is on record for this certificate: a photo on the paper proves nothing.",
}


ICONS = (("bad", CROSS), ("warn", MARK))


def unasked(verdict: Verdict) -> bool:
    """Whether nothing is known of the certificate, because its ledger could not be asked."""
    answer = verdict.answer
    return verdict.read is None and answer is not None and answer.code == UNREACHABLE


def _code_away(about: About, language: str) -> Code:
    keys = every_key(about.trust) if about.asked and about.trust else None
    if keys is None:
        return NONE
    words = words_in(language, ICONS, away=True)
    return Code(about.asked, "", keys.keys, keys.spoilt, words)


def _code(about: About, language: str) -> Code:
    row = about.row
    if row is None:
        return _code_away(about, language)
    if about.trust is None:
        return NONE
    keys, (block, index) = keys_of(row["issuer"], about.trust), split(int(row["position"]))
    words = words_in(language, ICONS, past.only_renamed(about.history))
    return Code(row["public_id"], f"{block}:{index}", keys.keys, keys.spoilt, words)


def _dates(verdict: Verdict, language: str) -> dict[str, str]:
    return {"date": day(verdict.read.notice_until, language)} if verdict.read else {}


def _facts(verdict: Verdict, about: About, language: str) -> list[Fact]:
    if (row := about.row) is None:
        return _facts_away(about, language)
    found = [*_signed(verdict, row, language), *_changed(verdict, row, about.decided_by, language)]
    found.append(("Certificate no.", spaced(row["public_id"]), ""))
    return [Fact(translate(label, language), shown(text), s) for label, text, s in found if text]


def _facts_away(about: About, language: str) -> list[Fact]:
    """The number that was asked for, and a place for the name that the code may prove."""
    if not about.asked:
        return []
    name = Fact(translate("Holder", language), "—", "name")
    number = Fact(translate("Certificate no.", language), spaced(about.asked))
    return [name, number] if about.trust else [number]


def _signed(verdict: Verdict, row: Mapping[str, Any], language: str) -> list[tuple[str, str, str]]:
    """The signed content, large: an edited paper is exposed by it."""
    document, read = verdict.credential, verdict.read
    if document is None or read is None:
        return []
    subject = document["credentialSubject"]
    until = "" if verdict.state is State.EXPIRED else str(document.get("validUntil", ""))
    return [
        _holder(read, row),
        ("Award / level", document["name"], "what"),
        ("Skill level", _level(row, language), ""),
        ("Team", str(subject.get("role", "")), ""),
        ("Occasion", str(subject["achievement"].get("description", "")), ""),
        ("Issued by", str(document["issuer"].get("name", "")), ""),
        ("Awarded on", day(str(document.get("awardedDate", "")), language), ""),
        ("Valid until", day(until, language), ""),
        (number_label(row), str(subject.get("licenseNumber", "")), ""),
    ]


def _holder(read: Read, row: Mapping[str, Any]) -> tuple[str, str, str]:
    """A unit's, team's or studio's name is no personal datum: it stands there in full."""
    if collective(read):
        return ("Unit, team or studio honoured", read.name, "name")
    return ("Holder", named(read.name, "public", consented=row["named"]), "name")


def _level(row: Mapping[str, Any], language: str) -> str:
    """In the reader's language; the signed title is in its issuer's."""
    level = LEVELS.get(row["grade"]) if row.get("kind") == "level" else None
    return pick(level, language) if level else ""


def _changed(
    verdict: Verdict, row: Mapping[str, Any], by: Text, language: str
) -> list[tuple[str, str, str]]:
    """When, by whom and why it was withdrawn or suspended."""
    note = verdict.answer.note if verdict.answer else {}
    label = "" if past.correcting(verdict, row) else _ON.get(verdict.state, "")
    if verdict.state is State.ERASED and row["state"] != "issued":
        label = _ON[State.REVOKED if row["state"] == "revoked" else State.SUSPENDED]
    if not label:
        return []
    return [
        (label, day(_since(verdict, note), language), ""),
        ("By", pick(by, language) or note.get("authority", ""), ""),
        ("Reason", past.reason_in(note.get("reason", ""), language), ""),
    ]


_ON = {
    State.REVOKED: "Withdrawn on",
    State.SUSPENDED: "Suspended on",
    State.REPLACED: "Replaced on",
    State.EXPIRED: "Expired on",
    State.NOT_YET_VALID: "Counts from",
    State.UNKNOWN_ISSUER: "Key not trusted since",
    State.STATUS_UNKNOWN: "Status unknown since",
}


def _since(verdict: Verdict, note: Mapping[str, str]) -> str:
    """The day that the state began, as ISO; "" where nobody knows it."""
    read, answer = verdict.read, verdict.answer
    if verdict.state is State.STATUS_UNKNOWN:
        at = answer.at if answer else None
    elif read is None or verdict.state not in _OF_READ:
        return note.get("changedAt", "")
    else:
        at = _OF_READ[verdict.state](read)
    return at.astimezone(CHINA).date().isoformat() if at else ""


_OF_READ: Mapping[State, Callable[[Read], datetime | None]] = {
    State.EXPIRED: lambda read: read.expires_at,
    State.NOT_YET_VALID: lambda read: read.signed_at,
    State.UNKNOWN_ISSUER: lambda read: read.key.compromised_at or read.key.retired_at,
}


def spaced(public_id: str) -> str:
    return "-".join(public_id[at : at + 4] for at in (0, 4, 8))


def detail_of(check: Check, language: str) -> str:
    params = {**check.params}
    if "date" in params:
        params["date"] = day(params["date"], language)
    return translate(DETAILS[check.code], language, **params)


def _check(check: Check, verdict: Verdict, language: str, checked_at: str) -> CheckLine:
    style, sign = {True: ("yes", "✓"), False: ("no", "✕"), None: ("", "?")}[check.ok]
    label, detail = translate(CHECKS[check.id], language), detail_of(check, language)
    if check.code == OF_COLLECTIVE:
        label = translate("Its holder is the one before you", language)
    if check.id == "issuer" and check.ok and verdict.read:
        name = shown(pick(verdict.read.key.issuer_name, language))
        label = translate("Issued by {issuer}", language, issuer=name) if name else label
    if check.id == "status" and check.ok is not None:
        space = "" if language.startswith("zh") else " "
        detail += space + translate(
            "Asked of the ledger itself at {time}.", language, time=checked_at
        )
    return CheckLine(style, sign, label, detail)


def _honour(honour: Mapping[str, Any], language: str) -> HonourLine:
    authority: Text = honour["authority_title"] or {}
    parts = [
        translate(HONOURS.get(honour["kind"], HONOURS["other"]), language),
        pick(authority, language) if authority else honour["authority"],
        day(honour["granted_on"], language),
        translate(PAPER, language) if honour.get("paper") else "",
    ]
    return HonourLine(
        shown(pick(honour["title"], language)), shown(" · ".join(p for p in parts if p))
    )
