"""公示: a public notice with its last day, and the objections that are filed while it runs.

Calendar days, as in China. Nothing is decided before the day after the last one, nor while an
objection is open; one that was upheld lets nobody be agreed to any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor
from core.web.i18n import TIME_ZONE
from credentials.records.honours.tables import Objection
from credentials.records.sealing import hide, shown

LONGEST_TEXT = 4000
_TABLE = "objection"


@dataclass(frozen=True, slots=True)
class Objected:
    """state: open, rejected or upheld. Texts are "" once the person was erased. receipt: of one that came by
    the public form, else ""; sender: the name and how to reach whoever filed it, "" where none was given."""

    id: UUID
    filed_on: str
    state: str
    text: str
    answer: str
    receipt: str = ""
    sender: str = ""


def today_in_china() -> date:
    return datetime.now(UTC).astimezone(TIME_ZONE).date()


def day(text: str, pointer: str) -> tuple[str, list[Finding]]:
    """The ISO date, or what is wrong with it."""
    try:
        return date.fromisoformat(text.strip()).isoformat(), []
    except ValueError:
        return "", [Finding(pointer, "credentials.date", {"value": text[:40]})]


def last_day(until: str, today: date) -> tuple[str, list[Finding]]:
    """Of a notice that begins today."""
    found, wrong = day(until, "/notice_until")
    if not wrong and found <= today.isoformat():
        wrong = [Finding("/notice_until", "credentials.notice-short", {})]
    return found, wrong


def text_findings(text: str, pointer: str) -> list[Finding]:
    if not text.strip():
        return [Finding(pointer, "credentials.text-missing", {})]
    if len(text) > LONGEST_TEXT:
        return [Finding(pointer, "credentials.text-long", {"most": str(LONGEST_TEXT)})]
    return []


def in_the_way(
    notice_from: str, notice_until: str, objections: Sequence[Objected], today: date
) -> list[Finding]:
    """Why nobody may be agreed to yet."""
    if not notice_until:
        return [Finding("", "credentials.notice-missing", {})]
    found = []
    if today.isoformat() <= notice_until:
        found.append(Finding("", "credentials.notice-runs", {"until": notice_until}))
    if opened := sum(one.state == "open" for one in objections):
        found.append(Finding("", "credentials.objections-open", {"count": str(opened)}))
    upheld = [one for one in objections if one.state == "upheld"]
    if upheld:
        found.append(Finding("", "credentials.objection-upheld", {"day": upheld[0].filed_on}))
    return found


async def objections_to(about: UUID, wrapped: bytes | None, *, since: str = "") -> list[Objected]:
    """Oldest first. since: the first day of the notice that they were filed in."""
    rows = (
        await Objection.select()
        .where(Objection.about == about, Objection.filed_on >= since)
        .order_by(Objection.filed_at)
    )
    return [
        Objected(
            row["id"],
            row["filed_on"],
            row["state"],
            shown(row, "sealed_text", _TABLE, wrapped),
            shown(row, "sealed_answer", _TABLE, wrapped),
            row["receipt"],
            shown(row, "sealed_sender", _TABLE, wrapped),
        )
        for row in rows
    ]


async def file_objection(
    by: Actor,
    about: UUID,
    wrapped: bytes | None,
    notice: tuple[str, str],
    text: str,
    today: date,
    *,
    receipt: str = "",
    sender: str = "",
) -> UUID:
    """Inside the caller's transaction, who has checked that `by` may. notice: its first and last day. receipt
    and sender: as `Objected` has them."""
    wrong = text_findings(text, "/objection")
    if not (notice[1] and notice[0] <= today.isoformat() <= notice[1]):
        wrong.append(Finding("/objection", "credentials.objection-late", {}))
    if wrong:
        raise Invalid(wrong)
    id = uuid4()
    await Objection.insert(
        Objection(
            id=id,
            about=about,
            filed_on=today.isoformat(),
            filed_at=datetime.now(UTC),
            filed_by=by.account,
            sealed_text=hide(wrapped, text.strip(), _TABLE, "sealed_text", id),
            receipt=receipt,
            sealed_sender=hide(wrapped, sender, _TABLE, "sealed_sender", id),
        )
    )
    return id


async def answer_objection(
    by: Actor, about: UUID, wrapped: bytes | None, objection: UUID, answer: str, upheld: bool
) -> None:
    """The same. An objection is answered once."""
    if wrong := text_findings(answer, "/answer"):
        raise Invalid(wrong)
    changes: dict[Any, Any] = {
        Objection.state: "upheld" if upheld else "rejected",
        Objection.sealed_answer: hide(wrapped, answer.strip(), _TABLE, "sealed_answer", objection),
        Objection.answered_at: datetime.now(UTC),
        Objection.answered_by: by.account,
    }
    moved = (
        await Objection.update(changes)
        .where(Objection.id == objection, Objection.about == about, Objection.state == "open")
        .returning(Objection.id)
    )
    if not moved:
        raise NotFound(kind="objection", id=objection)


def running(row: Mapping[str, Any], today: date) -> bool:
    return bool(row["notice_until"]) and row["notice_from"] <= today.isoformat() <= row["notice_until"]  # fmt: skip
