"""Results, persons and organisations for the tests of certificates. Nobody here is real."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core.db import transaction
from core.events import ModuleLine, Output, ResultFacts, ResultFinal
from core.outbox import drain, put
from core.privacy import create_person
from core.security import SYSTEM
from core.tables import Organisation
from credentials.actions import create_issuer
from credentials.encoding import to_text
from credentials.queries import certificates_of

ORGANISER = "test-committee"
BODY = "test-assessment"
FILING = (
    '{"number":"S0000","authority":"测试","occupations":["4-03-02-03"],"levels":["1","2","3","4"],'
    '"valid_from":"2019-01-01","valid_until":"2099-12-31"}'
)
CONTEST = "3f0c0a52-6f41-4a2e-8d8e-2f0a51f6a001"


def text(hans: str, hant: str, en: str, pt: str) -> dict[str, str]:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": en, "pt": pt}


FIRST = Output(
    "award",
    "award:first",
    "first",
    text("一等奖", "一等獎", "First prize", "Primeiro prémio"),
    ORGANISER,
)
SECOND = Output(
    "award",
    "award:second",
    "second",
    text("二等奖", "二等獎", "Second prize", "Segundo prémio"),
    ORGANISER,
)
LEVEL = Output(
    "level",
    "level:3",
    "3",
    text(
        "中式面点师 三级/高级工",
        "中式麵點師 三級/高級工",
        "Chinese pastry cook, level 3",
        "Pasteleiro, nível 3",
    ),
    BODY,
)
MODULES = (
    ModuleLine("A", text("理论知识", "理論知識", "Theory", "Teoria"), "86.50", "100"),
    ModuleLine("B", text("操作技能", "操作技能", "Practice", "Prática"), "91.25", "100"),
)


def result(persons: list[UUID], *outputs: Output, entry: str = "", **changes: Any) -> ResultFacts:
    facts = ResultFacts(
        contest=CONTEST,
        contest_code="pastry-2024",
        contest_title=text("中式面点制作", "中式麵點製作", "Chinese Pastry", "Pastelaria Chinesa"),
        competition="3f0c0a52-6f41-4a2e-8d8e-2f0a51f6a000",
        competition_title=text(
            "第四届测试大赛", "第四屆測試大賽", "Fourth Test Contest", "4.º Concurso"
        ),
        organiser=ORGANISER,
        occupation="4-03-02-03",
        contest_class="city",
        held_on="2024-10-11",
        entry=entry or str(uuid4()),
        persons=tuple(str(person) for person in persons),
        team={},
        group="",
        delegation="DG",
        rank=1,
        entrants=27,
        total="177.75",
        modules=MODULES,
        outputs=outputs or (FIRST,),
        result_version=1,
        evidence_root="47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
    )
    return replace(facts, **changes)


async def issuers() -> None:
    """An organiser and a filed assessment body, both with keys."""
    async with transaction():
        await Organisation.insert(
            _organisation(ORGANISER, "organiser", "测试组委会", "Test Committee", ""),
            _organisation(BODY, "assessment_body", "测试评价机构", "Test Assessment", FILING),
        )
    await create_issuer(SYSTEM, ORGANISER)
    await create_issuer(SYSTEM, BODY)


def _organisation(code: str, kind: str, hans: str, english: str, filing: str) -> Organisation:
    return Organisation(
        id=uuid4(),
        code=code,
        title=to_text({"zh-Hans": hans, "en": english}),
        kind=kind,
        filing=filing,
        created_at=datetime.now(UTC),
    )


async def person(name: str = "张伟") -> UUID:
    async with transaction():
        return await create_person(name=name)


async def tell(*events: Any) -> None:
    """Puts the events and delivers everything that follows from them."""
    async with transaction():
        await put(*events)
    await drain()


async def issued(*outputs: Output, name: str = "张伟", **changes: Any) -> dict[str, Any]:
    """One certificate from a final result, as it is handed out."""
    holder = await person(name)
    facts = result([holder], *outputs, **changes)
    await tell(ResultFinal(facts))
    found = await certificates_of(facts.contest)
    return next(one for one in found if one["entry"] == facts.entry)
