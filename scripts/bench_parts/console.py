"""The organiser's pages at a thousand entrants, each beside its bare template.

The peer is a handler of the same application that renders the same template, for the same session, from
values that were read before: what is left is what the page reads and counts. Ours and the peer take
turns, and the best round of each counts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from _asgi import NotOk, call
from _served import installed, on_each_engine
from litestar import Litestar, Request, Response, get
from table import Row

from core.accounts import create_session, grant_row
from core.app import create_app
from core.db import transaction
from core.security import INSTALLATION, Role, logged_in
from core.settings import Settings
from core.web import templates
from tests.admin.test_console_budget import filled, pages
from tests.factories_contests import small_contest

ENTRANTS = 1000
ROUNDS, EACH = 5, 4
MUST = "≤ 3"


def run(scale: float = 1.0) -> list[Row]:
    entrants = max(int(ENTRANTS * scale), 20)
    return on_each_engine(lambda engine, server: _rows(engine, server, entrants))


def _rows(engine: str, server: str, entrants: int) -> list[Row]:
    measured = installed(server, lambda settings: _measure(settings, entrants))
    slowest = sorted(measured, key=lambda one: one[1] / one[2], reverse=True)[:3]
    names = f"of {len(measured)} console pages, {entrants} entrants, {engine}"
    return [
        Row(
            f"{path} · its bare template, {'the slowest ' + names if n == 0 else engine}",
            f"{ours * 1000:.1f} ms",
            f"{bare * 1000:.1f} ms",
            ours / bare,
            MUST,
        )
        for n, (path, ours, bare) in enumerate(slowest)
    ]


async def _measure(settings: Settings, entrants: int) -> list[tuple[str, float, float]]:
    small = await small_contest(entrants=entrants)
    account = small.accounts["organiser"]
    async with transaction():
        for role in (Role.ORGANISER, Role.ADMINISTRATOR):
            await grant_row(account, role, INSTALLATION)
    app = create_app(settings)
    app.register(bare)
    token = f"Bearer {await create_session(account, 'api')}"
    found = []
    for path in pages(app):
        address = filled(path, small.contest, small.competition)
        if await _is_page(app, address, token):
            ours, peer = await _both(app, address, token)
            found.append((path, ours, peer))
    return found


_shown: dict[str, Any] = {}


@get("/bare", guards=[logged_in])
async def bare(request: Request[Any, Any, Any]) -> Response[bytes]:
    return templates.render(request, _shown["name"], **_shown["values"])


async def _is_page(app: Litestar, address: str, token: str) -> bool:
    """Keeps what its template was given. A piece that htmx fetches into a page is none."""
    _shown.clear()
    original = templates.render

    def keeping(request: Any, name: str, **values: Any) -> Response[bytes]:
        _shown.update(name=name, values=values)
        return original(request, name, **values)

    templates.render = keeping
    try:
        await call(app, address, authorization=token)
    except NotOk:
        return False  # it leads elsewhere
    finally:
        templates.render = original
    return "rooms" in _shown.get("values", {})


async def _both(app: Litestar, address: str, token: str) -> tuple[float, float]:
    ours, peer = [], []
    for _ in range(ROUNDS):
        ours.append(await _time(lambda: call(app, address, authorization=token)))
        peer.append(await _time(lambda: call(app, "/bare", authorization=token)))
    return min(ours), min(peer)


async def _time(work: Callable[[], Awaitable[bytes]]) -> float:
    started = time.perf_counter()
    for _ in range(EACH):
        await work()
    await asyncio.sleep(0)
    return (time.perf_counter() - started) / EACH
