"""A union with a registry, craftsmen on record with levels and honours, and an enterprise. Nobody is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core.db import transaction
from core.privacy import create_person, person_name
from core.security import Actor, GrantFacts, Role
from core.tables import Organisation
from credentials.encoding import to_text
from credentials.matching import craftsmen, enterprises, needs
from credentials.matching.craftsmen import Profile
from credentials.matching.needs import NeedDraft
from credentials.matching.registry import scope_of
from credentials.matching.tables import Enterprise, MatchingLink
from credentials.records.tables import HeldLevel, Honour
from credentials.tables import Certificate

WELDER = "焊工"
CONSENT = "Form signed on 2026-11-20"
TELEPHONE, EMAIL = "+86 139 0000 4711", "meister@example.cn"
ENTERPRISE, PERSON = "南区精密制造有限公司", "刘经理"
THEIR_TELEPHONE, THEIR_EMAIL = "+86 760 8888 9999", "liu@factory.example"
ADDRESS = "兴南路 88 号"
SECRETS = (TELEPHONE, EMAIL, PERSON, THEIR_TELEPHONE, THEIR_EMAIL, ADDRESS)
"""What must not leave before somebody has accepted."""
CRAFTSMAN, COMPANY = Actor(None, "craftsman"), Actor(None, "enterprise")

PROFILE = Profile(
    trades=(WELDER,),
    city="442000",
    days=0b0111111,
    services=("repair", "advice"),
    languages=("cmn", "yue"),
    telephone=TELEPHONE,
    email=EMAIL,
    studio="焊接创新工作室",
)
NEED = NeedDraft(
    trade=WELDER,
    city="442000",
    from_day="2026-12-01",
    until_day="2026-12-31",
    wanted="1",
    workers="12",
    problem="铝合金薄板焊接变形，合格率只有八成。",
    address=ADDRESS,
    person=PERSON,
    telephone=THEIR_TELEPHONE,
    email=THEIR_EMAIL,
)


@dataclass(frozen=True, slots=True)
class Union:
    id: UUID
    office: Actor
    clerk: Actor


async def union(code: str = "zhongshan-union") -> Union:
    id = uuid4()
    title = {"zh-Hans": "中山市总工会", "en": "Zhongshan Federation of Trade Unions"}
    await Organisation.insert(
        Organisation(
            id=id, code=code, title=to_text(title), kind="organiser", created_at=datetime.now(UTC)
        )
    )
    scope = scope_of(id)
    return Union(
        id,
        Actor(None, "office", (GrantFacts(Role.ORGANISER, scope),)),
        Actor(None, "clerk", (GrantFacts(Role.CLERK, scope),)),
    )


async def holder(name: str = "陈师傅", *, level: str = "2", honour: str = "craftsman") -> UUID:
    """A person on record with a welder's level and an honour."""
    async with transaction():
        person = await create_person(name=name)
        if level:
            await HeldLevel.insert(a_level(person, level))
        if honour:
            await Honour.insert(an_honour(person, honour))
    return person


def a_level(person: UUID, level: str, trade: str = WELDER) -> HeldLevel:
    return HeldLevel(
        id=uuid4(),
        person=person,
        occupation=trade,
        level=level,
        title=to_text({"zh-Hans": f"{trade} {level}级"}),
        issuer="body",
        number_hash=uuid4().hex,
        granted_on="2024-10-12",
        created_at=datetime.now(UTC),
    )


def an_honour(person: UUID, kind: str, grade: str = "municipal") -> Honour:
    return Honour(
        id=uuid4(),
        person=person,
        kind=kind,
        code=kind,
        grade=grade,
        title=to_text({"zh-Hans": "香山工匠", "en": "Xiangshan craftsman"}),
        authority="zhongshan-union",
        granted_on="2023-05-01",
        created_at=datetime.now(UTC),
    )


async def certificate(person: UUID, number: str = "7K3M9QXT2F4H") -> str:
    """Only what the registry asks of one: whose it is."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {"id": uuid4(), "public_id": number, "person": person}
    for column in Certificate._meta.columns:
        name = column._meta.name
        if (
            name not in values
            and not column._meta.null
            and column._meta.params.get("default") is None
        ):
            values[name] = {"BigInt": 1, "Timestamptz": now, "UUID": uuid4()}.get(
                type(column).__name__, "x"
            )
    await Certificate.insert(Certificate(**values))
    return number


async def listed(
    house: Union, person: UUID | None = None, *, profile: Profile = PROFILE, number: str = ""
) -> UUID:
    """A craftsman who agreed on paper."""
    person = person or await holder()
    number = await certificate(person, number or _number())
    return await craftsmen.enter_craftsman(
        house.office,
        house.id,
        number=number,
        name=await person_name(person),
        profile=profile,
        source=CONSENT,
    )


async def enterprise(house: Union, *, contact_days: int = 30) -> UUID:
    await enterprises.invite_enterprise(
        house.office, house.id, name=ENTERPRISE, contact_days=contact_days
    )
    row = (
        await Enterprise.select(Enterprise.id).order_by(Enterprise.made_at, ascending=False).first()
    )
    assert row is not None
    return UUID(str(row["id"]))


async def filed(house: Union, draft: NeedDraft = NEED, *, company: UUID | None = None) -> UUID:
    return await needs.file_need(COMPANY, company or await enterprise(house), draft)


async def state_of(need: UUID) -> str:
    return str((await needs.need_row(need))["state"])


async def open_links(subject: UUID) -> int:
    return int(
        await MatchingLink.count().where(
            MatchingLink.subject == subject,
            MatchingLink.used_at.is_null(),
            MatchingLink.ended_at.is_null(),
        )
    )


def token_of(address: str) -> str:
    return address.rsplit("/", 1)[1]


_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def _number() -> str:
    value, found = uuid4().int, ""
    for _ in range(12):
        value, at = divmod(value, 30)
        found += _LETTERS[at]
    return found
