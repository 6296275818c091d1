"""The judges' room over plain HTTP: what is typed comes back, what is refused is said, nobody learns more
than he may."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest

from contests.actions.common import contest_row
from contests.seating.leaving import leaving_rules
from contests.seating.pool import PoolDraft, add_to_pool
from contests.seating.queries import pool_of, seated_judges
from core.accounts import create_session
from core.scoring.model import Leaving
from core.web.i18n import LANGUAGES
from tests.factories_contests import (
    SmallContest,
    dish_rules,
    dish_scheme,
    make_account,
    small_contest,
)

HTML = {"Accept": "text/html"}


async def log_in(client: httpx.AsyncClient, small: SmallContest, name: str) -> None:
    client.cookies.clear()
    client.cookies.set("jiangxin", await create_session(small.accounts[name]))


async def get(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    page = await client.get(path, headers=HTML)
    assert page.status_code == status, page.text[:600]
    return page.text


async def post(client: httpx.AsyncClient, path: str, seen: str, **fields: str) -> httpx.Response:
    """As a browser does, with the token of the page `seen`."""
    found = re.search(r'name="csrf_token" value="(\w+)"', await get(client, seen))
    assert found is not None
    data = {"csrf_token": found.group(1), **fields}
    return await client.post(path, data=data, headers=HTML)


def pool_path(small: SmallContest) -> str:
    return f"/console/competitions/{small.competition}/judges"


def judges_path(small: SmallContest) -> str:
    return f"/console/contests/{small.contest}/judges"


async def drafted(count: int = 8) -> SmallContest:
    small = await small_contest(judges=0, scheme=dish_scheme(3), until="draft")
    rows = [PoolDraft(f"裁判{n}", employer=f"单位{n}", leads=n < 2) for n in range(count)]
    if rows:
        await add_to_pool(await small.actor("organiser"), small.competition, rows)
    return small


async def test_a_judge_is_added_by_form_and_what_was_wrong_comes_back(
    client: httpx.AsyncClient,
) -> None:
    small = await drafted(0)
    await log_in(client, small, "organiser")
    path = pool_path(small)

    wrong = await post(client, path, path, name="王师傅", valid_until="someday", employer="酒店")
    right = await post(client, path, path, name="王师傅", valid_until="2030-01-01", leads="yes")

    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text
    assert 'value="王师傅"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert right.status_code == 303
    assert [line.facts["name"] for line in await pool_of(small.competition)] == ["王师傅"]


async def test_a_pasted_table_is_looked_at_before_anybody_is_in_the_pool(
    client: httpx.AsyncClient,
) -> None:
    small = await drafted(0)
    await log_in(client, small, "organiser")
    start = f"{pool_path(small)}/import"

    made = await post(client, start, start, pasted="姓名\t有效期至\n甲\t昨天\n乙\t2030-1-2")
    draft = made.headers["location"]
    shown = await get(client, draft)
    refused = await post(client, f"{draft}/carry-out", draft)
    nobody = await pool_of(small.competition)
    await post(client, f"{draft}/mend", draft, **{"2.valid_until": "2031/2/3"})
    done = await post(client, f"{draft}/carry-out", draft)

    assert 'id="f2-valid_until-why"' in shown
    assert "B2" in shown
    assert (refused.status_code, nobody) == (422, [])
    assert (done.status_code, done.headers["location"]) == (303, pool_path(small))
    lines = await pool_of(small.competition)
    assert [line.valid_until for line in lines] == ["2031-02-03", "2030-01-02"]


async def test_removing_a_judge_offers_to_undo_it(client: httpx.AsyncClient) -> None:
    small = await drafted(1)
    await log_in(client, small, "organiser")
    judge = (await pool_of(small.competition))[0].id
    path = f"{pool_path(small)}/{judge}"

    assert (await post(client, f"{path}/remove", path)).status_code == 303
    page = await get(client, pool_path(small))

    assert f'action="{path}/return"' in page
    assert await pool_of(small.competition) == []
    client.cookies.delete("said")
    assert (await post(client, f"{path}/return", pool_path(small))).status_code == 303
    assert len(await pool_of(small.competition)) == 1


async def test_the_draw_is_shown_confirmed_and_undone(client: httpx.AsyncClient) -> None:
    small = await drafted()
    await log_in(client, small, "organiser")
    path = judges_path(small)

    await post(client, f"{path}/preview", path, reserves="2", per_employer="1")
    shown = await get(client, path)
    assert shown.count("裁判") >= 5
    assert await seated_judges(small.contest) == []
    await post(client, f"{path}/confirm", path)
    assert len(await seated_judges(small.contest)) == 3
    await post(client, f"{path}/undo", path)

    assert await seated_judges(small.contest) == []


async def test_a_draw_that_fails_lists_every_reason(client: httpx.AsyncClient) -> None:
    small = await drafted(2)
    await log_in(client, small, "organiser")
    path = judges_path(small)

    await post(client, f"{path}/preview", path, reserves="0", per_employer="1")
    page = await get(client, path)
    refused = await post(client, f"{path}/preview", path, reserves="many", per_employer="1")

    assert "The draw can" in page or "抽签" in page
    assert f'action="{path}/confirm"' not in page
    assert refused.status_code == 422
    assert 'value="many"' in refused.text


async def test_ways_to_go_on_are_declared_on_a_page(client: httpx.AsyncClient) -> None:
    small = await drafted()
    await log_in(client, small, "organiser")
    path = f"{judges_path(small)}/rules"
    revision = str((await contest_row(small.contest))["revision"])
    allowed = {"allow-void": "yes", "allow-smaller": "yes", "first": "void", "revision": revision}

    stale = await post(client, path, path, **{**allowed, "revision": "0"})
    saved = await post(client, path, path, trim="this", high="1", low="0", minimum="4", **allowed)

    assert stale.status_code == 412
    assert saved.status_code == 303
    rules = await leaving_rules(small.contest)
    assert rules.leaving == (Leaving.VOID, Leaving.SMALLER)
    revision = str((await contest_row(small.contest))["revision"])
    conflicts = await post(
        client,
        f"{judges_path(small)}/conflicts",
        path,
        **{"kind-employer": "block", "revision": revision},
    )
    assert conflicts.status_code == 303
    assert '"employer":"block"' in (await contest_row(small.contest))["facts"]


@pytest.fixture
async def running(client: httpx.AsyncClient) -> SmallContest:
    rules = dish_rules(leaving=tuple(Leaving))
    return await small_contest(judges=4, scheme=dish_scheme(4), rules=rules)


async def test_the_chief_referee_decides_without_any_standing(
    client: httpx.AsyncClient, running: SmallContest
) -> None:
    small = running
    code = await small.code_of(small.entries[0])
    await small.submit(small.judges[3], code, {"look": "13.5", "taste": "27.5", "care": "2"})
    await log_in(client, small, "chief")
    path = f"{judges_path(small)}/leaving"

    page = await get(client, path)
    without = await post(
        client, path, path, judge=small.judges[3].appointment, policy="smaller", reason=" "
    )
    decided = await post(
        client, path, path, judge=small.judges[3].appointment, policy="smaller", reason="急病"
    )

    words = re.sub(r"<[^>]+>", " ", page)
    assert not re.search(rf"\b(13\.5|27\.5|{code})\b", words)
    assert without.status_code == 422
    assert "checked" in without.text
    assert decided.status_code == 303
    assert (await small.replayed()).left.keys() == {small.judges[3].appointment}
    assert "急病" not in await get(client, path)


@pytest.mark.parametrize("name", ["organiser", "clerk", "leader", "supervisor", "encryption"])
async def test_nobody_else_decides_who_goes_on(
    client: httpx.AsyncClient, running: SmallContest, name: str
) -> None:
    await log_in(client, running, name)

    await get(client, f"{judges_path(running)}/leaving", status=403)


async def test_pages_of_the_pool_are_shut_to_who_does_not_organise(
    client: httpx.AsyncClient, running: SmallContest
) -> None:
    for name in ("chief", "clerk", "supervisor"):
        await log_in(client, running, name)
        await get(client, pool_path(running), status=403)
    await log_in(client, running, "clerk")
    await get(client, judges_path(running), status=403)


async def test_a_judge_declares_on_his_own_page_and_sees_no_entrant(
    client: httpx.AsyncClient,
) -> None:
    small = await drafted(1)
    await log_in(client, small, "organiser")
    judge = (await pool_of(small.competition))[0].id
    path = f"{pool_path(small)}/{judge}"
    made = await post(client, f"{path}/link", path)
    link = re.search(r"http\S+(/in/[\w-]+)", made.text)
    assert link is not None
    client.cookies.clear()
    opened = await client.get(link.group(1), headers=HTML)
    token = re.search(r'name="csrf_token" value="(\w+)"', opened.text)
    entered = await client.post(
        link.group(1), data={"csrf_token": token.group(1) if token else ""}, headers=HTML
    )
    own = entered.headers["location"]
    assert own == f"/console/interests/{small.competition}"

    page = await get(client, own)
    said = await post(client, own, own, interest="employer", value="广州酒家")
    empty = await post(client, own, own, interest="employer", value=" ")

    assert "选手" not in page
    assert said.status_code == 303
    assert empty.status_code == 422
    assert "广州酒家" in await get(client, own)
    await log_in(client, small, "organiser")
    assert "广州酒家" in await get(client, path)


async def test_the_own_page_is_for_judges_of_the_pool_alone(client: httpx.AsyncClient) -> None:
    small = await drafted(1)
    client.cookies.set("jiangxin", await create_session(await make_account("stranger")))

    await get(client, f"/console/interests/{small.competition}", status=403)


async def test_groups_and_leaders_have_a_page_that_works_without_a_script(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(judges=3, scheme=dish_scheme(3), until="ready")
    await log_in(client, small, "organiser")
    path = f"{judges_path(small)}/groups"
    judge = UUID(small.judges[1].appointment)

    made = await post(client, f"{judges_path(small)}/leaders/{judge}", path)
    unknown = await post(client, path, path, **{f"group-{judge}": "Z"})

    assert made.status_code == 303
    assert [one.seat for one in await seated_judges(small.contest) if one.leads] == ["J2"]
    assert unknown.status_code == 422
    assert "J1" in await get(client, f"{judges_path(small)}/attendance")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_page_leaves_a_place_open_or_speaks_of_machines(
    client: httpx.AsyncClient, language: str
) -> None:
    small = await drafted()
    await log_in(client, small, "organiser")
    client.cookies.set("lang", language)
    path = judges_path(small)
    await post(client, f"{path}/preview", path, reserves="2", per_employer="1")
    judge = (await pool_of(small.competition))[0].id
    addresses = [path, f"{path}/groups", f"{path}/rules", f"{path}/attendance", pool_path(small)]

    for address in [*addresses, f"{pool_path(small)}/{judge}"]:
        page = await get(client, address)
        body = re.sub(r"<[^>]+>", " ", page)
        assert not re.search(r"\{\w+\}", body), address
        assert not re.search(r"\b(hash|token|JSON|JWS|DNS|DSQ|seed)\b", body), address
        assert "style=" not in page
