"""Every face of the app that is not the sheet: who may use it where, the checks, giving a tablet back, a second tab,
storage that somebody edited; in four languages, three sizes and to a screen reader."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from contests.judging.devices import revoke_device
from contests.tables import Device, Quarantine
from core.security import SYSTEM
from core.settings import Settings
from tests.browser.kit import LANDSCAPE, PORTRAIT, enter, violations
from tests.browser.tablets import (
    all_stored,
    enrolled,
    enter_pin,
    kept_for_airplane_mode,
    mark_dish,
    pins_for,
    rows,
    sign,
    sign_in,
    stored_sheets,
    switch,
    tablet_page,
    until,
    watched,
)
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
CHECK_SECONDS = 30
IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1"
)
WECHAT = (
    "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 "
    "Mobile Safari/537.36 XWEB/1300473 MMWEBSDK/20240404 MicroMessenger/8.0.50"
)
ALIPAY = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 AliApp(AP/10.5) AlipayClient/10.5"


# --- where it may run, and whose browser it is ---------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "words"),
    [(WECHAT, "real browser"), (ALIPAY, "real browser"), (IPAD, "home screen first")],
    ids=["wechat", "alipay", "safari-tab"],
)
async def test_where_nothing_could_be_kept_the_app_says_what_to_do(
    database: Settings, server: Server, browser: Browser, agent: str, words: str
) -> None:
    page = await tablet_page(browser, user_agent=agent, viewport=PHONE)

    await page.goto(f"{server.url}/judging/")

    await expect(page.locator("h1")).to_contain_text(words)
    assert await page.locator("#enrol").count() == 0
    picture = page.locator("img.drawn")
    assert await picture.evaluate("(image) => image.complete && image.naturalWidth > 0")
    assert await violations(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def test_who_is_logged_in_stands_on_his_works_at_once_and_logging_out_hides_them(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()

    await enter(page, server, small.judges[0].account, "/judging/")
    await expect(page.locator(".card").first).to_be_visible()
    await mark_dish(page)
    await expect(page.locator("#saved")).to_contain_text("✓")
    await page.locator("#menu").tap()
    await page.locator(".entry", has_text="Log out").tap()
    await expect(page.locator("#enrol")).to_be_visible()

    assert await page.locator(".card").count() == 0
    await enter(page, server, small.judges[0].account, "/judging/")
    await expect(page.locator('[data-aspect="taste"] .value')).to_have_value("32")


async def test_a_session_that_has_ended_shows_no_marks_until_the_next_log_in(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await enter(page, server, small.judges[0].account, "/judging/")
    await mark_dish(page)
    await expect(page.locator("#saved")).to_contain_text("✓")
    await page.context.clear_cookies()

    await page.reload()
    await expect(page.locator(".panel")).to_contain_text("You are logged out")
    assert await page.locator(".card").count() == 0


async def test_two_judges_of_one_browser_each_have_their_own_key_and_marks(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    first, second = small.judges[:2]

    for judge in (first, second):
        await page.context.clear_cookies()
        await enter(page, server, judge.account, f"/judging/#contest={small.contest}")
        await expect(page.locator("#who")).to_contain_text(judge.name)
        assert (
            await page.locator('.chip[aria-checked="true"], .chip[aria-pressed="true"]').count()
            == 0
        )
        await mark_dish(page)
        await sign(page)
    await all_stored(page)

    assert [payload.judge for payload in await stored_sheets(small)] == [
        first.appointment,
        second.appointment,
    ]
    assert [payload.seq for payload in await stored_sheets(small)] == [1, 1]
    assert len(await rows(page, "device")) == 2


async def test_one_judge_of_several_contests_chooses_and_links_lead_to_theirs(
    database: Settings, server: Server, browser: Browser
) -> None:
    from contests.actions import people

    small, other = await small_contest(), await small_contest(until="draft")
    judge = small.judges[0]
    organiser = await other.actor("organiser")
    await people.appoint(organiser, other.contest, account=judge.account, role="judge", seat="J9")
    page = await tablet_page(browser)

    await enter(page, server, judge.account, "/judging/")
    await expect(page.locator(".card").first).to_be_visible()
    await page.locator("#menu").tap()
    await page.locator(".entry", has_text="My contests").tap()
    await expect(page.locator(".choice.contest")).to_have_count(2)
    await expect(page.locator(".choice.contest").first).to_contain_text("0 of 8")
    assert await violations(page) == []
    await page.locator(".choice.contest").last.tap()

    await expect(page.get_by_role("alert")).to_contain_text("Marking has not started")


# --- the key, the storage, the tab ----------------------------------------------------------------


async def test_the_key_never_leaves_the_tablet(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    tablet = await enrolled(browser, server, small)

    refused = await tablet.evaluate(
        """async () => {
          const open = indexedDB.open("jiangxin-judging");
          const base = await new Promise((done) => (open.onsuccess = () => done(open.result)));
          const asked = base.transaction("device").objectStore("device").get("self");
          const row = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
          base.close();
          try { await crypto.subtle.exportKey("jwk", row.secret); return "exported"; }
          catch (error) { return error.name; }
        }"""
    )

    assert refused == "InvalidAccessError"


async def test_a_signed_sheet_that_was_edited_in_the_storage_is_refused_and_named(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    tablet = await enrolled(browser, server, small)
    await sign_in(tablet, judge)
    await kept_for_airplane_mode(tablet)
    server.kill()
    await mark_dish(tablet)
    await sign(tablet)
    await tablet.evaluate(EDIT)

    server.start()
    await tablet.reload()
    await sign_in(tablet, judge)
    await expect(tablet.locator("#queue")).to_have_attribute(
        "data-state", "attention", timeout=40_000
    )

    await tablet.locator("#queue").tap()
    await expect(tablet.locator(".delivery[data-state=attention] small")).not_to_be_empty()
    (row,) = await rows(tablet, "outbox")
    assert (row["answer"], row["reason"]) == ("quarantined", "signature-wrong")
    assert await stored_sheets(small) == []
    assert await Quarantine.count() == 1


EDIT = """async () => {
  const open = indexedDB.open("jiangxin-judging");
  const base = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const transaction = base.transaction("outbox", "readwrite");
  const asked = transaction.objectStore("outbox").getAll();
  asked.onsuccess = () => {
    const [row] = asked.result;
    const [head, body, signature] = row.jws.split(".");
    const pad = (text) => text.replaceAll("-", "+").replaceAll("_", "/");
    const changed = atob(pad(body)).replace('"32"', '"39"');
    const plain = btoa(changed).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    transaction.objectStore("outbox").put({ ...row, jws: [head, plain, signature].join(".") });
  };
  await new Promise((done) => (transaction.oncomplete = done));
  base.close();
}"""


async def test_a_second_tab_says_so_and_may_take_over(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    first = await enrolled(browser, server, small)
    await sign_in(first, judge)
    await mark_dish(first)
    await expect(first.locator("#saved")).to_contain_text("✓")

    second = await watched(first.context)
    await second.goto(f"{server.url}/judging/")
    await expect(second.locator("h2")).to_contain_text("another tab")
    assert await violations(second) == []
    await second.locator("#take-over").tap()
    await expect(first.locator("h2")).to_contain_text("goes on in another tab")
    assert await first.locator(".card").count() == 0
    await sign_in(second, judge)

    await expect(second.locator('[data-aspect="taste"] .value')).to_have_value("32")


async def test_marks_of_the_first_version_of_the_app_are_carried_over(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await enter(page, server, small.judges[0].account, "/judging/")
    await mark_dish(page)
    await sign(page)
    await mark_dish(page)
    await all_stored(page)
    before = await rows(page, "outbox")
    await page.goto(f"{server.url}/healthz")
    await page.evaluate(FIRST_SHAPE)

    await page.goto(f"{server.url}/judging/")
    await expect(page.locator('[data-aspect="taste"] .value')).to_have_value("32")
    after = await rows(page, "outbox")

    assert [(row["rid"], row["jws"], row["answer"]) for row in after] == [
        (row["rid"], row["jws"], row["answer"]) for row in before
    ]
    assert (await rows(page, "device"))[0]["seq"] == 1
    await sign(page)
    await all_stored(page)
    assert [payload.seq for payload in await stored_sheets(small)] == [1, 2]


FIRST_SHAPE = """async () => {
  const opened = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const now = await opened(indexedDB.open("jiangxin-judging"));
  const rows = {};
  for (const name of ["device", "packs", "drafts", "outbox"]) {
    rows[name] = await opened(now.transaction(name).objectStore(name).getAll());
  }
  now.close();
  await opened(indexedDB.deleteDatabase("jiangxin-judging"));
  const request = indexedDB.open("jiangxin-judging", 1);
  request.onupgradeneeded = () => {
    const base = request.result;
    base.createObjectStore("keys", { keyPath: "account" });
    base.createObjectStore("packs", { keyPath: "contest" });
    base.createObjectStore("drafts", { keyPath: "slot" });
    base.createObjectStore("outbox", { keyPath: "rid" });
    base.createObjectStore("places", { keyPath: "contest" });
  };
  const base = await opened(request);
  const transaction = base.transaction(["keys", "packs", "drafts", "outbox"], "readwrite");
  for (const { account, jwk, kid, secret, seq, prev } of rows.device) {
    transaction.objectStore("keys").put({ account, jwk, kid, secret, seq, prev, enrolled: true });
  }
  for (const { contest, pack } of rows.packs) transaction.objectStore("packs").put({ contest, pack });
  for (const { slot, marks, dirty, contest } of rows.drafts) {
    transaction.objectStore("drafts").put({ slot, marks, dirty, contest, past: [{}] });
  }
  for (const { rid, account, contest, slot, seq, jws, hash, answer, at, receipt, words, log_seq } of rows.outbox) {
    transaction.objectStore("outbox").put({ rid, account, contest, slot, seq, jws, hash, answer, at, receipt, words, logSeq: log_seq });
  }
  await new Promise((done) => (transaction.oncomplete = done));
  base.close();
}"""


# --- checks, messages, revoking, giving back --------------------------------------------------------


async def test_the_check_says_fit_or_unfit_with_the_reason_within_thirty_seconds(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    tablet = await enrolled(browser, server, small)
    await kept_for_airplane_mode(tablet)
    await tablet.evaluate("navigator.storage.persist = async () => false")

    await tablet.locator("#menu").tap()
    await tablet.locator(".entry", has_text="Check this tablet").tap()
    began = time.monotonic()
    verdict = tablet.locator(".verdict")
    await expect(verdict).to_have_attribute("data-tone", "bad", timeout=CHECK_SECONDS * 1000)
    assert time.monotonic() - began < CHECK_SECONDS
    await expect(tablet.locator('[data-check="persisted"]')).to_contain_text("home screen")
    for slug in ("write", "key", "kept", "server", "version"):
        await expect(tablet.locator(f'[data-check="{slug}"]')).to_have_attribute(
            "data-state", "good"
        )
    assert await violations(tablet) == []

    async def told() -> bool:
        row = await Device.select(Device.facts).where(Device.kind == "tablet").first()
        return row is not None and '"persisted"' in row["facts"] and '"fit":false' in row["facts"]

    await until(told, page=tablet)

    # From the home screen storage is not cleared, whatever the browser says of it.
    await tablet.add_init_script("Object.defineProperty(navigator, 'standalone', {value: true})")
    await tablet.reload()
    await tablet.locator("#menu").tap()
    await tablet.locator(".entry", has_text="Check this tablet").tap()
    await expect(verdict).to_have_attribute("data-tone", "good", timeout=CHECK_SECONDS * 1000)


async def test_a_tablet_is_given_back_only_when_every_sheet_has_its_receipt(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    tablet = await enrolled(browser, server, small)
    await sign_in(tablet, judge)
    await kept_for_airplane_mode(tablet)
    server.kill()
    await mark_dish(tablet)
    code = await tablet.locator(".code").first.inner_text()
    await sign(tablet)

    await give_back(tablet)
    await expect(tablet.locator(".missing")).to_contain_text(f"{code}")
    await expect(tablet.locator(".missing")).to_contain_text("No. 1")
    assert await tablet.locator("#wipe").count() == 0
    server.start()
    await all_stored(tablet)
    await tablet.get_by_role("button", name="Send and look again").tap()
    await tablet.locator("#wipe").tap()
    await expect(tablet.locator("h2")).to_contain_text("empty", timeout=15_000)

    assert await rows(tablet, "outbox") == await rows(tablet, "device") == []
    row = await Device.select(Device.returned_at).where(Device.kind == "tablet").first()
    assert row is not None
    assert row["returned_at"] is not None
    assert len(await stored_sheets(small)) == 1


async def give_back(tablet: Page) -> None:
    await tablet.locator("#menu").tap()
    await tablet.locator(".entry", has_text="Return this tablet").tap()


async def test_a_revoked_tablet_says_so_and_keeps_what_it_signed(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    tablet = await enrolled(browser, server, small)
    await sign_in(tablet, judge)
    row = await Device.select(Device.kid).where(Device.kind == "tablet").first()
    assert row is not None
    await revoke_device(SYSTEM, row["kid"])

    await expect(tablet.locator("#queue")).to_have_attribute(
        "data-state", "attention", timeout=15_000
    )
    await tablet.locator("#queue").tap()
    await expect(tablet.locator("dialog")).to_contain_text("revoked")


async def test_a_message_is_shown_and_answered(
    database: Settings, server: Server, browser: Browser
) -> None:
    from datetime import UTC, datetime

    from contests.judging.tablets.talking import write_to_tablet

    small = await small_contest()
    tablet = await enrolled(browser, server, small)
    row = await Device.select(Device.kid).where(Device.kind == "tablet").first()
    assert row is not None
    chief = await small.actor("organiser")
    await write_to_tablet(chief, row["kid"], text="Come to table 4, please.", now=datetime.now(UTC))

    await expect(tablet.locator("#message")).to_contain_text("table 4", timeout=15_000)
    await tablet.locator("#message").tap()
    written = tablet.locator(".messages li", has_text="table 4")
    await written.get_by_role("button", name="Read").tap()
    await expect(written.get_by_role("button", name="Read")).to_have_count(0)
    await tablet.locator("#message-text").fill("On our way")
    await tablet.get_by_role("button", name="Send", exact=True).tap()
    await expect(tablet.locator(".toast")).to_contain_text("control room")
    await tablet.get_by_role("button", name="Close").tap()
    await expect(tablet.locator("#message")).not_to_contain_text("table 4")


# --- languages, sizes, a screen reader ----------------------------------------------------------


async def test_the_four_languages_are_changed_without_a_reload_on_every_face(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    tablet = await enrolled(browser, server, small)
    await tablet.evaluate("window.same = true")

    for language, words in {
        "zh-Hans": "由谁打分",
        "zh-Hant": "由誰評分",
        "pt": "Quem avalia",
    }.items():
        await tablet.locator("#menu").tap()
        await tablet.locator(f'[data-language="{language}"]').tap()
        await expect(tablet.locator("h2")).to_contain_text(words)
        await expect(tablet.locator("html")).to_have_attribute("lang", language)
    await sign_in(tablet, judge)
    await expect(tablet.locator("#switch")).to_contain_text("Trocar de juiz")

    assert await tablet.evaluate("window.same") is True
    await tablet.reload()
    await expect(tablet.locator("h2")).to_contain_text("Quem avalia")


@pytest.mark.parametrize(
    "size", [LANDSCAPE, PORTRAIT, PHONE], ids=["landscape", "portrait", "phone"]
)
async def test_every_face_is_accessible_and_within_the_screen(
    database: Settings, server: Server, browser: Browser, size: Any, tmp_path: Path
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    tablet = await tablet_page(browser, viewport=size)
    await tablet.goto(f"{server.url}/judging/")
    await expect(tablet.locator("#enrol")).to_be_visible()
    await looked_at(tablet, tmp_path / "start.png")
    tablet = await enrolled(browser, server, small, viewport=size)
    await looked_at(tablet, tmp_path / "who.png")
    await tablet.locator(f'[data-account="{judge.account}"]').tap()
    await looked_at(tablet, tmp_path / "pin.png")
    await enter_pin(tablet)
    await expect(tablet.locator(".card").first).to_be_visible(timeout=15_000)
    await mark_dish(tablet)
    await sign(tablet)
    await tablet.locator("#menu").tap()
    await looked_at(tablet, tmp_path / "menu.png")
    await tablet.locator(".entry", has_text="Signed sheets").tap()
    await looked_at(tablet, tmp_path / "delivery.png")
    await tablet.get_by_role("button", name="Close").tap()
    await tablet.locator("#menu").tap()
    await tablet.locator(".entry", has_text="How to install").tap()
    await looked_at(tablet, tmp_path / "install.png")
    await tablet.get_by_role("button", name="Close").tap()
    await switch(tablet)
    await tablet.get_by_role("button", name="Forgotten PIN").tap()
    await looked_at(tablet, tmp_path / "reset.png")


async def looked_at(page: Page, picture: Path) -> None:
    await page.wait_for_timeout(150)
    small_targets = await page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, a")]
          .filter((node) => node.offsetParent)
          .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
          .filter(([, box]) => box.width < 48 || box.height < 48)
          .map(([html]) => html)"""
    )
    await page.screenshot(path=picture)
    assert small_targets == [], picture.name
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
        picture.name
    )
    assert await violations(page) == [], picture.name
