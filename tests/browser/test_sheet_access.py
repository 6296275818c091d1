"""The sheet for everybody: by screen reader or keyboard alone, in large text, in both colours, and without
a tap lost while the network talks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from core.settings import Settings
from tests.browser.kit import LANDSCAPE, PORTRAIT, violations
from tests.browser.sheet_kit import (
    EVERY_CONTROL,
    beyond,
    card,
    chip,
    contest_of,
    judged,
    on_the_sheet,
    points,
    sideways,
    small_targets,
)
from tests.browser.tablets import all_stored, base_of, code_of, stored_sheets
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

CARD = (
    points("A1", 20_000),
    points("A2", 40_000),
    points("A3", 20_000),
    points("A4", 10_000),
    points("A5", 20_000),
)
SIZES = {"landscape": LANDSCAPE, "portrait": PORTRAIT, "phone": {"width": 390, "height": 844}}
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")
CONTRAST = """() => {
  const channel = (value) => (value /= 255, value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (node) => {
    for (let each = node; each; each = each.parentElement) {
      const [r, g, b, a = 1] = parts(getComputedStyle(each).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("#face *")]
    .filter((node) => node.offsetParent && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .map((node) => {
      const [one, other] = [light(parts(getComputedStyle(node).color)), light(behind(node))];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      return [Math.round(ratio * 100) / 100, node.className, node.textContent.slice(0, 40)];
    })
    .filter(([ratio]) => ratio < 7);
}"""


async def in_app(page: Page, script: str, *given: Any) -> Any:
    """Runs `script` with `app` (app.js) in hand."""
    return await page.evaluate(
        f"""async ([base, given]) => {{
          const app = await import(base + "app.js");
          return ({script})(app, ...given);
        }}""",
        [await base_of(page), list(given)],
    )


async def theme(page: Page, name: str) -> None:
    await in_app(page, "(app, name) => app.changeTheme(name)", name)


async def language(page: Page, code: str) -> None:
    await in_app(page, "(app, code) => app.changeLanguage(code)", code)


async def test_five_aspects_stand_in_view_in_landscape_and_in_portrait(
    database: Settings, server: Server, browser: Browser
) -> None:
    page = await on_the_sheet(browser, server, await contest_of(*CARD))
    for name in ("landscape", "portrait"):
        await page.set_viewport_size(SIZES[name])  # type: ignore[arg-type]
        shown = await page.evaluate(
            """() => {
              const view = document.querySelector("#sheet").getBoundingClientRect();
              return [...document.querySelectorAll(".card")].filter((node) => {
                const box = node.getBoundingClientRect();
                return box.top >= view.top && box.bottom <= view.bottom;
              }).length;
            }"""
        )
        bar = await page.locator(".bar").bounding_box()
        assert (name, shown) == (name, 5)
        assert bar is not None
        assert bar["height"] <= 56.5


async def test_axe_finds_nothing_and_no_target_is_small_in_any_state_or_colour(
    database: Settings, server: Server, browser: Browser
) -> None:
    page = await on_the_sheet(browser, server, await contest_of(*EVERY_CONTROL), bypass_csp=True)
    for colours in ("day", "outdoor"):
        await theme(page, colours)
        await _look(page, f"open {colours}")
        await chip(page, "A1", "2").tap()
        await chip(page, "A2", "10").tap()
        await card(page, "A1").locator(".dots").tap()
        await card(page, "B1").locator(".measured").fill("12.05")
        await card(page, "B1").locator(".measured").blur()
        await card(page, "D1").locator(".step").last.tap()
        await _look(page, f"marked {colours}")
        await page.locator("#table").tap()
        await _look(page, f"table {colours}")
        await page.keyboard.press("Escape")
        await page.locator("#sheet-menu").tap()
        await _look(page, f"menu {colours}")
        await page.keyboard.press("Escape")
    assert await page.evaluate(CONTRAST) == []
    small = await page.evaluate(
        """() => [...document.querySelectorAll(".levels small")].map((node) => parseFloat(getComputedStyle(node).fontSize))"""
    )
    assert min(small) >= 18


async def _look(page: Page, where: str) -> None:
    assert (where, await violations(page)) == (where, [])
    assert (where, await small_targets(page)) == (where, [])
    assert (where, await sideways(page)) == (where, False)


async def test_gaps_between_targets_are_eight_pixels_and_more(
    database: Settings, server: Server, browser: Browser
) -> None:
    page = await on_the_sheet(browser, server, await contest_of(*EVERY_CONTROL))
    close = await page.evaluate(
        """() => {
          const nodes = [...document.querySelectorAll("#sheet .card button, #sheet .card input, .foot button")].filter((node) => node.offsetParent);
          const boxes = nodes.map((node) => [node, node.getBoundingClientRect()]);
          const found = [];
          const place = (node) => node.closest("#sheet, .foot");
          for (const [i, [a, one]] of boxes.entries()) for (const [b, two] of boxes.slice(i + 1)) {
            if (place(a) !== place(b)) continue;
            const across = Math.max(two.left - one.right, one.left - two.right);
            const down = Math.max(two.top - one.bottom, one.top - two.bottom);
            if (Math.max(across, down) < 7.9) found.push([a.outerHTML.slice(0, 60), b.outerHTML.slice(0, 60)]);
          }
          return found;
        }"""
    )
    assert close == []


@pytest.mark.parametrize("text_size", ["100%", "200%"])
async def test_nothing_scrolls_sideways_on_narrow_screens_or_with_large_text(
    database: Settings, server: Server, browser: Browser, text_size: str
) -> None:
    page = await on_the_sheet(browser, server, await contest_of(*EVERY_CONTROL))
    await page.evaluate("(size) => (document.documentElement.style.fontSize = size)", text_size)
    for width, height in ((320, 640), (390, 844), (820, 1180), (1180, 820), (590, 410)):
        await page.set_viewport_size({"width": width, "height": height})
        assert (width, await beyond(page)) == (width, [])
        wide = await page.evaluate(
            "[...document.querySelectorAll('.card')].filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.dataset.aspect)"
        )
        assert (width, wide) == (width, [])
        await page.locator(".card").last.scroll_into_view_if_needed()
        await card(page, "A1").locator(".levels .chip").nth(width % 4).tap()
        assert await page.locator("#sign").is_visible()


async def test_no_tap_is_lost_while_the_network_talks_and_nothing_is_announced(
    database: Settings, server: Server, browser: Browser
) -> None:
    """A sync event falls between finger down and finger up of each of 100 taps."""
    page = await on_the_sheet(
        browser, server, await contest_of(*(judged(f"A{n}") for n in range(1, 6)))
    )
    await page.evaluate(
        """() => {
          window.spoken = [];
          const live = document.querySelectorAll('[role="status"], [role="alert"], [aria-live]');
          for (const node of live) new MutationObserver(() => window.spoken.push(node.textContent)).observe(node, { childList: true, characterData: true, subtree: true });
        }"""
    )
    await in_app(
        page,
        """async (app) => {
          const { emit } = await import(document.querySelector('script[type="module"]').src.replace("main.js", "signals.js"));
          const fire = () => { app.app.session.changed(); emit("link"); emit("outbox"); };
          addEventListener("pointerdown", () => { fire(); queueMicrotask(fire); }, true);
          addEventListener("pointerup", fire, true);
        }""",
    )
    lost = []
    for n in range(100):
        target = card(page, f"A{n % 5 + 1}").locator(".levels .chip").nth((n // 5) % 4)
        box = await target.bounding_box()
        assert box is not None
        await page.mouse.move(box["x"] + 30, box["y"] + 20)
        await page.mouse.down()
        await page.mouse.up()
        if await target.get_attribute("aria-checked") != "true":
            lost.append(n)
    assert lost == []
    assert await page.evaluate("window.spoken.filter(Boolean)") == []


async def test_a_whole_sheet_is_marked_read_back_and_signed_by_the_accessibility_tree_alone(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(
        judged("A1"),
        points("A2", 20_000),
        *(a for a in EVERY_CONTROL if a.id in ("B1", "B3", "D1")),
    )
    page = await on_the_sheet(browser, server, small)
    code = await code_of(page)

    await page.get_by_role("radio", name="2 Exceeds it in part, A1 Judged A1, 0 to 3").click()
    await page.get_by_role("radio", name="10, A2 Points A2, 0 to 20").click()
    await page.get_by_role("radio", name="+7, A2 Points A2, 0 to 20").click()
    await page.get_by_role("button", name="+ More, A2 Points A2, 0 to 20").click()
    await expect(page.get_by_role("status").filter(has_text="17.5, A2 Points A2")).to_have_count(1)
    field = page.get_by_role(
        "textbox", name="Measured value in mm, B1 Measured B1, worth 10 points"
    )
    await field.fill("12.05")
    await field.blur()
    await page.get_by_role("radio", name="Pass, B3 Measured B3, worth 10 points").click()
    await page.get_by_role("button", name="No defects, D1 Faults, from 10").click()
    await page.get_by_role("button", name="Sign and submit (5/5)").click()

    dialog = page.get_by_role("dialog", name=f"Sign sheet {code}")
    for heard in (
        "A1 Judged A1 2 of 3",
        "A2 Points A2 17.5 of 20",
        "B1 Measured B1 12.05 mm",
        "D1 Faults No defects",
    ):
        await expect(dialog.get_by_role("row", name=heard)).to_have_count(1)
    await dialog.get_by_role("button", name="Sign now").click()
    await expect(
        page.get_by_role("status").filter(has_text=f"Sheet {code} is signed.")
    ).to_have_count(1)
    await all_stored(page)
    (stored,) = await stored_sheets(small)
    assert (stored.code, stored.marks["A2"].value, stored.marks["D1"].defects) == (code, 17_500, ())


async def test_a_whole_sheet_is_marked_and_signed_by_the_keyboard_alone(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(judged("A1"), points("A2", 20_000))
    page = await on_the_sheet(browser, server, small)
    code = await code_of(page)

    await _tab_to(page, "A1 Judged A1")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    assert await page.locator('[aria-checked="true"]').count() == 0  # moving is no mark
    await page.keyboard.press("Space")
    await expect(card(page, "A1").locator('[aria-checked="true"]')).to_contain_text("2")
    await _tab_to(page, "0, A2")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await _tab_to(page, "+0, A2")
    await page.keyboard.press("8")
    await _tab_to(page, "+ More, A2", back=True)
    await page.keyboard.press("Enter")
    await expect(card(page, "A2").locator(".value")).to_have_value("18.5")
    await _tab_to(page, "Sign and submit (2/2)")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog")).to_be_visible()
    await _tab_to(page, "Sign now")
    await page.keyboard.press("Enter")

    await expect(page.locator(".head .code")).not_to_have_text(code)
    assert await page.evaluate("document.activeElement.closest('.head') !== null")
    await all_stored(page)
    (stored,) = await stored_sheets(small)
    assert {a: m.value for a, m in stored.marks.items()} == {"A1": 2000, "A2": 18_500}


async def _tab_to(page: Page, name: str, *, back: bool = False) -> None:
    """Presses Tab until what has the focus is called so."""
    for _ in range(60):
        await page.keyboard.press("Shift+Tab" if back else "Tab")
        now = await page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
        )
        if name in now:
            return
    pytest.fail(f"Tab does not reach {name}")


async def test_nothing_moves_for_who_asks_for_less_motion(
    database: Settings, server: Server, browser: Browser
) -> None:
    page = await on_the_sheet(
        browser, server, await contest_of(judged("A1")), reduced_motion="reduce"
    )

    moving = await page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((node) => {
          const { transitionDuration, animationName } = getComputedStyle(node);
          return animationName !== "none" || transitionDuration.split(",").some((each) => parseFloat(each) > 0);
        }).map((node) => node.outerHTML.slice(0, 80))"""
    )

    assert moving == []


async def test_four_languages_in_both_orientations(
    database: Settings, server: Server, browser: Browser, tmp_path: Path
) -> None:
    """Everything is said in each language, and nothing leaves the screen. The pictures are to be looked at."""
    small = await contest_of(*EVERY_CONTROL)
    page = await on_the_sheet(browser, server, small)
    await chip(page, "A1", "2").tap()
    await chip(page, "A2", "10").tap()
    pictures = Path(os.environ.get("JIANGXIN_TEST_PICTURES") or tmp_path)
    words = {
        "zh-Hans": "签名并提交",
        "zh-Hant": "簽名並提交",
        "en": "Sign and submit",
        "pt": "Assinar e enviar",
    }
    for code in LANGUAGES:
        await language(page, code)
        await expect(page.locator("#sign")).to_contain_text(words[code])
        for name, size in SIZES.items():
            await page.set_viewport_size(size)  # type: ignore[arg-type]
            assert (code, name, await sideways(page)) == (code, name, False)
            await page.screenshot(path=pictures / f"sheet-{code}-{name}.png")
    assert page.errors == []  # type: ignore[attr-defined]
