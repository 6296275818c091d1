"""Lists of earlier and foreign records, as bodies keep them. Nobody here is real."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.jobs import JobContext
from core.outbox import drain
from core.security import Actor, actor_of
from core.tables import Job
from credentials.records.exchange.importing import PAPER, look_at, run, take_in
from credentials.records.exchange.reading import Line, table
from tests.credentials.records.kit import CITY, MEDAL, PROVINCE, account_of, organisations

SCAN = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"
IDS = ("360426199101010071", "120103198806018241")
NUMBER = "S000044010326243000123"


def line(kind: str, at: int = 2, **values: str) -> Line:
    """A right one of each kind, with what is changed."""
    first = {"name": "张伟", "document": IDS[0]} | _FIRST[kind]
    return Line(kind, "", at, first | values, {})


_FIRST: dict[str, dict[str, str]] = {
    "results": {
        "contest": "2019年中山市职工中式烹饪技能竞赛",
        "year": "2019",
        "occupation": "中式烹调",
        "place": "2",
        "prize": "二等奖",
    },
    "honours": {
        "honour": MEDAL,
        "authority_document": "粤工〔2018〕7号",
        "granted_on": "2018-04-28",
    },
    "levels": {
        "occupation": "4-03-02-03",
        "level": "3",
        "number": NUMBER,
        "granted_on": "2024-11-01",
        "issuer": "测试鉴定中心",
    },
}


async def people() -> tuple[Actor, Actor]:
    """Who acts for the province's federation, and who for a city's."""
    await organisations()
    return await actor_of(await account_of(PROVINCE)), await actor_of(await account_of(CITY))


async def looked(by: Actor, *lines: Line, keeper: str = PROVINCE, origin: str = PAPER) -> UUID:
    return await look_at(by, keeper, origin, table("zh-Hans", lines, details=True), SCAN)


async def taken(by: Actor, *lines: Line, only_right: bool = False, **more: Any) -> UUID:
    """The list, after its work in the background is done."""
    made = await looked(by, *lines, **more)
    await carried_out(by, made, only_right=only_right)
    return made


async def carried_out(by: Actor, made: UUID, *, only_right: bool = False) -> UUID:
    job = await take_in(by, made, only_right=only_right)
    row = await Job.select().where(Job.id == job).first()
    assert row is not None
    await Job.update({Job.state: "running"}).where(Job.id == job)
    await run(JobContext(row, by))
    await drain()
    return job
