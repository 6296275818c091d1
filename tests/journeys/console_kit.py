"""The organiser's steps in a browser, in any language: by clicks and keys, as the pages offer them.

desk = await a_desk(browser, "en")
await set_up(desk, server)                  # from the terminal's address to the empty console
await found_contest(desk, title=…, competition=…)

Words of the pages are named by their English sentence and looked for in the desk's language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from core.web.i18n import translate
from tests.fixtures.processes import Server

PASSWORD = "three dull green kettles"
CHIEF = "唐裁判长"
LOCALES = {"en": "en-GB", "zh-Hans": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at a screen. An address is typed once; after that only links lead anywhere."""

    page: Page
    language: str
    browser: Browser
    contest: list[str] = field(default_factory=list)

    def word(self, msgid: str, **params: object) -> str:
        return translate(msgid, self.language, **params)

    def button(self, msgid: str, **params: object) -> Locator:
        return self.page.get_by_role("button", name=self.word(msgid, **params)).first

    def link(self, msgid: str) -> Locator:
        return self.page.get_by_role("link", name=self.word(msgid), exact=True).first

    def label(self, msgid: str, **params: object) -> Locator:
        """By its beginning: some labels say more behind it."""
        begins = re.compile("^" + re.escape(self.word(msgid, **params)))
        return self.page.get_by_label(begins).first

    async def open(self, address: str) -> None:
        await self.page.goto(address)
        self.page.goto = _typed  # type: ignore[method-assign,assignment]

    async def press(self, msgid: str, **params: object) -> None:
        """A button of the page; nothing may have gone wrong."""
        await self.button(msgid, **params).click()
        await self.page.wait_for_load_state()
        await self.fine()

    async def fine(self) -> None:
        if await self.page.locator("#problem").count():
            pytest.fail(f"{self.page.url}\n{await self.page.inner_text('main')}")

    async def to_room(self, title: str) -> None:
        rooms = self.page.locator(".rooms")
        await rooms.get_by_role("link", name=self.word(title), exact=True).click()
        await expect(rooms.locator("[aria-current]")).to_have_text(self.word(title))

    async def to_contest(self) -> None:
        """From wherever, by the head of the page or the rooms beside it."""
        title = self.contest[0]
        here = self.page.locator(".crumbs").get_by_role("link", name=title)
        if not await here.count():
            way = f"^({self.word('Contests')}|{self.word('Console')})$"
            await self.page.get_by_role("link", name=re.compile(way)).first.click()
            here = self.page.get_by_role("link", name=title)
        await here.first.click()
        await expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    async def state_is(self, state: str) -> None:
        now = self.page.locator(".states [aria-current]")
        await expect(now).to_contain_text(self.word(state))


async def _typed(address: str, **_: object) -> None:
    pytest.fail(f"{address} would have to be typed: a link to it is missing.")


async def a_desk(browser: Browser, language: str, contest: list[str] | None = None) -> Desk:
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900}, locale=LOCALES[language]
    )
    page = await context.new_page()
    page.set_default_timeout(60_000)
    return Desk(page, language, browser, [] if contest is None else contest)


# --- setting up --------------------------------------------------------------------------------


async def set_up(desk: Desk, server: Server) -> None:
    await desk.open(server.url)
    code = re.search(r"works once: (\S+)", server.log())
    assert code is not None
    await desk.label("Code from the terminal").fill(code[1])
    await desk.page.locator("[name='title_zh-Hans']").fill("珠海市总工会")
    await desk.label("Short code").fill("zhuhai-union")
    await desk.label("Name or function, as colleagues see it").fill("陈主任")
    await desk.label("Login").fill("chen")
    await desk.label("Password").fill(PASSWORD)
    await desk.label("The same password again").fill(PASSWORD)
    await desk.press("Set up and log in")
    await desk.link("Start with an empty console").click()


async def found_contest(desk: Desk, *, title: str, competition: str, kind: str) -> None:
    """A small contest: two persons hold everything that is not judging."""
    page = desk.page
    await desk.link("New competition").click()
    await desk.label("Title").fill(competition)
    await desk.label("First day").fill("2026-11-21")
    await desk.label("Last day").fill("2026-11-22")
    await desk.label("City or place").fill("珠海")
    await desk.press("Make the competition")
    await desk.link("New contest").click()
    await page.get_by_role("link", name=kind).click()
    await desk.label("Title of the contest").fill(title)
    await page.get_by_text(desk.word("More about this contest")).click()
    await desk.label("Small contest").check()
    await page.locator(".room form button:visible").last.click()
    await expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    desk.contest.append(title)


async def hand_in(desk: Desk, file: Path) -> None:
    await desk.page.locator("input[type=file]").first.set_input_files(file)
    await desk.press("Check the table")


async def to_import(desk: Desk, link: str) -> None:
    await desk.to_room("Entrants")
    await desk.link(link).click()


async def bring_judges(desk: Desk, file: Path, count: int) -> None:
    await to_import(desk, "Import judges and staff")
    await hand_in(desk, file)
    await desk.press("Import {count}", count=count)
    await expect(desk.page.locator(".said")).to_contain_text(str(count))


async def share_duties(desk: Desk) -> None:
    await desk.to_room("Settings")
    await desk.label("Chief referee: group leader, clerk").select_option(label=CHIEF)
    await desk.press("Give the duties")


async def shorten_notice(desk: Desk) -> None:
    await desk.to_room("Rules")
    await desk.label("Days of public notice").fill("0")
    await desk.press("Save the rules")


async def second_account(desk: Desk, label: str, login: str) -> Desk:
    """Made by hand and taken over with a password, before it has a duty: afterwards a link into it
    would have to be released by a third person."""
    await desk.link("Contests").click()
    await desk.to_room("People with accounts")
    await desk.page.locator("summary", has_text=desk.word("New account")).click()
    await desk.label("Name or function, as colleagues see it").fill(label)
    await desk.label("Login").fill(login)
    await desk.press("Make the account")
    other = await _by_link(desk)
    await other.page.get_by_role("link", name=label).click()
    await other.label("New password").fill(PASSWORD)
    await other.label("The same password again").fill(PASSWORD)
    await other.press("Set the password")
    return other


async def person_by_link(desk: Desk, label: str) -> Desk:
    await desk.link("Contests").click()
    await desk.to_room("People with accounts")
    await desk.page.get_by_role("link", name=label).click()
    other = await _by_link(desk)
    await other.link("Open the console").click()
    return other


async def _by_link(desk: Desk) -> Desk:
    """Gets a one-time link from the first, and opens it on a screen of his own."""
    await desk.press("Make the link")
    address = await desk.label("Link").input_value()
    other = await a_desk(desk.browser, desk.language, desk.contest)
    await other.open(address)
    await other.page.locator("main button").first.click()
    await other.page.wait_for_load_state()
    return other


async def people_with_accounts(desk: Desk) -> dict[str, str]:
    """Name -> duties, as the page tells them."""
    await desk.link("Contests").click()
    await desk.to_room("People with accounts")
    lines = await desk.page.locator("main tbody tr").all()
    return {
        await line.get_by_role("link").first.inner_text(): await line.inner_text() for line in lines
    }


# --- from ready to final -----------------------------------------------------------------------


async def start_marking(desk: Desk) -> None:
    await desk.to_contest()
    await desk.press("Make ready")
    while await desk.button("Ask for the draw").count():
        await desk.press("Ask for the draw")
    await desk.press("Start marking")


async def open_codes(desk: Desk, second: Desk) -> None:
    await desk.to_contest()
    if await desk.button("End marking").count():
        await desk.press("End marking")
    await desk.press("Ask for the opening")
    await second.link("Contests").click()
    await second.to_room("What waits for me")
    await second.press("Approve")


async def to_final(organiser: Desk, chief: Desk, judge: Desk) -> None:
    """Each does what the contest's page offers to nobody but him at that moment."""
    await step(chief, "Close the contest")
    if await chief.button("Confirm as proposed").count():
        await chief.press("Confirm as proposed")
    await step(judge, "Sign the results")
    await step(chief, "Sign the results")
    await step(chief, "Sign the results")
    await step(organiser, "Sign the results")
    await step(organiser, "Publish")
    await step(organiser, "Make final")
    await organiser.state_is("final")


async def step(desk: Desk, button: str) -> None:
    await desk.to_contest()
    await desk.press(button)
