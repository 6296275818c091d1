"""An organiser gives roles in the contests of the own organisation, and in no other's."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from core.security import Role, Scope
from tests.factories_accounts import bearer, make_account
from tests.factories_contests import small_contest

pytestmark = pytest.mark.engine


async def test_a_grant_on_the_organisation_reaches_its_contests_and_no_others(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    own = (Role.ORGANISER, Scope("organisation", str(small.organisation)))
    other = (Role.ORGANISER, Scope("organisation", str(uuid4())))
    to = await make_account()
    body = {"role": "supervisor", "scope": "contest", "scope_id": str(small.contest)}
    path = f"/api/v1/accounts/{to}/grants"

    given = await client.post(path, json=body, headers=await bearer(await make_account(own)))
    refused = await client.post(path, json=body, headers=await bearer(await make_account(other)))
    unknown = await client.post(
        path, json={**body, "scope_id": "x"}, headers=await bearer(await make_account(own))
    )

    assert (given.status_code, refused.status_code, unknown.status_code) == (204, 403, 404)
