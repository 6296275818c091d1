"""The dated record for the personnel file: the same rows on paper, and the hash of every file."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core import paper
from core.errors import JiangxinError
from core.paper.fonts import lacking, texts_of
from core.web.i18n import show_moment, translate
from credentials import keyring, published
from credentials.encoding import from_base64url
from credentials.stacks.lines import Line, Ruling
from credentials.stacks.sheet import before_of, cells_of
from credentials.stacks.words import RULINGS

HERE = Path(__file__).parent
TEMPLATE = "stacks/record.typ"
TITLE = "Record of a certificate check"
COLUMNS = ("File", "Certificate no.", "Name as signed", "Verdict", "State", "What to do")


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands over the rows. `files`: (name, SHA-256). `notes`: sentences about the stack as a whole."""

    employer: str
    files: Sequence[tuple[str, str]]
    at: datetime
    notes: Sequence[str] = ()


def register() -> None:
    paper.register("stacks", HERE / "paper")


async def record_pdf(lines: Sequence[Line], facts: Facts, language: str) -> bytes:
    """In nobody's name: it says what a machine found, and when."""
    data = _printable(await _data(lines, facts, language), language)
    return await paper.pdf(TEMPLATE, data, language=language, at=facts.at)


async def _data(lines: Sequence[Line], facts: Facts, language: str) -> dict[str, Any]:
    def said(text: str, **params: object) -> str:
        return translate(text, language, **params)

    return {
        "title": said(TITLE),
        "head": keyring.addresses().host,
        "facts": [
            [said("Checked for"), facts.employer],
            [said("Checked at"), show_moment(facts.at, language)],
            [said("By the installation"), keyring.addresses().host],
            [said("Trust bundle"), await _bundle(language)],
            [said("Found"), _counts(lines, language)],
        ],
        "notes": [*facts.notes, *(said(note) for note in NOTES)],
        "heads": [said(title) for title in COLUMNS],
        "rows": [_row(line, language, facts.at) for line in lines],
        "files_title": said("The files, with their SHA-256"),
        "files": [list(file) for file in facts.files],
    }


NOTES = (
    "A machine compared signatures with the issuers' keys and the ledger. It did not compare faces or"
    " identity documents.",
    "It is true for the moment that stands here. Ask again before you rely on it later.",
)


def _row(line: Line, language: str, at: datetime) -> list[str]:
    cells = cells_of(line, language, at)
    place = cells["File"] + (f" · {cells['Page']}" if cells["Page"] else "")
    state = cells["State"] + (f" · {cells['State since']}" if cells["State since"] else "")
    if before := before_of(line, language):
        last = translate("Last time", language)
        state += f" ({last}: {before})"
    what = f"{cells['Name as signed']}\n{cells['Award / level']}".strip()
    todo = " ".join(part for part in (cells["Why"], cells["What to do"]) if part)
    return [place, cells["Certificate no."], what, cells["Verdict"], state, todo]


def _counts(lines: Sequence[Line], language: str) -> str:
    counted = Counter(line.ruling for line in lines)
    return " · ".join(
        f"{translate(RULINGS[ruling], language)}: {counted[ruling]}"
        for ruling in Ruling
        if counted[ruling]
    ) or translate("nothing", language)


async def _bundle(language: str) -> str:
    """Which keys were believed: when the bundle was made, and the beginning of its hash."""
    try:
        token = await published.trust_bundle()
    except JiangxinError:
        return translate("none: nobody issues certificates here yet", language)
    claims = json.loads(from_base64url(token.split(".")[1]))
    made = show_moment(datetime.fromtimestamp(claims["iat"], UTC), language)
    return f"{made} · {hashlib.sha256(token.encode()).hexdigest()[:16]}"


def _printable(data: dict[str, Any], language: str) -> dict[str, Any]:
    """A character that no font has is named, so that one name does not keep the record from being made."""
    missing = lacking(list(texts_of(data)), language)
    if not missing:
        return data
    table = {ord(character): f"[U+{ord(character):04X}]" for character in missing}
    found: dict[str, Any] = _translated(data, table)
    return found


def _translated(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [_translated(each, table) for each in value]
    return {key: _translated(each, table) for key, each in value.items()}
