"""The history of a certificate, and what a page says of one that is under correction. No HTML here.

The English sentence is the catalogues' msgid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.scoring.model import Text
from core.web.i18n import pick, translate
from credentials.pages.display import day, shown
from credentials.status import Status
from credentials.verify import CHINA, State, Verdict

RENAMED, RENEWED, LOST_KEY = "name", "renewal", "key"
"""`CertificateVersion.source` of a corrected name, of a later last day, and of what a lost key had signed."""

VERSIONS: Mapping[Status, str] = {
    Status.VALID: "Version {n}, issued on {date}",
    Status.REVOKED: "Version {n}, issued on {date}, withdrawn",
    Status.SUSPENDED: "Version {n}, issued on {date}, suspended",
    Status.REPLACED: "Version {n}, issued on {date}, replaced",
}
BECAUSE: Mapping[str, str] = {
    RENAMED: "Version {n}, issued on {date}, replaced because of a spelling correction",
    RENEWED: "Version {n}, issued on {date}, replaced by its renewal",
    LOST_KEY: "Version {n}, issued on {date}, signed again because its key got into other hands",
}
EVENTS: Mapping[str, str] = {
    "suspended": "Suspended on {date}",
    "lifted": "Counts again since {date}",
    "revoked": "Withdrawn on {date}",
    "correcting": "Under correction since {date}",
    "confirmed": "Confirmed as it was on {date}",
    "renewed": "Renewed on {date}",
    "reissued": "Printed again on {date}, because the paper was lost",
}
REASONS: Mapping[str, str] = {
    "mark-corrected": "A mark was corrected after the results were out",
}
"""Reasons that the platform itself gives; every other one stands as the issuer typed it."""
CORRECTING = ("Under correction", "Under correction since {date}: ask {issuer}")
OLD_NAME = (
    "The code that you scanned is genuine, but of an earlier version that was replaced because of a"
    " spelling correction. The award or level is the same: ask the holder for the newer paper."
)


def lines_of(
    history: Sequence[Mapping[str, Any]], names: Mapping[str, Text], language: str
) -> list[str]:
    """Nothing for one that was issued and left alone. names: of the organisations that decided."""
    if len(history) < 2:
        return []
    sources = {one["n"]: one["source"] for one in history if "source" in one}
    ordered = sorted(history, key=lambda one: one["at"])
    return [
        _version(one, sources, language) if "source" in one else _event(one, names, language)
        for one in ordered
    ]


def _version(version: Mapping[str, Any], sources: Mapping[int, str], language: str) -> str:
    status = Status(version["status"])
    sentence = VERSIONS[status]
    if status is Status.REPLACED:
        sentence = BECAUSE.get(sources.get(version["n"] + 1, ""), sentence)
    return translate(sentence, language, n=str(version["n"]), date=_on(version, language))


def _event(event: Mapping[str, Any], names: Mapping[str, Text], language: str) -> str:
    said = translate(EVENTS[event["kind"]], language, date=_on(event, language))
    by = pick(names.get(event["authority"], {}), language) or event["authority"]
    reason = reason_in(event["reason"], language)
    return shown(" · ".join(part for part in (said, reason, by if reason else "") if part))


def _on(one: Mapping[str, Any], language: str) -> str:
    return day(one["at"].astimezone(CHINA).date().isoformat(), language)


def reason_in(reason: str, language: str) -> str:
    return translate(REASONS[reason], language) if reason in REASONS else reason


def only_renamed(history: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every version after the first one came from a corrected name."""
    later = {one["source"] for one in history if one.get("source") and one["n"] > 1}
    return later == {RENAMED}


def correcting(verdict: Verdict, row: Mapping[str, Any] | None) -> bool:
    return bool(row and verdict.state is State.SUSPENDED and row.get("cause") == "correcting")


def correcting_words(row: Mapping[str, Any], issuer: Text, language: str) -> tuple[str, str]:
    since = row["changed_at"].astimezone(CHINA).date().isoformat()
    name = shown(pick(issuer, language)) or row["issuer"]
    word, sentence = CORRECTING
    return (
        translate(word, language),
        translate(sentence, language, date=day(since, language), issuer=name),
    )
