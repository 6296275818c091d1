"""Badges and seat cards on paper. No document number stands on either; a seat card has no name,
because judges walk past it: before the draw the entry's number, after it each module's codes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

from contests.actions.common import allowed, contest_row, scopes_of
from contests.entering.load import entries_of, known_for
from contests.entering.photos import photos_of
from contests.identity.sealing import codes_taken
from contests.tables import Entry
from core import audit, paper
from core.db import transaction
from core.errors import Invalid
from core.scoring.codec import from_json
from core.scoring.model import Finding, Scheme
from core.security import Actor, check
from core.settings import current
from core.web import qr
from core.web.i18n import pick

paper.register("contests/entering", Path(__file__).parent / "papers")
_PAPER = "contests/entering/badges.typ"


async def badges(by: Actor, contest: UUID, language: str, *, at: datetime | None = None) -> bytes:
    """A card for each member of each entry, with the photo if there is one. The QR leads staff to the
    entry in the console and tells nobody else anything."""
    scope = await allowed(by, "contest.enter", contest)
    check(by, "identity.read", *await scopes_of(contest))
    row, known = await contest_row(contest), await known_for(contest)
    entries = [e for e in await entries_of(contest) if e.status != "withdrawn"]
    photos = await photos_of([m.person for e in entries for m in e.members])
    images = {f"{person}.jpg": content for person, content in photos.items()}
    cards = []
    for entry in entries:
        address = f"{current().origin}/console/contests/{contest}/people/{entry.id}"
        images[f"{entry.id}.svg"] = qr.svg(address, title="").encode()
        delegation = known.delegations.get(entry.delegation) if entry.delegation else None
        cards += [
            {
                "contest": pick(json.loads(row["title"]), language),
                "number": entry.number,
                "name": member.name,
                "latin": str(member.facts.get("romanised", "")),
                "delegation": pick(delegation, language) if delegation else "",
                "group": entry.group,
                "photo": f"{member.person}.jpg" if member.person in photos else "",
                "qr": f"{entry.id}.svg",
            }
            for member in entry.members
        ]
    if not cards:
        raise Invalid([Finding("", "people-no-entrants", {})])
    async with transaction():
        await audit.record(by, "people.badges_printed", scope=scope, after={"count": len(cards)})
    data = {"kind": "badges", "cards": cards}
    return await paper.pdf(_PAPER, data, language=language, at=at, images=images)


async def seat_cards(
    by: Actor, contest: UUID, language: str, *, at: datetime | None = None
) -> bytes:
    """One for each number, or, once codes are drawn, for each code of each module."""
    await allowed(by, "contest.enter", contest)
    row = await contest_row(contest)
    title = pick(json.loads(row["title"]), language)
    cards: list[dict[str, str]] = []
    images: dict[str, bytes] = {}
    for module, number in await _numbers(contest, row["scheme"], language):
        name = f"{len(images)}.svg"
        images[name] = qr.svg(number, title="").encode()
        cards.append({"contest": title, "module": module, "number": number, "qr": name})
    if not cards:
        raise Invalid([Finding("", "people-no-numbers", {})])
    data = {"kind": "seats", "cards": cards}
    return await paper.pdf(_PAPER, data, language=language, at=at, images=images)


async def _numbers(contest: UUID, scheme: str, language: str) -> list[tuple[str, str]]:
    """(module's title, number on the card)."""
    drawn = await codes_taken(contest)
    if drawn:
        modules = from_json(Scheme, json.loads(scheme)).modules
        titles = {module.id: pick(module.title, language) for module in modules}
        return [
            (titles.get(m, m), code) for m, codes in sorted(drawn.items()) for code in sorted(codes)
        ]
    rows = (
        await Entry.select(Entry.number)
        .where(Entry.contest == contest, Entry.status != "withdrawn", Entry.number != "")
        .order_by(Entry.number)
    )
    return [("", row["number"]) for row in rows]
