"""点单: what an enterprise needs, filed and withdrawn by it; and the one way in which a need changes its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor
from credentials.matching import forms, sealing
from credentials.matching.enterprises import enterprise_row
from credentials.matching.registry import READ, check_keeper, cities, scope_of
from credentials.matching.states import ENDED, FILED, PASSED, WAITING, WrongStep, need_after
from credentials.matching.tables import CraftNeed, Dispatch, Enterprise

MOST_WANTED, MOST_WORKERS, MOST_OPEN = 20, 100_000, 50
WORDS = ("problem", "address", "person", "telephone", "email")
"""Of a draft: what is sealed."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NeedDraft:
    """As it was typed. person, telephone, email, address: shown only to who has taken the need on."""

    trade: str = ""
    city: str = ""
    from_day: str = ""
    until_day: str = ""
    wanted: str = "1"
    workers: str = "0"
    problem: str = ""
    address: str = ""
    person: str = ""
    telephone: str = ""
    email: str = ""


def read_need(form: Mapping[str, Any]) -> NeedDraft:
    return NeedDraft(
        trade=forms.plain(form.get("trade")),
        city=forms.plain(form.get("city")),
        from_day=forms.narrow(form.get("from_day")),
        until_day=forms.narrow(form.get("until_day")),
        wanted=forms.narrow(form.get("wanted")) or "1",
        workers=forms.narrow(form.get("workers")) or "0",
        problem=forms.plain(form.get("problem")),
        address=forms.plain(form.get("address")),
        person=forms.plain(form.get("person")),
        telephone=forms.narrow(form.get("telephone")),
        email=forms.narrow(form.get("email")),
    )


def wrong_need(draft: NeedDraft) -> list[Finding]:
    found = forms.line("/trade", draft.trade, most=60)
    found += forms.reachable_in("/trade", draft.trade)
    found += forms.chosen("/city", [draft.city], cities(), needed=True)
    found += forms.period(draft.from_day, draft.until_day)
    found += forms.number("/wanted", draft.wanted, least=1, most=MOST_WANTED)
    found += forms.number("/workers", draft.workers, least=0, most=MOST_WORKERS)
    found += forms.words("/problem", draft.problem)
    found += forms.line("/address", draft.address, needed=False)
    found += forms.line("/person", draft.person)
    return found + forms.contact(draft.telephone, draft.email)


async def file_need(by: Actor, enterprise: UUID, draft: NeedDraft) -> UUID:
    """Raises Invalid with all findings."""
    row, wrong = await enterprise_row(enterprise), wrong_need(draft)
    if (open_ := await _open_needs(enterprise)) >= MOST_OPEN:
        wrong.append(Finding("", "matching.needs-many", {"count": str(open_)}))
    if not row["wrapped_key"]:
        raise NotFound(kind="enterprise", id=enterprise)
    if wrong:
        raise Invalid(wrong)
    id = uuid4()
    words = {name: getattr(draft, name) for name in WORDS}
    async with transaction():
        await CraftNeed.insert(
            CraftNeed(
                id=id,
                organisation=row["organisation"],
                enterprise=enterprise,
                trade=draft.trade,
                city=draft.city,
                from_day=draft.from_day,
                until_day=draft.until_day,
                wanted=int(draft.wanted),
                workers=int(draft.workers),
                sealed_words=sealing.seal_words(row, id, words),
                state=FILED,
                filed_at=datetime.now(UTC),
            )
        )
        await noted(by, "need.filed", {"organisation": row["organisation"], "id": id})
    return id


async def withdraw_need(by: Actor, need: UUID) -> None:
    """Before somebody has taken it on. Who was asked need not answer any more."""
    async with transaction():
        row = await move(need, "withdraw")
        await pass_waiting(need)
        await end(row)
        await noted(by, "need.withdrawn", row)


async def close_need(by: Actor, organisation: UUID, need: UUID) -> None:
    """By the union, when nothing more is to be expected of either side."""
    await check_keeper(by, organisation)
    await need_row(need, organisation)
    async with transaction():
        row = await move(need, "close")
        await pass_waiting(need)
        await end(row)
        await noted(by, "need.closed", row)


# --- for the other steps of this room, inside their transactions --------------------------------


async def move(need: UUID, step: str) -> Row:
    """The need as it stands after the step, held until the transaction ends. Raises WrongStep, NotFound."""
    for _ in range(3):
        row = await need_row(need)
        state = need_after(row["state"], step)
        moved = await CraftNeed.raw(
            "UPDATE craft_need SET state = {} WHERE id = {} AND state = {} RETURNING id",
            state,
            need,
            row["state"],
        )
        if moved:
            return {**row, "state": state}
    raise WrongStep(state="")


async def end(row: Row, now: datetime | None = None) -> None:
    """From here the days run for which both sides still see each other's contact."""
    at = now or datetime.now(UTC)
    enterprise = await enterprise_row(row["enterprise"])
    until = at + timedelta(days=enterprise["contact_days"])
    await CraftNeed.update({CraftNeed.ended_at: at, CraftNeed.contact_until: until}).where(
        CraftNeed.id == row["id"]
    )


async def pass_waiting(need: UUID) -> None:
    await Dispatch.update({Dispatch.state: PASSED, Dispatch.answered_at: datetime.now(UTC)}).where(
        Dispatch.need == need, Dispatch.state == WAITING
    )


async def noted(by: Actor, step: str, row: Mapping[str, Any], after: Any = None) -> None:
    scope = scope_of(row["organisation"])
    await audit.record(by, step, scope=scope, subject=str(row["id"]), after=after)


# --- reading ------------------------------------------------------------------------------------


async def need_row(need: UUID, organisation: UUID | None = None) -> Row:
    """Raises NotFound, also for one of another organisation's."""
    row = await CraftNeed.select().where(CraftNeed.id == need).first()
    if row is None or (organisation is not None and row["organisation"] != organisation):
        raise NotFound(kind="need", id=need)
    return dict(row)


async def needs_of_enterprises(enterprises: Sequence[UUID]) -> list[Row]:
    """The newest first."""
    if not enterprises:
        return []
    rows: list[Row] = (
        await CraftNeed.select()
        .where(CraftNeed.enterprise.is_in(list(enterprises)))
        .order_by(CraftNeed.filed_at, ascending=False)
        .limit(200)
    )
    return rows


async def need_page(
    by: Actor, organisation: UUID, *, state: str = "", limit: int, after: str = ""
) -> list[Row]:
    """Of one registry, the newest first. after: id of the last one of the page before."""
    await check_keeper(by, organisation, READ)
    query = CraftNeed.select().where(CraftNeed.organisation == organisation)
    if state:
        query = query.where(CraftNeed.state == state)
    if after:
        last = await need_row(_id(after), organisation)
        same = (CraftNeed.filed_at == last["filed_at"]) & (CraftNeed.id < last["id"])
        query = query.where((CraftNeed.filed_at < last["filed_at"]) | same)
    rows: list[Row] = await query.order_by(CraftNeed.filed_at, CraftNeed.id, ascending=False).limit(
        limit
    )
    return rows


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(kind="need", id=text[:40]) from None


async def names_of_enterprises(rows: Sequence[Row]) -> dict[UUID, str]:
    """For the union's office."""
    ids = list({row["enterprise"] for row in rows})
    found = await Enterprise.select().where(Enterprise.id.is_in(ids)) if ids else []
    return {row["id"]: sealing.facts_of(row).get("name", "") for row in found}


async def _open_needs(enterprise: UUID) -> int:
    return int(
        await CraftNeed.count().where(
            CraftNeed.enterprise == enterprise, CraftNeed.state.not_in(sorted(ENDED))
        )
    )
