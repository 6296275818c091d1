"""What the reader does now, whom to ask, what to quote, when to try again. No HTML here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.web.i18n import pick, translate
from credentials.pages.display import day, shown
from credentials.pages.sentences import AGAIN, AGAIN_AWAY, NOT_FORGED, UNPROVEN, WHAT_NOW
from credentials.verify import UNREACHABLE, State, Verdict


@dataclass(frozen=True, slots=True)
class Contact:
    """Of an issuer; `dial`: the telephone as an address takes it."""

    name: str
    telephone: str
    hours: str
    dial: str


@dataclass(frozen=True, slots=True)
class Advice:
    todo: str
    contacts: Sequence[Contact]
    again: str
    reference: str


def advice_of(
    verdict: Verdict, language: str, organisations: Sequence[Mapping[str, Any]], *, reference: str
) -> Advice | None:
    """None for what is valid. `organisations`: the issuer, or those that it may be."""
    if verdict.state is State.VALID:
        return None
    todo = translate(WHAT_NOW[verdict.state], language)
    if verdict.state in UNPROVEN:
        space = "" if language.startswith("zh") else " "
        todo = f"{translate(NOT_FORGED, language)}{space}{todo}"
    away = verdict.answer is not None and verdict.answer.code == UNREACHABLE
    again = AGAIN_AWAY if away else AGAIN[verdict.state]
    again = translate(again, language, date=_date(verdict, language))
    contacts = [_contact(one, language) for one in organisations]
    return Advice(todo, contacts, again, reference)


def _date(verdict: Verdict, language: str) -> str:
    read = verdict.read
    if read is None:
        return ""
    first = read.signed_at.date().isoformat()
    return day(read.notice_until if verdict.state is State.IN_NOTICE else first, language)


def _contact(organisation: Mapping[str, Any], language: str) -> Contact:
    hours = json.loads(organisation["hours"]) if organisation["hours"] else {}
    telephone = str(organisation["telephone"])
    return Contact(
        name=shown(pick(json.loads(organisation["title"]), language)),
        telephone=shown(telephone),
        hours=shown(pick(hours, language)) if hours else "",
        dial="".join(c for c in telephone if c in "+0123456789"),
    )
