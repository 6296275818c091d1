"""The room of persons: found, read as far as the reader may, joined by two, kept and erased by two."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import httpx

from admin.console.persons.listing import PAGE
from contests.identity.sealing import persons_of
from core.db import transaction
from core.outbox import drain
from core.privacy import NewPerson, change_person, create_person, create_persons
from core.security import SYSTEM, Role, Scope
from core.tables import AuditEntry
from credentials.actions import create_issuer
from credentials.holder.links import make_link
from credentials.records.person import clocks, learning, retention
from credentials.records.person.learning import Entry, Facts
from tests.credentials.records.kit import CITY, OTHER_CITY, account_of, organisations
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import SmallContest, make_organisation, small_contest

HTML = {"Accept": "text/html", "Accept-Language": "en"}
ROOM = "/console/persons"
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")
NUMBER = "110101199003070038"


async def send(client: httpx.AsyncClient, csrf: str, address: str, **data: str) -> httpx.Response:
    return await client.post(address, data={"csrf_token": csrf, **data}, headers=HTML)


async def finished() -> tuple[SmallContest, UUID]:
    """A published contest, and the person of its first entry."""
    await make_organisation("federation")
    await create_issuer(SYSTEM, "federation")
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.finish()
    await drain()
    members = await persons_of(small.contest)
    person = members[str(small.entries[0])][0]
    async with transaction():
        await change_person(person, name="欧阳晓明", documents=[("mainland_id", NUMBER)])
    return small, person


async def test_a_person_s_contests_stand_on_the_page_with_place_and_source(
    client: httpx.AsyncClient,
) -> None:
    small, person = await finished()
    await log_in_browser(client, await make_account((Role.ORGANISER, Scope("organisation", str(small.organisation)))))  # fmt: skip

    pages = [await client.get(f"{ROOM}/{person}", headers={**HTML, "Accept-Language": language}) for language in LANGUAGES]  # fmt: skip
    listed = await client.get(f"{ROOM}?name=欧阳", headers=HTML)

    assert [page.status_code for page in pages] == [200] * 4
    english = pages[2].text
    assert "欧阳晓明" in english
    assert f"/live/{small.contest}" in english
    assert "Place: " in english
    assert "The contest's log" in english
    assert "…0038" in english
    assert NUMBER not in english
    assert "no number of years is given" in english
    assert f"{ROOM}/{person}" in listed.text


async def test_nobody_of_another_organisation_learns_that_there_is_somebody(
    client: httpx.AsyncClient,
) -> None:
    _, person = await finished()
    await organisations(CITY)
    csrf = await log_in_browser(client, await account_of(CITY))

    listed = await client.get(ROOM, headers=HTML)
    answers = [await client.get(f"{ROOM}/{person}{more}", headers=HTML) for more in ("", "/same", "/learning")]  # fmt: skip
    looked = await send(client, csrf, f"{ROOM}/find", document_kind="mainland_id", document_number=NUMBER)  # fmt: skip

    assert "欧阳晓明" not in listed.text
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert looked.headers["location"] == ROOM


async def test_an_organisation_that_keeps_a_part_learns_no_day_of_what_others_keep(
    client: httpx.AsyncClient,
) -> None:
    _, person = await finished()
    await organisations(CITY)
    facts = Facts("安全培训", "", "2024-03-01", "2024-03-05", hash="a" * 64)
    await learning.enter(SYSTEM, person, Entry(CITY, "trainee", facts))

    await log_in_browser(client, await account_of(CITY))
    part = await client.get(f"{ROOM}/{person}", headers=HTML)
    await log_in_browser(client, await make_account(Role.ORGANISER))
    everything = await client.get(f"{ROOM}/{person}", headers=HTML)

    assert "安全培训" in part.text
    assert ["kept until" in page.text for page in (part, everything)] == [False, True]


async def test_a_number_is_searched_for_whole_and_on_record(client: httpx.AsyncClient) -> None:
    _, person = await finished()
    csrf = await log_in_browser(client, await make_account(Role.ORGANISER))

    found = await send(client, csrf, f"{ROOM}/find", document_kind="mainland_id", document_number=f" {NUMBER} ")  # fmt: skip
    part = await send(client, csrf, f"{ROOM}/find", document_kind="mainland_id", document_number=NUMBER[:-1])  # fmt: skip
    wrong = await send(client, csrf, f"{ROOM}/find", document_kind="", document_number=NUMBER)
    many = [await send(client, csrf, f"{ROOM}/find", document_kind="x") for _ in range(12)]
    noted = await AuditEntry.select().where(AuditEntry.action == "person.looked_up")

    assert found.headers["location"] == f"{ROOM}/{person}"
    assert part.headers["location"] == ROOM
    assert wrong.status_code == 422
    assert 429 in {answer.status_code for answer in many}
    assert len(noted) == 2
    assert all(NUMBER[:-1] not in str(row) for row in noted)


async def test_two_persons_join_two_records_and_it_is_undone_by_its_button(
    client: httpx.AsyncClient,
) -> None:
    small, person = await finished()
    other = (await persons_of(small.contest))[str(small.entries[1])][0]
    async with transaction():
        await change_person(other, name="欧阳 晓明")
    csrf = await log_in_browser(client, await make_account(Role.ORGANISER))

    same = await client.get(f"{ROOM}/{person}/same", headers=HTML)
    empty = await send(client, csrf, f"{ROOM}/{person}/same", goes=str(other))
    asked = await send(client, csrf, f"{ROOM}/{person}/same", goes=str(other), why="同一人")
    join = asked.headers["location"]
    own = await send(client, csrf, f"{join}/approve")
    csrf = await log_in_browser(client, await make_account(Role.ORGANISER))
    waiting = await client.get(f"{ROOM}/joins", headers=HTML)
    preview = await client.get(join, headers=HTML)
    await send(client, csrf, f"{join}/approve")
    led = await client.get(f"{ROOM}/{other}", headers=HTML)
    both = await client.get(f"{ROOM}/{person}", headers=HTML)
    undone = await send(client, csrf, f"{join}/undo")
    apart = await client.get(f"{ROOM}/{other}", headers=HTML)

    assert "the same name" in same.text
    assert empty.status_code == 422
    assert "This is empty." in empty.text
    assert own.status_code == 403
    assert join in waiting.text
    assert "Approve it" in preview.text
    assert led.headers["location"] == f"{ROOM}/{person}"
    assert "2 records that were joined" in both.text
    assert undone.status_code == 303
    assert apart.status_code == 200


async def test_training_is_entered_corrected_and_taken_out_by_its_pages(
    client: httpx.AsyncClient,
) -> None:
    await organisations(CITY, OTHER_CITY)
    _, person = await finished()
    csrf = await log_in_browser(
        client,
        await make_account(
            Role.ORGANISER, (Role.ORGANISER, Scope("issuer", CITY)),
        ),
    )  # fmt: skip
    typed = {"body": CITY, "side": "trainee", "title": "安全培训", "from_on": "2024-03-01", "hash": "a" * 64}  # fmt: skip

    wrong = await send(client, csrf, f"{ROOM}/{person}/learning", body=CITY, side="apprentice")
    hong_kong = {"name": "李师傅", "document_kind": "hkid", "document_number": "Z793793(5)"}
    kept = await send(
        client, csrf, f"{ROOM}/{person}/learning", body=CITY, side="master", **hong_kong
    )
    made = await send(client, csrf, f"{ROOM}/{person}/learning", **typed)
    page = await client.get(made.headers["location"], headers=HTML)
    found = re.search(rf"{ROOM}/learning/[0-9a-f-]+", page.text)
    assert found
    here = found[0]
    await send(client, csrf, here, **typed, until_on="2024-03-05", why="补录")
    one = await client.get(here, headers=HTML)
    out = await send(client, csrf, f"{here}/out", why="录错")
    gone = await client.get(f"{ROOM}/{person}", headers=HTML)
    await send(client, csrf, f"{here}/back")
    back = await client.get(f"{ROOM}/{person}", headers=HTML)

    assert wrong.status_code == 422
    assert wrong.text.count('class="wrong"') >= 4
    assert "李师傅" in kept.text
    assert "793" not in re.sub(r'value="[0-9a-f]{40,}"|[0-9a-f-]{36}', "", kept.text)
    assert 'name="document_number.kept"' in kept.text
    assert "补录" in one.text
    assert out.status_code == 303
    assert "安全培训" not in gone.text
    assert "安全培训" in back.text


async def test_what_is_due_waits_for_two_persons(client: httpx.AsyncClient) -> None:
    async with transaction():
        person = await create_person(name="张三丰")
    csrf = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))
    wrong = await send(client, csrf, "/console/retention/periods/record", years="x", source="")
    await send(client, csrf, "/console/retention/periods/record", years="3", source="Board")
    today = datetime.now(UTC).date()
    await retention.look(today.fromisoformat(clocks.over_on(today.isoformat(), 4)))
    hidden = await client.get("/console/retention", headers=HTML)

    csrf = await log_in_browser(client, await make_account(Role.ORGANISER))
    listed = await client.get("/console/retention", headers=HTML)
    case = re.search(r"/console/retention/[0-9a-f-]{36}", listed.text)
    assert case
    empty = await send(client, csrf, f"{case[0]}/ask", why="")
    await send(client, csrf, f"{case[0]}/ask", why="期满")
    csrf = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))
    page = await client.get(case[0], headers=HTML)
    early = await send(client, csrf, f"{case[0]}/confirm")

    assert wrong.status_code == 422
    assert "张三丰" in listed.text
    assert "张三丰" not in hidden.text + page.text
    assert empty.status_code == 422
    assert "期满" in page.text
    assert early.status_code == 409  # its time is over in the test's future only
    assert person


async def test_what_is_due_comes_in_parts_and_no_figure_is_too_long_to_be_refused(
    client: httpx.AsyncClient,
) -> None:
    async with transaction():
        await create_persons([NewPerson(f"张{n}") for n in range(PAGE + 1)])
    csrf = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))
    endless = await send(
        client, csrf, "/console/retention/periods/record", years="9" * 5000, source="Board"
    )
    await send(client, csrf, "/console/retention/periods/record", years="3", source="Board")
    today = datetime.now(UTC).date()
    await retention.look(today.fromisoformat(clocks.over_on(today.isoformat(), 4)))

    await log_in_browser(client, await make_account(Role.ORGANISER))
    first = await client.get("/console/retention", headers=HTML)
    second = await client.get(f"/console/retention?from={PAGE}", headers=HTML)

    assert endless.status_code == 422
    assert f'href="?from={PAGE}"' in first.text
    assert [page.text.count('href="/console/retention/') for page in (first, second)] == [PAGE, 1]
    assert 'href="?from=' not in second.text


async def test_a_judge_and_a_clerk_are_refused(client: httpx.AsyncClient) -> None:
    for role in (Role.JUDGE, Role.CLERK, Role.SUPERVISOR):
        await log_in_browser(client, await make_account(role))
        for address in (ROOM, f"{ROOM}/joins", "/console/retention"):
            assert (await client.get(address, headers=HTML)).status_code == 403


async def test_the_person_sees_the_same_years_on_the_own_page(client: httpx.AsyncClient) -> None:
    small, person = await finished()
    link = await make_link(await small.actor("organiser"), small.contest, person)
    assert (await client.post(httpx.URL(link).path)).status_code == 303

    for language in LANGUAGES:
        page = await client.get("/mine", headers={**HTML, "Accept-Language": language})

        assert 'class="timeline"' in page.text
        assert f"/live/{small.contest}" in page.text
        assert "/console/" not in page.text
