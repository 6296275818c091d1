"""Security headers of every answer, assets, rate limits per address."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from litestar import Litestar, get

from core.problems import HANDLERS
from core.security import Role
from core.settings import Settings, load, use
from core.web import assets
from core.web.headers import CSP, policy, style_hash
from core.web.limits import Buckets, address_of, rate_limit
from tests.factories_accounts import log_in_browser, make_account

PAGES = ["/", "/login", "/nothing", "/in/unknown", "/healthz", "/schema/openapi.json", "/api/v1/me"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"Accept": "text/html"})

    assert answer.headers["content-security-policy"] == policy()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers  # the origin is http on loopback


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    written = policy()

    assert written.startswith("default-src 'none'")
    assert "unsafe" not in written
    assert "http" not in written
    assert CSP["frame-ancestors"] == CSP["base-uri"] == "'none'"
    assert "style-src 'self' 'sha256-" in policy(style_src=style_hash("p{}"))


@pytest.mark.parametrize("path", ["/", "/login", "/nothing"])
async def test_a_page_asks_nobody_else_for_anything_and_has_no_inline_code(
    client: httpx.AsyncClient, path: str
) -> None:
    await log_in_browser(client, await make_account(Role.ORGANISER, Role.JUDGE))

    text = (await client.get(path, headers={"Accept": "text/html"})).text

    assert not re.search(r"(src|href|action)=\"(https?:)?//", text)
    assert not re.search(r"<style|<script(?! src)|\son\w+=|style=\"|javascript:", text)


async def test_every_page_of_every_package_has_a_policy_and_never_crashes(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    await log_in_browser(client, await make_account(*Role))
    paths = sorted(
        route.path
        for route in app.routes
        if "GET" in getattr(route, "methods", ()) and "{" not in route.path
    )

    answers = {
        path: await client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
        for path in paths
        for language in ("zh-Hant", "pt")
    }

    assert {"/", "/login", "/schema"} <= set(paths)
    assert [path for path, a in answers.items() if a.status_code == 500] == []
    assert [
        path
        for path, a in answers.items()
        if not a.headers["content-security-policy"].startswith("default-src 'none'")
        or "unsafe" in a.headers["content-security-policy"].replace("'wasm-unsafe-eval'", "")
    ] == []
    assert [
        path for path, a in answers.items() if "<script>" in a.text or " style=" in a.text
    ] == []


async def test_the_styles_name_no_other_host(client: httpx.AsyncClient) -> None:
    for name in ("tokens.css", "base.css"):
        sheet = await client.get(assets.asset(f"core/{name}"))
        assert sheet.status_code == 200
        assert not re.search(r"url\(|@import|//[a-z]", sheet.text)


async def test_assets_are_immutable_under_their_hash_and_only_there(
    client: httpx.AsyncClient,
) -> None:
    address = assets.asset("core/tokens.css")

    right = await client.get(address)
    old = await client.get(re.sub(r"/static/[^/]+", "/static/0000000000000000", address))

    assert right.headers["content-type"].startswith("text/css")
    assert "immutable" in right.headers["cache-control"]
    assert old.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "core/nothing.css",
        "core/../templates/base.html",
        "core/..%2F..%2Fapp.py",
        "../core/app.py",
        "core/%2e%2e/headers.py",
        "core/",
        "etc/passwd",
    ],
)
async def test_nothing_outside_the_registered_folders_is_served(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(f"/static/x/{path}")

    assert answer.status_code == 404


def test_a_misspelt_asset_is_a_mistake_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        assets.asset("core/tokenz.css")


def test_a_changed_file_changes_the_address(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    assets.register("for-a-test", tmp_path)
    first = assets.asset("for-a-test/a.css")
    (tmp_path / "a.css").write_text("b{}")
    assets.register("for-a-test", tmp_path)

    assert assets.asset("for-a-test/a.css") != first


# --- limits ------------------------------------------------------------------------------------


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    buckets = Buckets(60, burst=3)

    first = [buckets.take("a", now=0.0) for _ in range(4)]

    assert first[:3] == [0, 0, 0]
    assert first[3] == pytest.approx(1)
    assert buckets.take("b", now=0.0) == 0
    assert buckets.take("a", now=1.0) == 0
    assert buckets.take("a", now=1.0) > 0


def test_a_bucket_is_never_fuller_than_its_burst() -> None:
    buckets = Buckets(60, burst=2)
    buckets.take("a", now=0.0)

    assert [buckets.take("a", now=9999.0) > 0 for _ in range(3)] == [False, False, True]


async def test_the_limit_is_per_address_that_a_trusted_proxy_names(settings: Settings) -> None:
    @get("/limited", guards=[rate_limit(60, burst=1)])
    async def limited() -> str:
        return "ok"

    app = Litestar([limited], exception_handlers=HANDLERS, logging_config=None)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

        async def status(address: str) -> int:
            return (await client.get("/limited", headers={"X-Forwarded-For": address})).status_code

        seen = [await status("1.1.1.1"), await status("1.1.1.1"), await status("2.2.2.2")]
        forged = [await status("3.3.3.3, 1.1.1.1"), await status("4.4.4.4, 1.1.1.1")]
        use(replace(settings, trusted_proxies=()))
        direct = [await status("5.5.5.5"), await status("6.6.6.6")]

    assert seen == [200, 429, 200]
    assert forged == [429, 429]
    assert direct == [200, 429]


@pytest.mark.parametrize(
    ("peer", "header", "address"),
    [
        ("127.0.0.1", "9.9.9.9", "9.9.9.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("8.8.8.8", "9.9.9.9", "8.8.8.8"),
        ("10.0.0.7", "9.9.9.9, 10.0.0.9", "9.9.9.9"),
        ("10.0.0.7", "nonsense", "nonsense"),
    ],
)
def test_whose_address_counts(settings: Settings, peer: str, header: str, address: str) -> None:
    from litestar.testing import RequestFactory

    use(replace(settings, trusted_proxies=("127.0.0.1", "10.0.0.0/24")))
    request = RequestFactory().get("/", headers={"x-forwarded-for": header})
    request.scope["client"] = (peer, 1234)

    assert address_of(request) == address


def test_trusted_proxies_are_addresses_or_networks(tmp_path: Path) -> None:
    given = {"JIANGXIN_DATA": str(tmp_path), "JIANGXIN_TRUSTED_PROXIES": "10.0.0.0/24, ::1"}

    assert load(given).trusted_proxies == ("10.0.0.0/24", "::1/128")
