"""The first run: nobody gets past the set-up page, and nobody through it without the terminal's code."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from core import first_run, settings
from core.accounts import create_account
from core.security import SYSTEM, Role, actor_of
from core.settings import Settings
from core.signing_in import pruning
from core.tables import Account, AuditEntry, Installation, Organisation, SetUpCode
from tests.factories_accounts import make_account
from tests.fixtures.processes import Jiangxin, Server

HTML = {"Accept": "text/html", "Accept-Language": "en"}
FORM = {
    "organisation_code": "zhuhai-federation",
    "title_zh-Hans": "珠海市总工会",
    "title_en": "Zhuhai Federation of Trade Unions",
    "label": "管理员老王",
    "login": "wang",
    "password": "three dull green kettles",
    "repeated": "three dull green kettles",
    "language_zh-Hans": "yes",
    "language_pt": "yes",
    "host": "127.0.0.1:8000",
}


async def send(client: httpx.AsyncClient, code: str, **more: str) -> httpx.Response:
    return await client.post("/setup", data={**FORM, "code": code, **more}, headers=HTML)


@pytest.mark.parametrize(
    "path",
    ["/", "/login", "/console", "/console/accounts", "/live/", "/taste", "/schema"],
)
async def test_every_page_of_a_new_installation_leads_to_the_set_up_page(
    client: httpx.AsyncClient, database: Settings, path: str
) -> None:
    await first_run.arm(database)

    answer = await client.get(path, headers=HTML)

    assert (answer.status_code, answer.headers["location"]) == (303, "/setup")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/accounts"),
        ("GET", "/api/v1/organisations"),
        ("POST", "/api/v1/sessions"),
        ("POST", "/login"),
        ("POST", "/login/passkey/options"),
    ],
)
async def test_programs_are_told_to_wait_and_nothing_else(
    client: httpx.AsyncClient, database: Settings, method: str, path: str
) -> None:
    await first_run.arm(database)

    answer = await client.request(method, path, json={"login": "a", "password": "b"})

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/set-up-first"


async def test_health_and_what_belongs_to_the_page_are_answered(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await first_run.arm(database)

    page = await client.get("/setup", headers=HTML)
    styles = re.findall(r'href="(/static/[^"]+)"', page.text)

    assert page.status_code == 200
    assert (await client.get("/healthz")).status_code in {200, 503}
    assert "set-up" not in (await client.get("/healthz")).text
    assert [(await client.get(one)).status_code for one in styles] == [200] * len(styles)
    assert 'href="/login"' not in page.text


@pytest.mark.engine
async def test_the_code_sets_everything_up_and_logs_in(
    client: httpx.AsyncClient, database: Settings
) -> None:
    code = await first_run.arm(database)

    answer = await send(client, code, language_en="yes")
    me = (await client.get("/api/v1/me")).json()
    welcome = await client.get(answer.headers["location"], headers=HTML)

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/welcome")
    assert me["label"] == "管理员老王"
    organisation = await Organisation.select().first()
    assert organisation is not None
    assert {(g["role"], g["scope"], g["scope_id"]) for g in me["grants"]} == {
        ("administrator", "installation", ""),
        ("organiser", "organisation", str(organisation["id"])),
        ("organiser", "issuer", "zhuhai-federation"),
    }
    assert "JIANGXIN_ORIGIN" not in welcome.text
    assert "Start with an empty console" in welcome.text
    assert "Load the demonstration" in welcome.text
    actions = {row["action"] for row in await AuditEntry.select(AuditEntry.action)}
    assert {"installation.set_up", "organisation.created", "grant.given"} <= actions


async def test_the_password_logs_in_and_is_stored_as_a_hash(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await send(client, await first_run.arm(database))
    client.cookies.clear()

    answer = await client.post("/login", data={"login": "wang", "password": FORM["password"]})

    assert answer.status_code == 303
    row = await Account.select().first()
    assert row is not None
    assert row["password_hash"].startswith("$argon2id$")


@pytest.mark.engine
async def test_afterwards_there_is_no_set_up_page(
    client: httpx.AsyncClient, database: Settings
) -> None:
    code = await first_run.arm(database)
    await send(client, code)
    client.cookies.clear()

    assert (await client.get("/setup", headers=HTML)).status_code == 404
    assert (await send(client, code, login="second")).status_code == 404
    assert (await client.get("/", headers=HTML)).status_code == 200
    assert await Account.count() == 1
    assert not await SetUpCode.exists()


async def test_an_installation_with_accounts_never_had_a_set_up_page(
    client: httpx.AsyncClient,
) -> None:
    await make_account(Role.ADMINISTRATOR)

    assert (await client.get("/setup")).status_code == 404
    assert (await client.post("/setup", data=FORM)).status_code == 404


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA-AAAA", "x" * 5000, "' OR 1=1 --"])
async def test_without_the_code_nothing_is_made_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, database: Settings, code: str
) -> None:
    await first_run.arm(database)

    answer = await send(client, code, organisation_code="!")

    assert answer.status_code == 403
    assert "not the code that the terminal shows" in answer.text
    assert "珠海市总工会" in answer.text
    assert "can&#39;t be a code" not in answer.text
    assert not await Account.exists()
    assert not await Organisation.exists()


async def test_who_guesses_codes_is_slowed_down(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await first_run.arm(database)
    answers: list[int] = []
    while len(answers) < 40 and 429 not in answers:
        answers.append((await send(client, f"guess-{len(answers)}")).status_code)

    assert answers[:5] == [403] * 5
    assert answers[-1] == 429


async def test_the_code_is_read_however_it_is_copied(
    client: httpx.AsyncClient, database: Settings
) -> None:
    code = await first_run.arm(database)

    assert re.fullmatch(r"([A-Z0-9]{4}-){4}[A-Z0-9]{4}", code)
    assert (await send(client, f"  {code.lower().replace('-', ' ')} ")).status_code == 303


async def test_the_code_is_not_in_the_database(database: Settings) -> None:
    code = await first_run.arm(database)

    stored = str(await SetUpCode.select())

    assert code not in stored
    assert code.replace("-", "").lower() not in stored


@pytest.mark.engine
async def test_a_new_start_ends_the_old_code_and_another_servers_goes_on(
    client: httpx.AsyncClient, database: Settings
) -> None:
    old = await first_run.arm(database)
    another = await first_run.arm(replace(database, port=8001))
    new = await first_run.arm(database)

    refused = await send(client, old)
    taken = await send(client, another)

    assert new != old
    assert (refused.status_code, taken.status_code) == (403, 303)


async def test_everything_wrong_is_said_at_once(
    client: httpx.AsyncClient, database: Settings
) -> None:
    code = await first_run.arm(database)
    wrong = {
        "title_zh-Hans": " ", "title_en": "", "organisation_code": "Two Words",
        "login": "a b", "password": "short", "repeated": "other",
        "language_zh-Hans": "", "language_pt": "", "host": "not a host",
    }  # fmt: skip

    answer = await send(client, code, **wrong)

    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 7
    assert "Two Words" in answer.text
    assert not await Account.exists()
    assert (await send(client, code)).status_code == 303


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        ("aaaaaaaaaaaaaaaa", True),
        ("123456789012", True),
        ("wangwangwang1", True),
        ("wang1234567890", True),
        ("Password1234567890", True),
        ("qwertyuiopasdf", True),
        ("three dull green kettles", False),
        ("金光大道三百六十五号楼四单元", False),
        ("x7-Kp2.mQ9vT", False),
    ],
)
async def test_a_password_that_is_easily_guessed_is_refused(
    client: httpx.AsyncClient, database: Settings, password: str, weak: bool
) -> None:
    code = await first_run.arm(database)

    answer = await send(client, code, password=password, repeated=password)

    assert ("easily guessed" in answer.text) == weak
    assert await Account.exists() != weak


async def test_the_languages_chosen_are_those_that_pages_offer(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await send(client, await first_run.arm(database))

    page = (await client.get("/live/", headers=HTML)).text

    assert settings.current().languages == ("zh-Hans", "pt")
    assert 'hreflang="pt"' in page or 'lang="pt"' in page
    assert 'hreflang="en"' not in page


async def test_another_process_learns_the_languages_from_the_database(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await Installation.update({Installation.languages: "pt,en"}, force=True)
    await make_account(Role.ADMINISTRATOR)

    await client.get("/login")

    assert settings.current().languages == ("pt", "en")


async def test_a_variable_wins_over_what_was_chosen(
    client: httpx.AsyncClient, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIANGXIN_LANGUAGES", "en")

    await send(client, await first_run.arm(database))

    assert settings.current().languages == database.languages


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("contest.example.org", "https://contest.example.org"),
        ("https://contest.example.org/", "https://contest.example.org"),
        ("Contest.Example.org:8443", "https://contest.example.org:8443"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8000", ""),
        ("http://127.0.0.1:8000", ""),
    ],
)
async def test_another_host_name_says_what_to_set(
    client: httpx.AsyncClient, database: Settings, host: str, address: str
) -> None:
    code = await first_run.arm(database)

    answer = await send(client, code, host=host)
    page = (await client.get(answer.headers["location"], headers=HTML)).text

    assert answer.status_code == 303
    assert (f"JIANGXIN_ORIGIN={address}" in page) == bool(address)


@pytest.mark.parametrize(
    "host", ["", "http://contest.example.org", "a b", "x/y", "https://", "//", "["]
)
async def test_what_is_no_host_name_is_said_at_its_field(
    client: httpx.AsyncClient, database: Settings, host: str
) -> None:
    answer = await send(client, await first_run.arm(database), host=host)

    assert answer.status_code == 422
    assert 'id="host-wrong"' in answer.text


async def test_an_address_in_the_welcome_pages_own_address_is_checked_too(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await send(client, await first_run.arm(database))

    page = await client.get("/console/welcome?address=%3Cscript%3E", headers=HTML)

    assert page.status_code == 200
    assert "JIANGXIN_ORIGIN" not in page.text


async def test_the_command_lets_an_administrator_in_without_the_page(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await first_run.arm(database)
    account = await create_account(SYSTEM, login="first")

    assert (await client.get("/", headers=HTML)).status_code == 200
    assert (await client.get("/setup")).status_code == 404
    await pruning.prune()
    assert not await SetUpCode.exists()
    assert (await actor_of(account)).grants == ()


async def test_a_form_of_another_site_sets_nothing_up(
    client: httpx.AsyncClient, database: Settings
) -> None:
    code = await first_run.arm(database)

    answer = await client.post(
        "/setup", data={**FORM, "code": code}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert not await Account.exists()


async def test_two_who_set_up_at_once_make_one_administrator(
    client: httpx.AsyncClient, database: Settings
) -> None:
    import asyncio

    code = await first_run.arm(database)
    answers = await asyncio.gather(
        *(send(client, code, login=f"wang-{n}", organisation_code=f"org-{n}") for n in range(3))
    )

    assert sorted(a.status_code for a in answers)[0] == 303
    assert [a.status_code for a in answers].count(303) == 1
    assert await Account.count() == 1
    assert await Organisation.count() == 1


def test_serve_prints_a_code_of_its_own_at_each_start(server: Server) -> None:
    first = codes(server)
    server.stop()
    server.start()
    both = codes(server)
    answers = [
        httpx.post(f"{server.url}/setup", data={**FORM, "code": code}, headers=HTML)
        for code in both
    ]

    assert len(first) == 1
    assert len(set(both)) == 2
    assert [a.status_code for a in answers] == [403, 303]
    server.stop()
    server.start()
    assert len(codes(server)) == 2


def codes(server: Server) -> list[str]:
    return re.findall(r"works once: (\S+)", server.log())


def test_the_administrators_command_still_lets_the_first_one_in(
    server: Server, jiangxin: Jiangxin
) -> None:
    done = jiangxin("administrator", "zhang.wei")

    link = done.stdout.strip().splitlines()[-1]
    page = httpx.get(f"{server.url}/in/{link.rsplit('/', 1)[1]}", headers=HTML)
    assert page.status_code == 200
    assert "zhang.wei" in page.text
    assert httpx.get(f"{server.url}/setup", headers=HTML).status_code == 404
