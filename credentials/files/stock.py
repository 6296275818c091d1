"""Pre-printed, pre-sealed sheets: only what differs and the QR are printed, where the sheet has room.

Lengths are half millimetres: no printer feeds more exactly, and nobody measures more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core import audit, paper
from core.db import transaction
from core.errors import Invalid
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from credentials.files.faces import QR_SIDE, Face
from credentials.files.making import printed
from credentials.files.tables import PrintedStock
from credentials.identifiers import NAMESPACE
from credentials.scopes import issuer_scopes

FIELDS: Mapping[str, str] = {
    "name": "Name",
    "romanised": "Name in Latin letters",
    "prize": "Prize or title",
    "contest": "Contest",
    "date": "Date",
    "number": "Number",
    "qr": "QR",
}
NEEDED = ("name", "number", "qr")
SMALLEST, LARGEST = 2 * 50, 2 * 450
"""A card of 5 cm, and A3's longer side with room to spare."""
MOST_OFFSET = 2 * 20
LETTERS = range(6, 73)
_QR_ROOM = round(2 * QR_SIDE * 1.16)
"""With its quiet zone, of a code of version 10 or 11."""


@dataclass(frozen=True, slots=True)
class Place:
    """Half millimetres from the upper left corner; letters: points. The text is set in its middle."""

    x: int
    y: int
    width: int
    letters: int = 12


@dataclass(frozen=True, slots=True)
class Stock:
    """A kind of sheet. right, down: how far this printer misses, found with the calibration page."""

    width: int
    height: int
    right: int = 0
    down: int = 0
    places: Mapping[str, Place] = field(default_factory=dict)


A4_ACROSS = Stock(
    2 * 297,
    2 * 210,
    places={
        "prize": Place(2 * 40, 2 * 62, 2 * 217, 30),
        "name": Place(2 * 40, 2 * 92, 2 * 217, 28),
        "romanised": Place(2 * 40, 2 * 106, 2 * 217, 14),
        "contest": Place(2 * 40, 2 * 120, 2 * 217, 16),
        "date": Place(2 * 30, 2 * 172, 2 * 90, 11),
        "number": Place(2 * 30, 2 * 180, 2 * 90, 9),
        "qr": Place(2 * 240, 2 * 154, _QR_ROOM, 7),
    },
)


def millimetres(typed: str) -> int | None:
    """ "12.5" -> 25; None for what is no multiple of half a millimetre."""
    try:
        doubled = float(typed.strip().replace(",", ".")) * 2
    except ValueError:
        return None
    return int(doubled) if doubled.is_integer() and abs(doubled) < 10_000 else None


async def stock_of(contest: UUID | str, issuer: str) -> Stock:
    """An A4 sheet across as long as nobody described another."""
    row = await PrintedStock.select().where(PrintedStock.id == _id(contest, issuer)).first()
    if row is None:
        return A4_ACROSS
    places = {name: Place(*values) for name, values in json.loads(row["places"]).items()}
    return Stock(row["width"], row["height"], row["right"], row["down"], places)


async def keep_stock(by: Actor, contest: UUID | str, issuer: str, stock: Stock) -> None:
    """For every sheet printed from now on. Raises Invalid with all findings."""
    check(by, "certificate.issue", *await issuer_scopes(issuer))
    if found := findings(stock):
        raise Invalid(found)
    row = PrintedStock(
        id=_id(contest, issuer),
        contest=str(contest),
        issuer=issuer,
        width=stock.width,
        height=stock.height,
        right=stock.right,
        down=stock.down,
        places=json.dumps({name: list(asdict(one).values()) for name, one in stock.places.items()}),
        changed_at=datetime.now(UTC),
        changed_by=by.account,
    )
    async with transaction():
        before = asdict(await stock_of(contest, issuer))
        await PrintedStock.delete().where(PrintedStock.id == row.id)
        await PrintedStock.insert(row)
        await audit.record(
            by,
            "certificates.stock",
            scope=Scope("contest", str(contest)),
            subject=issuer,
            before=before,
            after=asdict(stock),
        )


def findings(stock: Stock) -> list[Finding]:
    found = []
    for pointer, side in (("/width", stock.width), ("/height", stock.height)):
        if not SMALLEST <= side <= LARGEST:
            params = {"least": str(SMALLEST // 2), "most": str(LARGEST // 2)}
            found.append(Finding(pointer, "credentials.stock-size", params))
    for pointer, offset in (("/right", stock.right), ("/down", stock.down)):
        if abs(offset) > MOST_OFFSET:
            found.append(
                Finding(pointer, "credentials.stock-offset", {"most": str(MOST_OFFSET // 2)})
            )
    for name in NEEDED:
        if name not in stock.places:
            found.append(Finding(f"/{name}", "credentials.stock-needed", {}))
    for name, place in stock.places.items():
        if not _fits(name, place, stock):
            found.append(Finding(f"/{name}", "credentials.stock-place", {}))
        if place.letters not in LETTERS:
            params = {"least": str(LETTERS[0]), "most": str(LETTERS[-1])}
            found.append(Finding(f"/{name}", "credentials.stock-letters", params))
    return found


def _fits(name: str, place: Place, stock: Stock) -> bool:
    if name not in FIELDS or place.x < 0 or place.y < 0 or place.width < 10:
        return False
    wide = max(place.width, _QR_ROOM) if name == "qr" else place.width
    deep = _QR_ROOM if name == "qr" else 8
    return place.x + wide <= stock.width and place.y + deep <= stock.height


async def on_stock(
    faces: Sequence[Face], stock: Stock, language: str, *, at: datetime | None = None
) -> bytes:
    """Only the variable fields, moved by the offsets."""
    images = {name: content for one in faces for name, content in one.images.items()}
    data = {"all": [one.page for one in faces], "stock": described(stock), "title": ""}
    return await printed(faces, "certificates/stock.typ", data, language, at=at, images=images)


async def calibration(stock: Stock, language: str, said: Mapping[str, str]) -> bytes:
    """A page of the stock's size with rulers of half millimetres and a frame where each field goes, to
    be laid over a sheet and held against the light. said: its words, translated."""
    data = {"stock": described(stock), "said": dict(said)}
    return await paper.pdf("certificates/calibration.typ", data, language=language)


def described(stock: Stock) -> dict[str, Any]:
    return {**asdict(stock), "qr_room": _QR_ROOM}


def _id(contest: UUID | str, issuer: str) -> UUID:
    return uuid5(NAMESPACE, f"stock|{contest}|{issuer}")
