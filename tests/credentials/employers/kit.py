"""An employer with an account and a key; nobody here is real."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import httpx

from core.db import transaction
from core.organisations import create_organisation_row
from core.security import SYSTEM, Actor, Role, actor_of
from credentials.employers.access import scope_of
from credentials.employers.keys import SCOPES, make_key
from tests.factories_accounts import make_account

TITLE = {"zh-Hans": "示例饮食集团", "en": "Example Catering Group"}


@dataclass(frozen=True)
class Office:
    """Somebody of an employer's, with a key that may do everything."""

    id: UUID
    account: UUID
    actor: Actor
    key: str
    headers: dict[str, str]


async def office(code: str = "employer-example", *, scopes: tuple[str, ...] = SCOPES) -> Office:
    async with transaction():
        employer = await create_organisation_row(SYSTEM, code=code, title=TITLE, kind="employer")
    account = await make_account((Role.EMPLOYER, scope_of(employer)))
    actor = await actor_of(account)
    made = await make_key(actor, employer, name="payroll", scopes=scopes, days=30)
    return Office(employer, account, actor, made.text, bearing(made.text))


def bearing(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Accept-Language": "en"}


async def follow(client: httpx.AsyncClient, one: Office, **body: str) -> httpx.Response:
    return await client.post("/api/employers/follows", headers=one.headers, json=body)
