"""Federations, units and people who act for them. Nobody here is real."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from core.security import SYSTEM, Actor, Role, Scope, actor_of
from core.tables import Organisation
from credentials.actions import create_issuer
from credentials.encoding import to_text
from credentials.records.honours.entering import Entry, Proof, propose_honour
from credentials.records.people import Who
from tests.factories_accounts import make_account

PROVINCE, CITY, OTHER_CITY, UNIT = (
    "guangdong-ftu",
    "zhongshan-ftu",
    "foshan-ftu",
    "test-unit",
)
TITLES = {
    PROVINCE: "广东省总工会",
    CITY: "中山市总工会",
    OTHER_CITY: "佛山市总工会",
    UNIT: "测试单位",
}
ID = "360426199101010071"
TODAY = date(2026, 3, 2)
PROOF = Proof("粤工〔2026〕3号", "2026-03-20", hash="a" * 64)
MEDAL = "guangdong_may_day_medal"
ZHANG = Who("张伟", document_kind="mainland_id", document=ID)


async def organisations(*codes: str) -> None:
    """The federations of a province and two cities, and a unit."""
    for code in codes or tuple(TITLES):
        await Organisation.insert(
            Organisation(
                id=uuid4(),
                code=code,
                title=to_text({"zh-Hans": TITLES[code], "en": code}),
                kind="authority" if code != UNIT else "organiser",
                created_at=datetime.now(UTC),
            )
        )


async def federation() -> None:
    """A province's, which signs its own certificates."""
    await organisations(PROVINCE)
    await create_issuer(SYSTEM, PROVINCE)


async def organiser_of(code: str, role: Role = Role.ORGANISER) -> Actor:
    return await actor_of(await account_of(code, role))


async def account_of(code: str, role: Role = Role.ORGANISER) -> UUID:
    row = await Organisation.select(Organisation.id).where(Organisation.code == code).first()
    assert row is not None
    return await make_account((role, Scope("organisation", str(row["id"]))))


async def proposed(by: Actor, code: str = MEDAL, who: Who = ZHANG) -> UUID:
    return await propose_honour(by, Entry(code, PROVINCE, who))
