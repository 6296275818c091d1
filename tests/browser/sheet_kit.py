"""Sheets for the browser tests: a scheme with every control, and a judge who stands on his sheet."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, Locator, Page

from core.scoring.model import (
    Aspect,
    Calculation,
    Control,
    Criterion,
    Defect,
    Kind,
    Module,
    Rules,
    Scheme,
    SubCriterion,
)
from tests.browser.tablets import enrolled, pins_for, sign_in
from tests.factories_contests import SmallContest, dish_rules, small_contest, text
from tests.fixtures.processes import Server

FOUR = (
    {"en": "Below the trade's standard", "zh-Hans": "低于行业标准"},
    {"en": "Meets the standard", "zh-Hans": "达到行业标准"},
    {"en": "Exceeds it in part", "zh-Hans": "局部超出标准"},
    {"en": "Excellent throughout", "zh-Hans": "全面优秀"},
)
BANDS = [{"limit": "60", "points": "10"}, {"limit": "120", "points": "6.5"}]


def measured(id_: str, name: str, parameters: dict[str, Any], **more: Any) -> Aspect:
    """Worth ten points; one value for the group."""
    values = {"kind": Kind.MEASUREMENT, "title": text(f"Measured {id_}"), "maximum": 10_000, **more}
    return Aspect(id_, calculation=Calculation(name, 1, parameters), **values)


def points(id_: str, maximum: int, step: int = 500, **more: Any) -> Aspect:
    return Aspect(id_, Kind.POINTS, text(f"Points {id_}"), maximum, step=step,
                  control=Control("grid", step), **more)  # fmt: skip


def judged(id_: str, **more: Any) -> Aspect:
    return Aspect(id_, Kind.JUDGEMENT, text(f"Judged {id_}"), 2000, step=1000, descriptors=FOUR,
                  control=Control("levels", 1000), **more)  # fmt: skip


EVERY_CONTROL = (
    judged("A1"),
    points("A2", 20_000),
    points("A3", 10_000, 10),
    points("A4", 2000),
    measured("B1", "TOLERANCE_BANDS", {"target": "12", "bands": [{"limit": "0.1", "points": "10"}, {"limit": "0.3", "points": "2.5"}]}, unit="mm"),
    measured("B2", "NUMBER_COMPLETED", {"total": "6"}, control=Control("count")),
    measured("B3", "PASS_FAIL", {}, control=Control("choice", choices=("true", "false"), labels=(text("Pass"), text("Fail")))),
    measured("B4", "CHOICE", {"choice1_label": "straight", "choice1_deduction": "0", "choice2_label": "bent", "choice2_deduction": "4"}),
    measured("B5", "PER_ERROR", {"hit": "1", "false_alarm": "0.5"}),
    measured("C1", "TOLERANCE_BANDS", {"bands": BANDS}, kind=Kind.TIME, unit="s", control=Control("stopwatch", 10, "s")),
    measured("C2", "TOLERANCE_BANDS", {"target": "36000", "bands": BANDS}, kind=Kind.TIME, control=Control("clock")),
    Aspect("D1", Kind.DEDUCTION, text("Faults"), 10_000, step=500, control=Control("defects", 500), defects=(
        Defect("dress", text("Clothes"), 1000, 3000, 500), Defect("waste", text("Waste"), 500, 500, repeatable=True))),
    Aspect("E1", Kind.GIVEN, text("Given"), None),
)  # fmt: skip
"""One of each kind; C1 and C2 are times, which the official clock may give too."""


def scheme_of(*aspects: Aspect) -> Scheme:
    criteria = (Criterion("M", text("Module"), (SubCriterion("M-1", text("Part"), aspects),)),)
    return Scheme("every", text("Every control"), (Module("M", text("Module"), None, criteria),))


async def contest_of(
    *aspects: Aspect, judges: int = 1, entrants: int = 4, rules: Rules | None = None
) -> SmallContest:
    rules = rules or dish_rules(tie_breaks=(), awards=())
    return await small_contest(
        scheme=scheme_of(*aspects), rules=rules, judges=judges, entrants=entrants
    )


async def on_the_sheet(
    browser: Browser, server: Server, small: SmallContest, seat: int = 0, **more: Any
) -> Page:
    """A shared tablet on which the judge has just signed in."""
    judge = small.judges[seat]
    await pins_for(judge.account)
    page = await enrolled(browser, server, small, **more)
    await sign_in(page, judge)
    return page


def card(page: Page, aspect: str) -> Locator:
    return page.locator(f'.card[data-aspect="{aspect}"]')


def chip(page: Page, aspect: str, text_: str) -> Locator:
    return card(page, aspect).locator(".row .chip, .aside .chip").get_by_text(text_, exact=True)


async def small_targets(page: Page, least: int = 52) -> list[str]:
    """What can be operated and is smaller than it must be."""
    found: list[str] = await page.evaluate(
        """(least) => [...document.querySelectorAll("#face button, #face select, #face input, dialog button, dialog select, dialog input")]
          .filter((node) => node.offsetParent)
          .map((node) => [node.outerHTML.slice(0, 120), node.getBoundingClientRect()])
          .filter(([, box]) => box.width < least - 0.01 || box.height < least - 0.01)
          .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)""",
        least,
    )
    return found


async def sideways(page: Page) -> bool:
    return await beyond(page) != []


async def beyond(page: Page) -> list[str]:
    """What makes the page scroll sideways; what scrolls within a list or table of its own does not."""
    found: list[str] = await page.evaluate(
        """() => {
          const { scrollWidth } = document.documentElement;
          if (Math.max(scrollWidth, document.body.scrollWidth) <= innerWidth) return [];
          const wide = [...document.querySelectorAll("body *")].filter((node) =>
            node.getBoundingClientRect().right > innerWidth + 1 && !node.closest(".codes, .modules, .scroller"));
          return [`${scrollWidth} > ${innerWidth}`, ...wide.map((node) => `${node.tagName}.${node.className}`)].slice(0, 20);
        }"""
    )
    return found
