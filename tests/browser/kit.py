"""A real browser at a real server: logging in by link, and the accessibility check."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from core.accounts import login_link
from tests.fixtures.processes import Server

LANDSCAPE = {"width": 1180, "height": 820}
PORTRAIT = {"width": 820, "height": 1180}
UNDER_WAY = """document.querySelector(".htmx-request, .htmx-settling, .htmx-swapping") !== null
  || document.getAnimations().some((one) => one.playState === "running")"""
"""A button that is dimmed while it waits has no colours to judge."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def enter(page: Page, server: Server, account: UUID, target: str) -> None:
    """Opens a one-time link, presses its button and stands at `target`."""
    link = await login_link(account, target=target)
    token = link.rsplit("/", 1)[1]
    await page.goto(f"{server.url}/in/{token}")
    await page.click("main button")
    await page.wait_for_url(f"{server.url}{target}")


async def violations(page: Page) -> list[tuple[str, list[Any]]]:
    """What axe finds, once nothing is under way any more: (rule, places)."""
    for _ in range(30):
        if not await page.evaluate(UNDER_WAY):
            break
        await asyncio.sleep(0.05)
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = await Axe().run(page, options=options)
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]])
        for violation in found.response["violations"]
    ]
