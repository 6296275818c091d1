"""Loads a list of occupations: looked at first, then taken in as a whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core import audit
from core.db import transaction
from core.errors import Invalid
from core.scoring.codec import canonical
from core.scoring.model import Finding
from core.security import INSTALLATION, Actor, check
from credentials.occupations.reading import NATIONAL, Line
from credentials.occupations.tables import Occupation

MAY = "installation.manage"
LONGEST_NAME, LONGEST_LIST = 120, 80
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """What a line would do. state: new, changed, same or wrong."""

    line: Line
    state: str
    wrong: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """gone: codes on record that the list lacks."""

    lines: Sequence[Checked]
    gone: Sequence[str]


async def look_at(by: Actor, lines: Sequence[Line]) -> Look:
    """Nothing is changed."""
    check(by, MAY)
    known = {row["code"]: row["title"] for row in await Occupation.select()}
    times = Counter(line.code for line in lines)
    found = [_checked(line, known.get(line.code), times[line.code]) for line in lines]
    listed = {line.code for line in lines}
    return Look(found, sorted(code for code in known if code not in listed))


async def load_list(
    by: Actor, lines: Sequence[Line], list_name: str, *, only_right: bool, whole: bool
) -> tuple[int, int]:
    """How many were taken in, and how many taken out. only_right: lines with mistakes are left out; whole: the
    list is complete, so that what it lacks goes. Raises Invalid, and then nothing is changed."""
    name = list_name.strip()
    async with transaction():
        look = await look_at(by, lines)
        right = [one.line for one in look.lines if not one.wrong]
        if wrong := _in_the_way(look, right, name, only_right):
            raise Invalid(wrong)
        rows = [_row(line, name) for line in right]
        gone = [*look.gone] if whole else []
        await _delete([*gone, *(line.code for line in right)])
        for start in range(0, len(rows), _AT_ONCE):
            await Occupation.insert(*rows[start : start + _AT_ONCE])
        told = {"list": name, "taken_in": len(rows), "taken_out": len(gone)}
        await audit.record(by, "occupations.loaded", scope=INSTALLATION, after=told)
    return len(rows), len(gone)


def _in_the_way(look: Look, right: Sequence[Line], name: str, only_right: bool) -> list[Finding]:
    found = []
    if not 0 < len(name) <= LONGEST_LIST or not name.isprintable():
        most = {"most": str(LONGEST_LIST)}
        found.append(Finding("/list_name", "occupations-list-name", most))
    wrong = len(look.lines) - len(right)
    if wrong and not only_right:
        found.append(Finding("/only_right", "occupations-wrong", {"count": str(wrong)}))
    if not right:
        found.append(Finding("/file", "occupations-nothing", {}))
    return found


def _checked(line: Line, known: str | None, times: int) -> Checked:
    wrong = []
    if not NATIONAL.fullmatch(line.code):
        wrong.append(Finding("/code", "occupations-code", {"code": line.code[:40]}))
    elif times > 1:
        wrong.append(Finding("/code", "occupations-twice", {"code": line.code}))
    names = list(line.title.values())
    if not any(names) or any(len(one) > LONGEST_NAME or not one.isprintable() for one in names):
        wrong.append(Finding("/name", "occupations-name", {"most": str(LONGEST_NAME)}))
    if wrong:
        return Checked(line, "wrong", wrong)
    if known is None:
        return Checked(line, "new")
    return Checked(line, "same" if json.loads(known) == dict(line.title) else "changed")


def _row(line: Line, name: str) -> Occupation:
    values: dict[str, Any] = {"code": line.code, "list_name": name, "loaded_at": datetime.now(UTC)}
    return Occupation(title=canonical(dict(line.title)).decode(), **values)


async def _delete(codes: Sequence[str]) -> None:
    for start in range(0, len(codes), _AT_ONCE):
        await Occupation.delete().where(
            Occupation.code.is_in(list(codes[start : start + _AT_ONCE]))
        )
