"""Every page of the console with a thousand entrants: it opens, stays small on the wire, and every door on it
leads somewhere."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.accounts import grant_row
from core.db import transaction
from core.security import INSTALLATION, Role
from tests.factories_accounts import log_in_browser
from tests.factories_contests import SmallContest, small_contest

ENTRANTS = 1000
LARGEST = 100 * 1024
"""Bytes on the wire."""
HTML = {"Accept": "text/html", "Accept-Encoding": "gzip"}
_FILLED = re.compile(r"\{(contest|competition):uuid\}")
_LINK = re.compile(r'href="(/console[^"#?]*)')


def pages(app: Litestar) -> list[str]:
    """Addresses of the console's pages that need nothing but a contest or a competition."""
    found = set()
    for route in app.routes:
        methods = getattr(route, "methods", ())
        plain = _FILLED.sub("", route.path)
        if route.path.startswith("/console") and "GET" in methods and "{" not in plain:
            found.add(route.path)
    return sorted(found)


@pytest.fixture
async def large(client: httpx.AsyncClient) -> SmallContest:
    small = await small_contest(entrants=ENTRANTS)
    account = small.accounts["organiser"]
    async with transaction():
        await grant_row(account, Role.ORGANISER, INSTALLATION)
        await grant_row(account, Role.ADMINISTRATOR, INSTALLATION)
    await log_in_browser(client, account)
    return small


@pytest.mark.long
async def test_every_page_opens_within_a_hundred_kilobytes_and_every_link_leads_somewhere(
    client: httpx.AsyncClient, app: Litestar, large: SmallContest
) -> None:
    asked = [filled(path, large.contest, large.competition) for path in pages(app)]
    sizes, doors, wrong = {}, set(), {}
    for address in asked:
        page = await client.get(address, headers=HTML)
        if page.headers.get("content-type", "").startswith("text/html"):
            sizes[address] = int(page.headers["content-length"])
            doors |= set(_LINK.findall(page.text)) if page.status_code == 200 else set()
        if page.status_code not in {200, 303, 403}:  # some are a referee's or a judge's alone
            wrong[address] = page.status_code
    for address in sorted(doors)[:200]:
        answer = await client.get(address, headers=HTML)
        if answer.status_code not in {200, 303, 409}:
            wrong[address] = answer.status_code

    assert len([address for address in asked if str(large.contest) in address]) > 30
    assert len([address for address in asked if str(large.competition) in address]) > 5
    assert wrong == {}
    assert {address: size for address, size in sizes.items() if size > LARGEST} == {}


def filled(path: str, contest: UUID, competition: UUID) -> str:
    known = {"contest": contest, "competition": competition}
    return _FILLED.sub(lambda found: str(known[found.group(1)]), path)
