"""A third party's routes: under /x/{code}/, closed unless they say otherwise, with our headers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from litestar import get
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from core.app import create_app
from core.hookspecs import PluginContext
from core.registry import Plugin, Registry, registry, use_registry
from core.settings import Settings
from core.web.headers import policy
from tests.factories_accounts import bearer, make_account


async def everybody(connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """A guard of the plugin's own, which lets everybody in."""


@get("/closed")
async def closed() -> str:
    return "for those who are logged in"


@get("/open", guards=[everybody])
async def opened() -> str:
    return "for everybody"


@pytest_asyncio.fixture
async def visitor(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    context = PluginContext("woodwork", database.origin, "", (), {})
    plugin = Plugin("woodwork", "woodwork 1", True, context, routes=[closed, opened])
    use_registry(Registry([*registry().plugins, plugin]))
    transport = httpx.ASGITransport(app=create_app(database))
    async with httpx.AsyncClient(transport=transport, base_url=database.origin) as client:
        yield client


async def test_a_route_without_a_guard_needs_a_log_in(visitor: httpx.AsyncClient) -> None:
    nobody = await visitor.get("/x/woodwork/closed")
    somebody = await visitor.get("/x/woodwork/closed", headers=await bearer(await make_account()))

    assert nobody.status_code == 401
    assert (somebody.status_code, somebody.text) == (200, "for those who are logged in")


async def test_a_route_with_a_guard_of_its_own_is_as_open_as_that(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await visitor.get("/x/woodwork/open")

    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == policy()


async def test_nothing_of_it_stands_at_the_root(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/open")).status_code == 404
