"""The room of persons in a real browser: on a phone and on a desk, for everybody."""

from __future__ import annotations

from datetime import date

from playwright.async_api import Browser

from core.db import transaction
from core.privacy import create_person
from core.security import INSTALLATION, SYSTEM, Role
from core.settings import Settings
from credentials.records.person import joining, learning, retention
from credentials.records.person.learning import Entry
from credentials.records.person.tables import RetentionCase
from tests.browser.kit import enter
from tests.browser.test_console_levels import FACES, faults
from tests.credentials.records.kit import CITY, organisations
from tests.credentials.records.person.test_learning import FACTS, MASTER, NUMBER, TODAY
from tests.factories_accounts import make_account
from tests.fixtures.processes import Server


async def test_a_record_is_legible_and_accessible(
    database: Settings, server: Server, browser: Browser
) -> None:
    await organisations(CITY)
    async with transaction():
        person = await create_person(name="张伟")
        twin = await create_person(name="张 伟")
        await create_person(name="李师傅", documents=[("mainland_id", NUMBER)])
    entry = await learning.enter(SYSTEM, person, Entry(CITY, "apprentice", FACTS, MASTER), TODAY)
    join = await joining.ask_to_join(
        SYSTEM, {person, twin}, person, twin, why="同一人", scope=INSTALLATION
    )
    await retention.decide_period(SYSTEM, "record", "3", "理事会决定")
    await retention.look(date(2046, 1, 1))
    case = await RetentionCase.select().where(RetentionCase.person == twin).first()
    assert case is not None
    account = await make_account(Role.ORGANISER, Role.ADMINISTRATOR)
    room = "/console/persons"
    addresses = (
        f"{room}/{person}", f"{room}/{person}/same", f"{room}/{person}/learning",
        f"{room}/learning/{entry}", f"{room}/joins", f"{room}/joins/{join}",
        "/console/retention", f"/console/retention/{case['id']}",
    )  # fmt: skip
    found = {}
    for locale, size in FACES:
        context = await browser.new_context(locale=locale, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
        page = await context.new_page()
        await enter(page, server, account, room)
        found[room, locale] = await faults(page)
        for address in addresses:
            await page.goto(f"{server.url}{address}")
            found[address, locale] = await faults(page)
        await context.close()

    assert found == dict.fromkeys(found, ([], 0))
