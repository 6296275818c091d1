"""The order in which people are called up at a ceremony, and the sheet for whoever hands over.

The lowest prize first, as a ceremony goes; within a prize by the entrant's number, a team together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from contests.actions.common import contest_row
from contests.tables import Entry
from core import paper
from core.scoring.model import Text
from core.web.i18n import pick, translate
from credentials import rendering
from credentials.files.making import not_handed_out

HERE = Path(__file__).parent
PACKAGE = "ceremony"


def register() -> None:
    paper.register(PACKAGE, HERE / "paper")


async def in_calling_order(
    contest: UUID, rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Awards first, then what other issuers conferred."""
    place = await _places(contest)
    numbers = await _numbers(contest)
    return sorted(
        (dict(row) for row in rows),
        key=lambda row: (
            row["kind"] != "award",
            -place.get(row["grade"], 0),
            numbers.get(row["entry"], ""),
            row["entry"],
            row["public_id"],
        ),
    )


async def calling_sheet(
    contest: UUID, title: Text, rows: Sequence[Mapping[str, Any]], language: str
) -> bytes:
    """A PDF with one line each, numbered as the stack of paper lies."""
    numbers = await _numbers(contest)
    lines = [
        [
            str(n),
            _drawable(rendering.name_in(rendering.token_of(row)), language),
            pick(json.loads(row["title"]), language),
            numbers.get(row["entry"], ""),
            row["public_id"],
        ]
        for n, row in enumerate((row for row in rows if not not_handed_out(row)), 1)
    ]
    head = ("No.", "Name", "For", "Entrant's number", "Number", "Handed over")
    data = {
        "title": translate("In the order of calling up", language),
        "under": pick(title, language),
        "head": [translate(word, language) for word in head],
        "rows": lines,
    }
    return await paper.pdf(f"{PACKAGE}/calling.typ", data, language=language)


def _drawable(name: str, language: str) -> str:
    """A character that no font has, by its number: one rare name does not stop the ceremony's list."""
    missing = paper.lacking([name], language)
    return "".join(f"[U+{ord(c):04X}]" if c in missing else c for c in name)


async def _places(contest: UUID) -> dict[str, int]:
    """0 for the highest prize."""
    rules = json.loads((await contest_row(contest))["rules"] or "{}")
    codes = [prize["code"] for award in rules.get("awards", []) for prize in award["prizes"]]
    return {code: n for n, code in enumerate(dict.fromkeys(codes))}


async def _numbers(contest: UUID) -> dict[str, str]:
    rows = await Entry.select(Entry.id, Entry.number).where(Entry.contest == contest)
    return {str(row["id"]): row["number"].rjust(8) if row["number"] else "" for row in rows}
