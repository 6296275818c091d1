"""The pages and the API: what each side sees and when, and what a stranger, a thief of a link or the other side
gains by trying: nothing."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from openpyxl import load_workbook

from core.about_person import Within, about
from core.db import transaction
from core.organisations import create_organisation_row
from core.security import INSTALLATION, SYSTEM, Role
from core.settings import Settings
from core.tables import OutboxMessage
from credentials import limits
from credentials.holder import links as holder_links
from credentials.holder.sessions import cookie_name, open_session
from credentials.holder.tables import HolderLink
from credentials.matching import dispatching, needs, working
from credentials.matching.craftsmen import enter_craftsman, invite_craftsman
from credentials.matching.enterprises import invite_again, invite_enterprise
from credentials.matching.registry import scope_of
from credentials.matching.tables import Craftsman, Dispatch, Enterprise
from tests.credentials.matching.kit import (
    COMPANY,
    CRAFTSMAN,
    EMAIL,
    ENTERPRISE,
    NEED,
    PERSON,
    SECRETS,
    TELEPHONE,
    THEIR_EMAIL,
    THEIR_TELEPHONE,
    WELDER,
    Union,
    certificate,
    filed,
    holder,
    listed,
    state_of,
    token_of,
    union,
)  # fmt: skip
from tests.factories_accounts import bearer, log_in_browser, make_account

HTML = {"Accept": "text/html", "Accept-Language": "en"}
_TOKEN = re.compile(r'name="matching_token" value="([^"]+)"')
FORM = {
    "trade": WELDER,
    "city": "442000",
    "problem": "铝合金薄板焊接变形。",
    "wanted": "1",
    "workers": "12",
    "person": PERSON,
    "telephone": THEIR_TELEPHONE,
    "email": THEIR_EMAIL,
}
PROFILE = {
    "trades": WELDER,
    "city": "442000",
    "days": ["1", "2"],
    "services": ["repair"],
    "languages": ["cmn"],
    "telephone": TELEPHONE,
    "email": EMAIL,
}


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.guesses._left.clear()


@asynccontextmanager
async def visitor(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser at the same server."""
    made = httpx.AsyncClient(transport=client._transport, base_url=client.base_url)
    try:
        yield made
    finally:
        made.cookies.clear()


async def entered(client: httpx.AsyncClient, address: str, **form: str) -> httpx.Response:
    return await client.post(f"/matching/in/{token_of(address)}", data=form, headers=HTML)


async def token(client: httpx.AsyncClient, address: str = "/matching") -> str:
    found = _TOKEN.search((await client.get(address, headers=HTML)).text)
    assert found, address
    return found[1]


async def send(client: httpx.AsyncClient, address: str, **form: object) -> httpx.Response:
    data = {"matching_token": await token(client), **form}
    return await client.post(address, data=data, headers=HTML)


async def offer_link(house: Union, need: UUID, craftsman: UUID) -> str:
    sent = await dispatching.dispatch_need(house.office, house.id, need, craftsmen=[craftsman])
    return sent.links[craftsman]


async def test_an_enterprise_files_a_need_by_its_link_and_all_that_is_wrong_is_said_at_once(
    client: httpx.AsyncClient, database: Settings
) -> None:
    house = await union()
    link = await invite_enterprise(house.office, house.id, name=ENTERPRISE)

    seen = [await client.get(link, headers=HTML) for _ in range(2)]
    inside = await entered(client, link)
    wrong = await send(
        client, "/matching/needs", **{**FORM, "city": "", "telephone": "?", "wanted": "９９"}
    )
    good = await send(client, "/matching/needs", **{**FORM, "wanted": "２"})
    page = await client.get(good.headers["location"], headers=HTML)

    assert [answer.status_code for answer in seen] == [200, 200]
    assert ENTERPRISE not in seen[0].text
    assert inside.status_code == 303
    assert wrong.status_code == 422
    assert wrong.text.count('class="wrong"') == 3
    assert FORM["problem"] in wrong.text
    assert page.status_code == 200
    assert FORM["problem"] in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]


async def test_a_link_works_once_and_never_for_somebody_else_afterwards(
    client: httpx.AsyncClient, database: Settings
) -> None:
    house = await union()
    link = await invite_enterprise(house.office, house.id, name=ENTERPRISE)
    subject = (await Enterprise.select().first())["id"]
    newer = await invite_again(house.office, house.id, subject)

    replaced = await entered(client, link)
    first = await entered(client, newer)
    async with visitor(client) as thief:
        again = await entered(thief, newer)
        guessed = await entered(thief, "x/not-a-link")
        outside = await thief.get("/matching", headers=HTML)

    assert (replaced.status_code, first.status_code) == (404, 303)
    assert (again.status_code, guessed.status_code, outside.status_code) == (404, 404, 403)
    assert "set-cookie" not in again.headers


async def test_a_log_in_is_the_server_s_own_and_leaving_ends_it(
    client: httpx.AsyncClient, database: Settings
) -> None:
    """Session fixation: a secret that somebody planted before is no log-in afterwards."""
    house = await union()
    link = await invite_enterprise(house.office, house.id, name=ENTERPRISE)
    planted = {"Cookie": "jiangxin-matching=planted-by-somebody"}

    inside = await client.post(f"/matching/in/{token_of(link)}", headers=HTML | planted)
    kept = client.cookies.get("jiangxin-matching")
    forged = await client.post(
        "/matching/needs", data={**FORM, "matching_token": "m00"}, headers=HTML
    )
    await send(client, "/matching/leave")
    client.cookies.set("jiangxin-matching", str(kept))
    after = await client.get("/matching", headers=HTML)

    cookie = inside.headers["set-cookie"].lower()
    assert kept != "planted-by-somebody"
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert forged.status_code == 403
    assert after.status_code == 403


async def test_no_page_and_no_answer_has_a_contact_before_acceptance(
    client: httpx.AsyncClient, database: Settings
) -> None:
    """Everybody looks everywhere: the office, the clerk, the enterprise, the craftsman; HTML and JSON."""
    house = await union()
    craftsman, need = await listed(house), await filed(house)
    link = await offer_link(house, need, craftsman)
    own = await invite_craftsman(house.office, house.id, craftsman)
    offer = (await Dispatch.select().first())["id"]
    company = await invite_again(house.office, house.id, (await needs.need_row(need))["enterprise"])
    seen: dict[str, str] = {}

    async def look(who: httpx.AsyncClient, name: str, *addresses: str, **more: object) -> None:
        for address in addresses:
            answer = await who.get(address, headers=HTML, **more)
            assert answer.status_code == 200, (name, address, answer.status_code)
            seen[f"{name} {address}"] = answer.text + str(answer.headers)

    base, api = f"/console/matching/{house.id}", f"/api/v1/organisations/{house.id}"
    pages = [base, f"{base}/needs/{need}", f"{base}/craftsmen", f"{base}/craftsmen/{craftsman}",
             f"{base}/teams", f"{base}/enterprises", f"{base}/figures", f"{api}/craftsmen", f"{api}/needs",
             f"{api}/matching?year=2026"]  # fmt: skip
    for role in (Role.ORGANISER, Role.CLERK):
        async with visitor(client) as official:
            await log_in_browser(official, await make_account((role, scope_of(house.id))))
            await look(official, role, *pages)
    async with visitor(client) as craft:
        await look(craft, "link", f"/matching/in/{token_of(link)}")
        await entered(craft, own)
        await look(craft, "craftsman", f"/matching/offers/{offer}")
        home = (await craft.get("/matching", headers=HTML)).text
    async with visitor(client) as firm:
        await entered(firm, company)
        await look(firm, "enterprise", f"/matching/needs/{need}")
        firm_home = (await firm.get("/matching", headers=HTML)).text

    found = {
        (where, secret) for where, text in seen.items() for secret in SECRETS if secret in text
    }
    assert found == set()
    assert ENTERPRISE not in seen["link /matching/in/" + token_of(link)]
    assert not any(secret in home for secret in (PERSON, THEIR_TELEPHONE, THEIR_EMAIL))
    assert not any(secret in firm_home for secret in (TELEPHONE, EMAIL))
    assert "陈师傅" not in firm_home + seen[f"enterprise /matching/needs/{need}"]
    assert await OutboxMessage.count() == 0


async def test_accepting_by_the_link_shows_each_the_other_and_nobody_else_anything(
    client: httpx.AsyncClient, database: Settings
) -> None:
    house = await union()
    craftsman, need = await listed(house), await filed(house)
    link = await offer_link(house, need, craftsman)
    company = await invite_again(house.office, house.id, (await needs.need_row(need))["enterprise"])

    looked = [await client.get(f"/matching/in/{token_of(link)}", headers=HTML) for _ in range(3)]
    undecided = await entered(client, link)
    before = await state_of(need)
    inside = await entered(client, link, answer="accept")
    page = await client.get(inside.headers["location"], headers=HTML)
    async with visitor(client) as firm, visitor(client) as thief:
        await entered(firm, company)
        theirs = await firm.get(f"/matching/needs/{need}", headers=HTML)
        stolen = await entered(thief, link, answer="accept")
        bare = await thief.get(inside.headers["location"], headers=HTML)

    assert {answer.status_code for answer in looked} == {200}
    assert (undecided.status_code, before) == (200, "dispatched")
    assert THEIR_TELEPHONE in page.text
    assert PERSON in page.text
    assert TELEPHONE in theirs.text
    assert "陈师傅" in theirs.text
    assert (stolen.status_code, bare.status_code) == (404, 403)
    assert THEIR_TELEPHONE not in stolen.text + bare.text


async def test_the_whole_way_on_the_craftsman_s_and_the_enterprise_s_pages(
    client: httpx.AsyncClient, database: Settings
) -> None:
    house = await union()
    person = await holder()
    number = await certificate(person)
    craftsman = await enter_craftsman(house.office, house.id, number=number, name="陈师傅")
    own = await invite_craftsman(house.office, house.id, craftsman)
    await entered(client, own)
    refused = await send(client, "/matching/profile", **PROFILE)
    agreed = await send(client, "/matching/profile", **PROFILE, agrees="yes")
    need = await filed(house)
    await offer_link(house, need, craftsman)
    offer = (await Dispatch.select().first())["id"]
    steps = {
        "accept": {},
        "visit": {"day": working.local_day(datetime.now(UTC)), "hours": "3,5"},
        "report": {"result": "partly", "report": "改了夹具。"},
    }

    for step, form in steps.items():
        answer = await send(client, f"/matching/offers/{offer}/{step}", **form)
        assert answer.status_code == 303, (step, answer.text)
    too_late = await send(client, f"/matching/offers/{offer}/visit", day="2026-01-01", hours="1")
    company = await invite_again(house.office, house.id, (await needs.need_row(need))["enterprise"])
    async with visitor(client) as firm:
        await entered(firm, company)
        data = {"matching_token": await token(firm), "figure-0": "１２,5", "unit-0": "hour"}
        files = {"evidence-0": ("minutes.pdf", b"%PDF-1.7 minutes", "application/pdf")}
        wrong = await firm.post(
            f"/matching/needs/{need}/confirm",
            data={**data, "figure-1": "much", "unit-1": ""},
            files=files,
            headers=HTML,
        )
        done = await firm.post(
            f"/matching/needs/{need}/confirm", data=data, files=files, headers=HTML
        )
        page = await firm.get(f"/matching/needs/{need}", headers=HTML)

    assert (refused.status_code, agreed.status_code) == (422, 303)
    assert "Tick that you agree" in refused.text
    assert too_late.status_code in (409, 422)
    assert wrong.status_code == 422
    assert done.status_code == 303
    assert "12.5" in page.text
    assert await state_of(need) == "confirmed"
    told = {one.code: one.records for one in await about(person, Within())}
    assert told["registries"][0]["telephone"] == TELEPHONE
    assert told["found_consents"][0]["given_at"]
    assert told["visits"][0]["minutes"] == 210
    withdrawn = await send(client, "/matching/withdraw")
    assert withdrawn.status_code == 303
    assert (await Craftsman.select().first())["listed_at"] is None


async def test_somebody_else_s_needs_and_offers_are_as_if_they_were_not_there(
    client: httpx.AsyncClient, database: Settings
) -> None:
    house = await union()
    craftsman, need = await listed(house), await filed(house)
    await offer_link(house, need, craftsman)
    offer = (await Dispatch.select().first())["id"]
    stranger = await invite_enterprise(house.office, house.id, name="另一家公司")
    other = await listed(house, await holder("王师傅"))
    others = await invite_craftsman(house.office, house.id, other)
    answers = {}

    async with visitor(client) as firm:
        await entered(firm, stranger)
        for step in ("withdraw", "object", "confirm"):
            answers[f"firm {step}"] = await send(firm, f"/matching/needs/{need}/{step}")
        answers["firm looks"] = await firm.get(f"/matching/needs/{need}", headers=HTML)
        answers["firm at offer"] = await firm.get(f"/matching/offers/{offer}", headers=HTML)
        answers["firm as another"] = await send(
            firm,
            "/matching/needs",
            **FORM,
            enterprise=str((await needs.need_row(need))["enterprise"]),
        )
        answers["firm as craftsman"] = await send(
            firm, "/matching/profile", craftsman=str(craftsman)
        )
    async with visitor(client) as craft:
        await entered(craft, others)
        for step in ("accept", "decline", "visit", "report", "leave", "unvisit"):
            answers[f"craftsman {step}"] = await send(craft, f"/matching/offers/{offer}/{step}")
        answers["craftsman looks"] = await craft.get(f"/matching/offers/{offer}", headers=HTML)
        answers["craftsman withdraws"] = await send(
            craft, "/matching/withdraw", craftsman=str(craftsman)
        )
        answers["craftsman at need"] = await craft.get(f"/matching/needs/{need}", headers=HTML)

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        answers, 404
    )
    assert await state_of(need) == "dispatched"
    assert (await Craftsman.select().where(Craftsman.id == craftsman).first())["listed_at"]


async def test_an_employer_s_account_and_a_holder_s_log_in_are_ways_in_too(
    client: httpx.AsyncClient, database: Settings
) -> None:

    house = await union()
    async with transaction():
        employer = await create_organisation_row(
            SYSTEM, code="maker", title={"zh-Hans": ENTERPRISE}, kind="employer"
        )
    await invite_enterprise(house.office, house.id, name=ENTERPRISE, employer=employer)
    account = await make_account((Role.EMPLOYER, scope_of(employer)))
    stranger = await make_account((Role.EMPLOYER, scope_of(uuid4())))

    csrf = await log_in_browser(client, account)
    forged = await client.post("/matching/needs", data=FORM, headers=HTML)
    good = await client.post("/matching/needs", data={**FORM, "csrf_token": csrf}, headers=HTML)
    async with visitor(client) as other:
        await log_in_browser(other, stranger)
        closed = await other.get("/matching", headers=HTML)

    assert (forged.status_code, good.status_code, closed.status_code) == (403, 303, 403)
    person = await holder()
    craftsman = await listed(house, person)
    await HolderLink.insert(
        HolderLink(
            id=uuid4(),
            person=person,
            token_hash=holder_links._hash("secret"),
            made_at=datetime.now(UTC),
            expires_at=datetime(2999, 1, 1, tzinfo=UTC),
        )
    )
    secret, _ = await open_session("secret", before=None, device="", own_device=False)
    async with visitor(client) as own:
        own.cookies.set(cookie_name(), secret)
        page = await own.get("/matching", headers=HTML)
        await offer_link(house, await filed(house), craftsman)
        offer = (await Dispatch.select().first())["id"]
        accepted = await send(own, f"/matching/offers/{offer}/accept")
    assert "You can be found" in page.text
    assert accepted.status_code == 303


async def test_the_console_is_shut_to_who_has_no_part_in_the_registry(
    client: httpx.AsyncClient, database: Settings
) -> None:
    house, other = await union(), await union("another-union")
    need, craftsman = await filed(house), await listed(house)
    base = f"/console/matching/{house.id}"
    pages = (
        "",
        f"/needs/{need}",
        "/craftsmen",
        f"/craftsmen/{craftsman}",
        "/enterprises",
        "/figures",
    )
    wrong = {}

    for name, grant in {
        "other office": (Role.ORGANISER, scope_of(other.id)),
        "judge": (Role.JUDGE, INSTALLATION),
        "administrator": (Role.ADMINISTRATOR, INSTALLATION),
    }.items():
        async with visitor(client) as who:
            csrf = await log_in_browser(who, await make_account(grant))
            for page in pages:
                wrong[name, page] = (await who.get(base + page, headers=HTML)).status_code
            mixed = f"/console/matching/{other.id}/craftsmen/{craftsman}/contact"
            answer = await who.post(mixed, data={"csrf_token": csrf}, headers=HTML)
            wrong[name, "contact"] = 403 if answer.status_code in (403, 404) else answer.status_code
    clerk = await make_account((Role.CLERK, scope_of(house.id)))
    async with visitor(client) as who:
        csrf = await log_in_browser(who, clerk)
        answer = await who.post(
            f"{base}/craftsmen/{craftsman}/contact", data={"csrf_token": csrf}, headers=HTML
        )
        wrong["clerk", "contact"] = answer.status_code

    assert {key: status for key, status in wrong.items() if status != 403} == {}


async def test_the_office_works_through_its_pages(
    client: httpx.AsyncClient, database: Settings
) -> None:
    house = await union()
    person = await holder()
    number = await certificate(person)
    csrf = await log_in_browser(client, await make_account((Role.ORGANISER, scope_of(house.id))))
    base = f"/console/matching/{house.id}"

    async def post(path: str, **form: object) -> httpx.Response:
        return await client.post(base + path, data={"csrf_token": csrf, **form}, headers=HTML)

    home = await client.get("/console/matching", headers=HTML)
    wrong = await post("/craftsmen", number=number, name="王师傅")
    entered_ = await post("/craftsmen", number=number, name="陈师傅")
    place = entered_.headers["location"].removeprefix(base)
    unsigned = await post(place, **PROFILE)
    signed = await post(place, **PROFILE, source="Form signed on 2026-11-20")
    kept = await post(place, **{**PROFILE, "telephone": "", "email": "", "studio": "某工作室"})
    page = await client.get(base + place, headers=HTML)
    looked = await post(f"{place}/contact")
    team = await post("/teams", title="焊接服务队", leader=place.rsplit("/", 1)[1])
    invited = await post("/enterprises", name=ENTERPRISE, contact_days="14")
    company = (await Enterprise.select().first())["id"]
    need = await filed(house, company=company)
    found = await client.get(f"{base}/needs/{need}", headers=HTML)
    nobody = await post(f"/needs/{need}/offers")
    sent = await post(f"/needs/{need}/offers", craftsmen=place.rsplit("/", 1)[1])
    undo = re.search(r'action="(/console/undo/[^"]+)"', sent.text)
    assert undo
    offered = await state_of(need)
    await client.post(undo[1], data={"csrf_token": csrf}, headers=HTML)

    assert home.headers["location"] == base
    assert wrong.status_code == 422
    assert "no certificate of this number and name" in wrong.text
    assert (unsigned.status_code, signed.status_code, kept.status_code) == (422, 303, 303)
    assert TELEPHONE not in page.text
    assert "某工作室" in page.text
    assert TELEPHONE in looked.text
    assert team.status_code == 303
    assert "/matching/in/" in invited.text
    assert "陈师傅" in found.text
    assert "焊接服务队" in found.text
    assert nobody.status_code == 422
    assert sent.text.count("/matching/in/") >= 1
    assert (offered, await state_of(need)) == ("dispatched", "filed")


async def test_figures_are_drawn_tabled_and_taken_as_excel(
    client: httpx.AsyncClient, database: Settings
) -> None:

    house = await union()
    craftsman = await listed(house)
    need = await filed(house)
    await offer_link(house, need, craftsman)
    offer = (await Dispatch.select().first())["id"]
    await dispatching.accept(CRAFTSMAN, offer)
    today = working.local_day(datetime.now(UTC))
    await working.enter_visit(CRAFTSMAN, offer, day=today, hours="2.5")
    await working.report(CRAFTSMAN, offer, result="solved", text="好了。")
    await working.confirm(COMPANY, need, [working.Gained("12000", "cny")])
    await filed(house, NEED)
    await log_in_browser(client, await make_account((Role.CLERK, scope_of(house.id))))
    base, year = f"/console/matching/{house.id}/figures", today[:4]

    page = await client.get(f"{base}?year={year}", headers=HTML)
    svg = await client.get(f"{base}/cities.svg?year={year}", headers=HTML)
    book = await client.get(f"{base}/season.xlsx?year={year}", headers=HTML)
    empty = await client.get(f"{base}?year=2001", headers=HTML)
    lines = await client.get(
        f"/api/v1/organisations/{house.id}/matching?year={year}",
        headers=await bearer(await make_account((Role.CLERK, scope_of(house.id)))),
    )

    rows = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert page.text.count("<svg") == 5
    assert page.text.count("<table") == 6
    assert svg.text.startswith("<svg")
    assert "Zhongshan" in svg.text
    assert rows[1][2:7] == (2, 1, 1, 1, 2.5)
    assert rows[-1][0] == "All together"
    assert "No need was filed in this time." in empty.text
    assert lines.json()[0] | {"quarter": 0} == {
        "quarter": 0, "city": "442000", "needs": 2, "dispatched": 1, "accepted": 1, "visits": 1,
        "hours": "2.5", "confirmed": 1, "results": {"solved": 1}, "benefits": {"cny": "12000"},
    }  # fmt: skip
