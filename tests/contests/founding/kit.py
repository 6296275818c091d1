"""An organiser with an empty competition, and workbooks as people send them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import openpyxl

from contests.actions.setup import create_competition
from core.security import Actor, Role, Scope, actor_of
from tests.factories_contests import START, make_account, make_organisation, text


@dataclass
class Founder:
    by: Actor
    account: UUID
    organisation: UUID
    competition: UUID


async def founder(*, role: Role = Role.ORGANISER) -> Founder:
    organisation = await make_organisation()
    account = await make_account("organiser", (role, Scope("organisation", str(organisation))))
    by = await actor_of(account)
    competition = await create_competition(
        by,
        organisation=organisation,
        code=f"cup-{uuid4().hex[:8]}",
        title=text("职工技能大赛"),
        held_from="2026-05-01",
        held_to="2026-05-03",
        place="中山",
        now=START,
    )
    return Founder(by, account, organisation, competition)


def workbook(*rows: Sequence[object], title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def twenty() -> bytes:
    """As a union's office would write it: Chinese headings, one type, judges as a number."""
    return workbook(
        ["赛项名称", "赛项类型", "比赛日期", "评委人数"],
        *[[f"赛项{n:02}", "中式烹饪与面点", "2026-05-02", 5] for n in range(1, 21)],
    )
