"""Through the console in one language and one size of window, by its links."""

from __future__ import annotations

import re
import sys
from collections import deque
from pathlib import Path

from playwright.async_api import Error, Page

from scripts.pictures_parts.faults import Listening, faults

IDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=/)[^/]*\d[^/]*")
# Kinds of the same form: one picture is enough.
KINDS = re.compile(r"(?<=/scheme/rows/).*|(?<=/papers/)[^/]+|(?<=/scheme/print/).*")
FILTERS = {"lang", "page", "after", "year", "before"}


def shape(address: str) -> str:
    """One for all pages of a route: ids and numbers left out."""
    path, _, query = address.partition("?")
    names = {pair.partition("=")[0] for pair in query.split("&") if pair} - FILTERS
    return KINDS.sub("one", IDS.sub("one", path)) + "".join(f"?{name}" for name in sorted(names))


def name_of(address: str) -> str:
    return re.sub(r"\W+", "-", shape(address).removeprefix("/console")).strip("-") or "console"


class Walk:
    """Opens pages and says what is wrong with them."""

    def __init__(self, origin: str, page: Page, language: str) -> None:
        self.page = page
        self._origin, self._language = origin, language
        self._heard = Listening(page)

    async def everything(self, folder: Path, only: str = "") -> dict[str, list[str]]:
        """Photographs every page that links lead to, one for each shape of address."""
        folder.mkdir(parents=True, exist_ok=True)
        found: dict[str, list[str]] = {}
        seen, waiting = {"/console"}, deque(["/console"])
        while waiting:
            address = waiting.popleft()
            if not await self.opens(address):
                continue
            if re.search(only, address):
                await self.page.screenshot(path=folder / f"{name_of(address)}.png", full_page=True)
                if wrong := await self.wrong():
                    found[address] = wrong
            for link in await self.links():
                if shape(link) not in seen:
                    seen.add(shape(link))
                    waiting.append(link)
        print(f"{len(list(folder.iterdir()))} pages in {folder}", file=sys.stderr)
        return found

    async def opens(self, address: str) -> bool:
        """False when it is a file or a piece of a page."""
        joint = "&" if "?" in address else "?"
        self._heard.forget()
        try:
            await self.page.goto(f"{self._origin}{address}{joint}lang={self._language}")
        except Error as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return False
            raise
        await self.page.wait_for_load_state("networkidle")
        return await self.page.locator("main").count() > 0

    async def wrong(self) -> list[str]:
        return [*self._heard.complaints, *(await faults(self.page))]

    async def links(self) -> list[str]:
        """Addresses within the console, in the page's order."""
        all_of_them: list[str] = await self.page.eval_on_selector_all(
            "a[href]", "links => links.map(one => one.pathname + one.search)"
        )
        plain = (re.sub(r"[?&]lang=[\w-]+$", "", one) for one in all_of_them)
        return [one for one in plain if re.match(r"/console($|[/?])", one)]
