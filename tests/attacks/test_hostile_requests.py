"""What the API answers to requests that were made to break it."""

from __future__ import annotations

import os
import re

import httpx
import pytest

from contests.tables import Appointment
from core.accounts import create_session
from core.security import Role
from core.web import limits
from tests.attacks.hostile import Forge, Hostile
from tests.factories_accounts import make_account
from tests.factories_contests import SmallContest, small_contest

ROUNDS = int(os.environ.get("JIANGXIN_TEST_HOSTILE_ROUNDS", "6"))
INTERNALS = re.compile(r"Traceback|site-packages|sqlite3|asyncpg|piccolo|msgspec|File \"/")
LEFT = (
    "delete /api/v1/sessions",
    "put /api/v1/me/password",
    "post /api/v1/accounts/{account}/disable",
    "delete /api/v1/accounts/{account}/grants",
)
"""They would log the attackers out."""


async def in_states(*states: str) -> list[SmallContest]:
    found = []
    for state in states:
        small = await small_contest(until="judging" if state == "closed" else state, reserves=1)
        if state == "closed":
            await small.judge_everything()
            await small.close()
        found.append(small)
    return found


async def known_ids(smalls: list[SmallContest]) -> dict[str, list[str]]:
    appointed = await Appointment.select(Appointment.id).limit(6)
    return {
        "contest": [str(small.contest) for small in smalls],
        "competition": [str(small.competition) for small in smalls],
        "organisation": [str(small.organisation) for small in smalls],
        "entr": [str(entry) for small in smalls for entry in small.entries[:2]],
        "absent": [str(small.entries[0]) for small in smalls],
        "reserve": [str(small.entries[-1]) for small in smalls],
        "appointment": [str(row["id"]) for row in appointed],
        "judge": [small.judges[0].appointment for small in smalls],
        "account": [str(smalls[0].accounts["clerk"])],
        "module": ["dish", "theory"],
        "code": [code for small in smalls for code in (await small.codes()).get("dish", {})],
        "aspect": ["look", "taste"],
    }


async def attackers(smalls: list[SmallContest]) -> list[dict[str, str]]:
    accounts = [
        smalls[0].judges[0].account,
        await make_account(Role.ADMINISTRATOR),
        await make_account(Role.ORGANISER),
        await make_account(*Role),
    ]
    return [{"Authorization": f"Bearer {await create_session(a, 'api')}"} for a in accounts]


@pytest.mark.engine
async def test_no_request_makes_the_api_fail_or_show_its_inside(client: httpx.AsyncClient) -> None:
    smalls = await in_states("draft", "ready", "judging", "closed")
    document = (await client.get("/schema/openapi.json")).json()
    forge = Forge(document, await known_ids(smalls), seed=ROUNDS)
    callers = await attackers(smalls)
    wrong = []
    for request in forge.requests(ROUNDS, leave=LEFT):
        limits.forget()
        headers = {**forge.chance.choice((*callers, callers[-1])), **request.headers}
        answer = await client.request(
            request.method,
            request.path,
            params=list(request.query),
            headers=headers,
            content=request.body,
        )
        if found := what_is_wrong(request, answer):
            wrong.append(f"{found}: {request}\n  -> {answer.text[:300]}")
    assert not wrong, f"{len(wrong)} of them:\n" + "\n".join(wrong[:20])


def what_is_wrong(request: Hostile, answer: httpx.Response) -> str:
    kind = answer.headers.get("content-type", "")
    if answer.status_code >= 500 and answer.status_code != 503:
        return str(answer.status_code)
    if answer.status_code >= 400 and request.path.startswith("/api/v1/") and "problem" not in kind:
        return f"{answer.status_code} as {kind}"
    return "its inside" if INTERNALS.search(answer.text) else ""
