"""裁判员签到表 of one day: every judge and official with a line for coming and going."""

from __future__ import annotations

from typing import Any

from contests.papers.about import About, labels, paper, section
from contests.preparing import appointments_of
from core.web.i18n import show_date, translate
from core.words import ROLES

_ORDER = (
    "chief_referee",
    "group_leader",
    "judge",
    "taster",
    "time_keeper",
    "clerk",
    "encryption_officer",
    "supervisor",
    "arbitration",
)


async def data(of: About, part: str) -> dict[str, Any]:
    appointed = await appointments_of(of.contest)
    people = await labels([one.account for one in appointed])
    appointed.sort(key=lambda one: (_rank(one.role), len(one.seat), one.seat))
    columns = [
        (of.word("number"), 0),
        (of.word("seat"), 0),
        (of.word("judge"), 2),
        (of.word("role"), 2),
        (of.word("group"), 0),
        (of.word("modules"), 0),
        (of.word("arrived"), 2),
        (of.word("signature"), 3),
        (of.word("left"), 2),
        (of.word("signature"), 3),
    ]
    rows = [
        (
            n,
            one.seat,
            people.get(one.account, ""),
            translate(ROLES.get(one.role, one.role), of.language),
            one.group,
            " ".join(one.modules) or of.word("all"),
            "",
            "",
            "",
            "",
        )
        for n, one in enumerate(appointed, 1)
    ]
    return paper(
        of,
        "attendance",
        under=show_date(part, of.language) if part else "",
        sections=[section(columns, rows, tall=True)],
        notes=[of.note("statement")],
    )


def _rank(role: str) -> int:
    return _ORDER.index(role) if role in _ORDER else len(_ORDER)
