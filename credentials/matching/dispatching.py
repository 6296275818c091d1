"""派单 and 接单: a need offered to craftsmen or a team, taken back, accepted, declined, given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import undo
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor
from credentials.matching import links
from credentials.matching.needs import move, need_row, noted, pass_waiting
from credentials.matching.registry import DISPATCH, check_keeper, scope_of
from credentials.matching.states import ACCEPTED, WAITING, OfferAnswered, offer_after
from credentials.matching.tables import CraftNeed, Craftsman, Dispatch, ServiceTeam
from credentials.matching.words import OFFER_WORDS

MOST_OFFERS = 30
UNDO = "matching.dispatched"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """links: craftsman -> address of the link for him, shown once. undo: what takes it all back."""

    links: Mapping[UUID, str]
    undo: UUID


async def dispatch_need(
    by: Actor,
    organisation: UUID,
    need: UUID,
    *,
    craftsmen: Sequence[UUID] = (),
    teams: Sequence[UUID] = (),
) -> Sent:
    """Offers the need to each, to a team through its leader. Nothing is sent by itself: the office hands each
    link over. Raises Invalid, WrongStep."""
    await check_keeper(by, organisation)
    await need_row(need, organisation)
    now = datetime.now(UTC)
    async with transaction():
        row = await move(need, "dispatch")
        chosen = await _chosen(organisation, need, craftsmen, teams)
        made = {craftsman: uuid4() for craftsman in chosen}
        await Dispatch.insert(
            *(
                Dispatch(
                    id=made[craftsman],
                    need=need,
                    craftsman=craftsman,
                    team=team,
                    state=WAITING,
                    sent_by=by.account,
                    sent_at=now,
                )
                for craftsman, team in chosen.items()
            )
        )
        addresses = {
            craftsman: await links.make_link(
                links.CRAFTSMAN, craftsman, by=by.account, now=now, dispatch=offer
            )
            for craftsman, offer in made.items()
        }
        ids = [str(offer) for offer in made.values()]
        await noted(by, "need.dispatched", row, {"offers": ids})
        back = await undo.remember(
            by,
            UNDO,
            scope_of(organisation),
            {"need": str(need), "offers": ids},
            title="A need was offered to craftsmen: {count}.",
            count=len(ids),
        )
    return Sent(addresses, back)


async def link_again(by: Actor, organisation: UUID, offer: UUID) -> str:
    """Another link for an offer that waits, or for one that was accepted and whose log-in was lost."""
    await check_keeper(by, organisation)
    row = await offer_row(offer)
    need = await need_row(row["need"], organisation)
    if row["state"] not in (WAITING, ACCEPTED):
        raise OfferAnswered(state=OFFER_WORDS[row["state"]])
    async with transaction():
        await noted(by, "offer.link_made", {"organisation": need["organisation"], "id": offer})
        return await links.make_link(
            links.CRAFTSMAN, row["craftsman"], by=by.account, now=datetime.now(UTC), dispatch=offer
        )


async def take_back(by: Actor, organisation: UUID, offer: UUID) -> None:
    """Before it was answered. Its link ends."""
    await check_keeper(by, organisation)
    row = await offer_row(offer)
    need = await need_row(row["need"], organisation)
    async with transaction():
        await _take_back(by, row, need)


async def accept(by: Actor, offer: UUID) -> None:
    """Once as many have accepted as are wanted, the others need not answer any more."""
    async with transaction():
        await accept_row(by, await offer_row(offer))


async def decline(by: Actor, offer: UUID) -> None:
    async with transaction():
        await decline_row(by, await offer_row(offer))


async def leave(by: Actor, offer: UUID) -> None:
    """Somebody who had accepted can't go after all; contact is hidden from both sides at once."""
    async with transaction():
        row = await offer_row(offer)
        need = await move(row["need"], "visit")  # as long as visits are made, somebody can leave
        await answer(row, "leave")
        await noted(by, "offer.left", _of(need, row))
        await reopen(row["need"])


# --- inside the caller's transaction -------------------------------------------------------------


async def accept_row(by: Actor, row: Row) -> None:
    offer_after(row["state"], "accept")
    need = await move(row["need"], "accept")
    await answer(row, "accept")
    if need["accepted_at"] is None:
        await CraftNeed.update({CraftNeed.accepted_at: datetime.now(UTC)}).where(
            CraftNeed.id == row["need"]
        )
    going = await Dispatch.count().where(Dispatch.need == row["need"], Dispatch.state == ACCEPTED)
    if going >= need["wanted"]:
        await pass_waiting(row["need"])
    await noted(by, "offer.accepted", _of(need, row))


async def decline_row(by: Actor, row: Row) -> None:
    await answer(row, "decline")
    need = await need_row(row["need"])
    await noted(by, "offer.declined", _of(need, row))
    await reopen(row["need"])


async def answer(row: Row, step: str) -> None:
    """Raises OfferAnswered, also when somebody else was faster."""
    state = offer_after(row["state"], step)
    moved = await Dispatch.raw(
        "UPDATE dispatch SET state = {}, answered_at = {} WHERE id = {} AND state = {} RETURNING id",
        state,
        datetime.now(UTC),
        row["id"],
        row["state"],
    )
    if not moved:
        raise OfferAnswered(state=OFFER_WORDS[(await offer_row(row["id"]))["state"]])


async def reopen(need: UUID) -> None:
    """When nobody waits or goes any more, the need is open again."""
    row = await need_row(need)
    left = await Dispatch.exists().where(
        Dispatch.need == need, Dispatch.state.is_in([WAITING, ACCEPTED])
    )
    if not left and row["state"] in ("dispatched", "accepted"):
        await move(need, "nobody")


async def pass_offers(craftsman: UUID) -> None:
    """Of somebody who is not listed any more: what waits for him needs no answer."""
    rows = await Dispatch.select().where(Dispatch.craftsman == craftsman, Dispatch.state == WAITING)
    for row in rows:
        await answer(row, "pass")
        await reopen(row["need"])


async def _take_back(by: Actor, row: Row, need: Mapping[str, Any]) -> None:
    await answer(row, "take_back")
    await links.end_links(
        links.CRAFTSMAN, row["craftsman"], now=datetime.now(UTC), dispatch=row["id"]
    )
    await noted(by, "offer.taken_back", _of(need, row))
    await reopen(row["need"])


async def _undo(by: Actor, params: Mapping[str, Any]) -> None:
    """Takes back those that wait. Raises TooLateToUndo when none does."""
    need = await need_row(UUID(params["need"]))
    rows = await Dispatch.select().where(
        Dispatch.id.is_in([UUID(one) for one in params["offers"]]), Dispatch.state == WAITING
    )
    if not rows:
        raise undo.TooLateToUndo()
    for row in rows:
        await _take_back(by, row, need)


undo.register(undo.UndoKind(UNDO, DISPATCH, _undo))


async def _chosen(
    organisation: UUID, need: UUID, craftsmen: Sequence[UUID], teams: Sequence[UUID]
) -> dict[UUID, UUID | None]:
    """Craftsman -> the team that he leads there, if any. Raises Invalid."""
    found: dict[UUID, UUID | None] = dict.fromkeys(craftsmen)
    wrong = []
    for team in dict.fromkeys(teams):
        row = await ServiceTeam.select().where(ServiceTeam.id == team).first()
        if row is None or row["organisation"] != organisation or row["ended_at"]:
            raise NotFound(kind="service team", id=team)
        found[row["leader"]] = team
    live = await Dispatch.select(Dispatch.craftsman).where(
        Dispatch.need == need, Dispatch.state.is_in([WAITING, ACCEPTED])
    )
    if not found:
        wrong.append(Finding("/craftsmen", "matching.nobody-chosen"))
    if not await _all_listed(organisation, list(found)):
        wrong.append(Finding("/craftsmen", "matching.not-listed"))
    if found.keys() & {row["craftsman"] for row in live}:
        wrong.append(Finding("/craftsmen", "matching.offered-already"))
    if len(found) + len(live) > MOST_OFFERS:
        wrong.append(Finding("/craftsmen", "matching.offers-many", {"most": str(MOST_OFFERS)}))
    if wrong:
        raise Invalid(wrong)
    return found


async def _all_listed(organisation: UUID, craftsmen: Sequence[UUID]) -> bool:
    if not craftsmen:
        return True
    listed = await Craftsman.count().where(
        Craftsman.id.is_in(list(craftsmen)),
        Craftsman.organisation == organisation,
        Craftsman.listed_at.is_not_null(),
    )
    return bool(listed == len(craftsmen))


async def offer_row(offer: UUID) -> Row:
    """Raises NotFound."""
    row = await Dispatch.select().where(Dispatch.id == offer).first()
    if row is None:
        raise NotFound(kind="offer", id=offer)
    return dict(row)


async def offers_of(need: UUID) -> list[Row]:
    rows: list[Row] = (
        await Dispatch.select().where(Dispatch.need == need).order_by(Dispatch.sent_at, Dispatch.id)
    )
    return rows


def _of(need: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {"organisation": need["organisation"], "id": row["id"]}


async def offers_for(craftsmen: Sequence[UUID]) -> list[Row]:
    """The newest first."""
    if not craftsmen:
        return []
    rows: list[Row] = (
        await Dispatch.select()
        .where(Dispatch.craftsman.is_in(list(craftsmen)))
        .order_by(Dispatch.sent_at, ascending=False)
        .limit(500)
    )
    return rows
