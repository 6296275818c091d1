"""Gives a file's revisions to the one place that takes revisions, and names what became of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.judging.actions import accept_revisions
from contests.judging.answers import answer_out
from contests.judging.schemas import AnswerOut
from contests.judging.tablets.pictures import store_picture
from contests.sheets import take_apart
from contests.tables import Contest, Device
from core.errors import JiangxinError
from core.scoring.codec import load
from core.scoring.model import Text

AT_ONCE = 50
NEW, KNOWN, ATTENTION = "new", "known", "attention"


@dataclass(frozen=True, slots=True)
class Row:
    """One revision of the file. tablet: label of the key that signed, its id when nobody enrolled it.
    contest: title when it is another than the page's. tone: new, known or attention."""

    number: int
    code: str
    module: str
    tablet: str
    contest: Text | None
    tone: str
    answer: AnswerOut


async def take_revisions(
    revisions: Sequence[str], *, account: UUID | None, contest: UUID, language: str
) -> list[Row]:
    """In the file's order, each with its own answer; a refusal is an answer too."""
    answers: list[AnswerOut] = []
    for start in range(0, len(revisions), AT_ONCE):
        taken = await accept_revisions(revisions[start : start + AT_ONCE], account=account)
        answers += [answer_out(answer, language) for answer in taken]
    claims = [_claims(jws) for jws in revisions]
    tablets = await _labels(claim["kid"] for claim in claims)
    titles = await _titles(claim["contest"] for claim in claims)
    return [
        Row(
            number=number,
            code=claim["code"],
            module=claim["module"],
            tablet=tablets.get(claim["kid"]) or claim["kid"],
            contest=None if claim["contest"] == str(contest) else titles.get(claim["contest"]),
            tone=_tone(answer),
            answer=answer,
        )
        for number, (claim, answer) in enumerate(zip(claims, answers, strict=True), 1)
    ]


async def title_of(contest: UUID) -> Text:
    return (await _titles([str(contest)])).get(str(contest), {})


def _tone(answer: AnswerOut) -> str:
    if answer.answer == "duplicate":
        return KNOWN
    return NEW if answer.answer == "accepted" and answer.countable else ATTENTION


async def take_photos(
    photos: Mapping[str, bytes],
    revisions: Sequence[str],
    rows: Sequence[Row],
    *,
    account: UUID | None,
    contest: UUID,
) -> int:
    """Keeps those that a sheet of this contest, which was taken or here already, was signed with."""
    wanted: set[str] = set()
    for jws, row in zip(revisions, rows, strict=True):
        if row.tone in (NEW, KNOWN) and row.contest is None:
            wanted |= _named(jws)
    kept = 0
    for sha256 in sorted(wanted & set(photos)):
        with suppress(JiangxinError):  # no picture and no readings: the sheet counts without it
            await store_picture(
                contest, sha256, photos[sha256], account=account, now=datetime.now(UTC)
            )
            kept += 1
    return kept


def _named(jws: str) -> set[str]:
    """What the sheet says that it was signed with. Only asked of sheets that were taken."""
    parts = take_apart(jws)
    payload: Any = load(parts.payload)[0] if parts else None
    about = payload.get("about") if isinstance(payload, dict) else None
    facts = [one for one in about.values() if isinstance(one, dict)] if about else []
    names = [name for one in facts for name in (*(one.get("photos") or ()), one.get("file"))]
    return {name for name in names if isinstance(name, str) and name}


def _claims(jws: str) -> dict[str, str]:
    """What the revision says of itself, to be shown beside the answer; "" where it says nothing."""
    parts = take_apart(jws)
    payload: Any = load(parts.payload)[0] if parts else None
    said: Mapping[str, Any] = payload if isinstance(payload, dict) else {}
    told = {name: said.get(name, "") for name in ("code", "module", "contest")}
    told["kid"] = parts.header.get("kid", "") if parts else ""
    return {name: value[:60] if isinstance(value, str) else "" for name, value in told.items()}


async def _labels(kids: Iterable[str]) -> dict[str, str]:
    wanted = sorted({kid for kid in kids if kid})
    if not wanted:
        return {}
    rows = await Device.select(Device.kid, Device.label).where(Device.kid.is_in(wanted))
    return {row["kid"]: row["label"] for row in rows}


async def _titles(contests: Iterable[str]) -> dict[str, Text]:
    wanted = [UUID(text) for text in set(contests) if _is_uuid(text)]
    if not wanted:
        return {}
    rows = await Contest.select(Contest.id, Contest.title).where(Contest.id.is_in(wanted))
    return {str(row["id"]): json.loads(row["title"]) for row in rows}


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
