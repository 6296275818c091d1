"""Judges at the one tablet that they share: enrolled from the control room, turns by PIN.

Sheets go through the app's own session, the same one that a tap reaches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import Page, expect

from tests.browser.tablets import all_stored, base_of, sign, tablet_page
from tests.journeys.console_kit import LOCALES, Desk

PIN = "482915"
SIGN_THE_REST = """async ([base, judge, parts]) => {
  const { app } = await import(base + "app.js");
  for (const { id } of app.session.parts().slice(0, parts)) {
    const part = () => app.session.parts().find((one) => one.id === id);
    for (const { sheet } of part().codes) {
      const work = part().codes.find((one) => one.sheet === sheet);
      if (!["open", "draft"].includes(app.session.state(work))) continue;
      await app.session.open(part(), work);
      for (const aspect of app.session.aspects(work)) {
        const share = 0.5 + ((Number(work.code) * 7 + judge * 3 + aspect.id.charCodeAt(3) * 11) % 100) / 250;
        const value = String(Math.round(Number(aspect.maximum) * share));
        await app.session.mark(aspect.id, aspect.kind === "points" ? { value } : { defects: [] });
      }
      await app.session.sign();
    }
  }
}"""


@dataclass(frozen=True, slots=True)
class Tablet:
    """pins: seat -> the PIN on the slip."""

    page: Page
    desk: Desk
    pins: dict[str, str]


async def shared_tablet(desk: Desk) -> Tablet:
    """Added in the control room: the dialog tells the address and the code that it takes."""
    room = desk.page
    await desk.link("Control room").click()
    await desk.button("Add a tablet").click()
    await desk.label("Name on its sticker").fill("01")
    await desk.button("Make a code").click()
    spoken = room.locator("#d-add .spoken")
    await expect(spoken).to_have_text(re.compile(r"[0-9A-Z]{5} [0-9A-Z]{5}"))
    told = re.search(r"https?://\S+?/judging/", await room.locator("#d-add .code").inner_text())
    assert told is not None
    page = await tablet_page(desk.browser, locale=LOCALES[desk.language])
    await page.goto(told[0])
    await page.locator("input").first.fill(await spoken.inner_text())
    await page.get_by_role("button", name=desk.word("Enrol this tablet")).click()
    there = desk.word("The tablet is there.")
    await expect(room.locator("#d-add .left")).to_have_text(there, timeout=15_000)
    await room.keyboard.press("Escape")
    return Tablet(page, desk, await _first_pins(desk))


async def _first_pins(desk: Desk) -> dict[str, str]:
    async with desk.page.expect_popup() as opened:
        await desk.button("Print PIN slips").click()
    slips = await opened.value
    texts = await slips.locator(".slip").all_inner_texts()
    await slips.close()
    found = (re.search(r"\b(J\d)\b[^\d]*(\d{3}) (\d{3})", text) for text in texts)
    return {one[1]: one[2] + one[3] for one in found if one}


async def sit_down(tablet: Tablet, judge: int) -> None:
    """The PIN of the slip, then one of the judge's own, twice; stands on the first sheet."""
    page = tablet.page
    if await page.locator("#switch").is_visible():
        await page.locator("#switch").tap()
    await page.locator("[data-account]", has_text=f"J{judge}").tap()
    await expect(page.locator("#asked")).to_contain_text(tablet.desk.word("Your PIN"))
    await page.keyboard.type(tablet.pins[f"J{judge}"])
    for asked in ("Choose your own PIN: six digits", "The new PIN once more"):
        await expect(page.locator("#asked")).to_contain_text(tablet.desk.word(asked))
        await page.keyboard.type(PIN)
    await expect(page.locator(".card").first).to_be_visible(timeout=20_000)


async def tap_one_sheet(tablet: Tablet, judge: int) -> None:
    for card in await tablet.page.locator(".card[data-aspect]").all():
        await card.locator(".ten").nth(1).tap()
        await card.locator(".row .chip", has_text=f"+{judge}").tap()
    await sign(tablet.page)


async def sign_the_rest(tablet: Tablet, judge: int) -> None:
    """The first judge marks every module, the others what the whole panel marks."""
    parts = 99 if judge == 1 else 1
    await tablet.page.evaluate(SIGN_THE_REST, [await base_of(tablet.page), judge, parts])


async def everything_stored(tablet: Tablet) -> None:
    await all_stored(tablet.page, seconds=120)
