"""What happens once somebody goes: visits, the report, the enterprise's answer and what it says it gained."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor
from core.web.i18n import TIME_ZONE
from credentials.matching import forms, sealing
from credentials.matching.dispatching import offer_row
from credentials.matching.enterprises import enterprise_row
from credentials.matching.needs import end, move, need_row, noted
from credentials.matching.states import ACCEPTED, OfferAnswered
from credentials.matching.tables import Benefit, CraftNeed, Visit
from credentials.matching.words import OFFER_WORDS, RESULTS, UNITS

MOST_VISITS, MOST_BENEFITS = 200, 10
LARGEST_FILE_MB = 20
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gained:
    """One line of a statement, as it was typed. evidence: a file's content; only its fingerprint is kept."""

    figure: str
    unit: str
    evidence: bytes = b""


async def enter_visit(by: Actor, offer: UUID, *, day: str, hours: str) -> None:
    """hours: of this day, in quarters of an hour, rounded up."""
    row = await _going(offer)
    need = await need_row(row["need"])
    wrong = forms.day("/day", day, needed=True) or _day_findings(need, day)
    wrong += _hours_findings(hours)
    count = await Visit.count().where(Visit.need == row["need"])
    if count >= MOST_VISITS:
        wrong.append(Finding("/day", "matching.visits-many", {"count": str(count)}))
    if wrong:
        raise Invalid(wrong)
    minutes = -(-forms.thousandths(hours) * 60 // 1000 // 15) * 15
    async with transaction():
        await move(row["need"], "visit")
        await Visit.insert(
            Visit(
                id=uuid4(),
                need=row["need"],
                dispatch=offer,
                day=day,
                minutes=max(minutes, 15),
                entered_at=datetime.now(UTC),
            )
        )
        await noted(by, "visit.entered", need, {"day": day, "minutes": minutes})


async def remove_visit(by: Actor, offer: UUID, visit: UUID) -> None:
    """One of the craftsman's own that was mistyped, before the report."""
    row = await _going(offer)
    need = await need_row(row["need"])
    async with transaction():
        await move(row["need"], "visit")
        gone = (
            await Visit.delete()
            .where(Visit.id == visit, Visit.dispatch == offer)
            .returning(Visit.id)
        )
        if not gone:
            raise NotFound(kind="visit", id=visit)
        await noted(by, "visit.removed", need, {"visit": str(visit)})


async def report(by: Actor, offer: UUID, *, result: str, text: str) -> None:
    row = await _going(offer)
    wrong = forms.chosen("/result", [result], RESULTS, needed=True) + forms.words("/report", text)
    if wrong:
        raise Invalid(wrong)
    async with transaction():
        need = await move(row["need"], "report")
        enterprise = await enterprise_row(need["enterprise"])
        values: dict[Any, Any] = {CraftNeed.result: result}
        if enterprise["wrapped_key"]:  # else the enterprise was forgotten, and its words with it
            said = {**sealing.words_of(enterprise, need), "report": text}
            values[CraftNeed.sealed_words] = sealing.seal_words(enterprise, need["id"], said)
        await CraftNeed.update(values).where(CraftNeed.id == need["id"])
        await noted(by, "need.reported", need, {"result": result})


async def object_to(by: Actor, need: UUID) -> None:
    """The enterprise says that it is not done: visits and another report can follow."""
    async with transaction():
        await noted(by, "need.objected", await move(need, "object"))


async def confirm(by: Actor, need: UUID, gained: Sequence[Gained]) -> None:
    """The enterprise says that it is done, and what it gained: its own statement. Raises Invalid."""
    if wrong := wrong_benefits(gained):
        raise Invalid(wrong)
    now = datetime.now(UTC)
    async with transaction():
        row = await move(need, "confirm")
        if gained:
            await Benefit.insert(*(_benefit(need, one, now) for one in gained))
        await end(row, now)
        await noted(by, "need.confirmed", row, {"benefits": len(gained)})


def wrong_benefits(gained: Sequence[Gained]) -> list[Finding]:
    found: list[Finding] = []
    if len(gained) > MOST_BENEFITS:
        found.append(
            Finding("/benefits", "matching.number", {"least": "0", "most": str(MOST_BENEFITS)})
        )
    for n, one in enumerate(gained):
        if not one.figure or not one.unit:
            found.append(Finding(f"/figure-{n}", "matching.benefits"))
        else:
            found += forms.amount(f"/figure-{n}", one.figure)
            found += forms.chosen(f"/unit-{n}", [one.unit], UNITS, needed=True)
        if len(one.evidence) > LARGEST_FILE_MB * 1024 * 1024:
            most = {"most": str(LARGEST_FILE_MB)}
            found.append(Finding(f"/evidence-{n}", "matching.file-large", most))
    return found


async def visits_of(need: UUID) -> list[Row]:
    rows: list[Row] = (
        await Visit.select().where(Visit.need == need).order_by(Visit.day, Visit.entered_at)
    )
    return rows


async def benefits_of(need: UUID) -> list[Row]:
    rows: list[Row] = await Benefit.select().where(Benefit.need == need).order_by(Benefit.id)
    return rows


async def _going(offer: UUID) -> Row:
    """Raises OfferAnswered for somebody who does not go."""
    row = await offer_row(offer)
    if row["state"] != ACCEPTED:
        raise OfferAnswered(state=OFFER_WORDS[row["state"]])
    return row


def _day_findings(need: Row, day: str) -> list[Finding]:
    if day > local_day(datetime.now(UTC)):
        return [Finding("/day", "matching.future")]
    if need["accepted_at"] and day < local_day(need["accepted_at"]):
        return [Finding("/day", "matching.before")]
    return []


def _hours_findings(hours: str) -> list[Finding]:
    wrong = forms.amount("/hours", hours)
    if not wrong and not 0 < forms.thousandths(hours) <= 24_000:
        wrong = [Finding("/hours", "matching.number", {"least": "1", "most": "24"})]
    return wrong


def local_day(moment: datetime) -> str:
    return moment.astimezone(TIME_ZONE).date().isoformat()


def _benefit(need: UUID, one: Gained, now: datetime) -> Benefit:
    fingerprint = hashlib.sha256(one.evidence).hexdigest() if one.evidence else ""
    return Benefit(
        id=uuid4(),
        need=need,
        thousandths=forms.thousandths(one.figure),
        unit=one.unit,
        evidence_hash=fingerprint,
        evidence_size=len(one.evidence),
        stated_at=now,
    )
