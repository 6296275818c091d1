"""The app's page and files as a tablet gets them: small, compressed, versioned, the same for everybody."""

from __future__ import annotations

import gzip
import json
import re
from io import BytesIO

import httpx
import pytest
from PIL import Image

from contests.judging.routes import register
from contests.judging.shell import modules, precache
from contests.judging.words import APP
from core.web.assets import app_file, app_files
from core.web.compress import gzipped
from core.web.i18n import LANGUAGES
from tests.api.kit import caller
from tests.factories_contests import small_contest

SHELL_BUDGET = 60 * 1024


@pytest.fixture(autouse=True)
def files() -> None:
    register()


def test_the_shell_is_under_sixty_kilobytes_compressed() -> None:
    assert len(gzipped(precache.bundle("shell"))) < SHELL_BUDGET


def test_the_shell_opens_without_the_rest_and_both_together_are_the_whole_app() -> None:
    shell, more = precache.shell(), precache.more()
    kept = {address.rpartition("/contests/judging/")[2] for address in (*shell, *more)}
    for address in shell:
        if address.endswith(".js"):
            module = address.rpartition("/contests/judging/")[2]
            assert set(modules.imports(module)) <= set(modules.needed()), module

    assert "main.js" in modules.needed()
    assert not any(module.startswith("handover/") for module in modules.needed())
    assert not shell.keys() & more.keys()
    files = {name for name in app_files(APP) if name.endswith(".js")}
    assert {file for file in files if not file.startswith("paper/")} <= kept


def test_leaving_comments_out_changes_no_module() -> None:
    """Only whole lines are left out, and no text goes over several lines."""
    for path in (app_file(APP, name) for name in app_files(APP) if name.endswith(".js")):
        text = path.read_text("utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            assert line.count("`") % 2 == 0, f"{path}:{number}"
        code = [line.strip() for line in modules.plain(text.encode()).decode().splitlines()]
        whole = [line.strip() for line in text.splitlines()]
        assert not [line for line in code if line.startswith("//")]
        assert [line for line in whole if line in set(code)] == code


def test_the_version_changes_with_any_byte_of_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    before = precache.version()
    monkeypatch.setattr(precache, "bundle", lambda name: name.encode())

    assert precache.version.__wrapped__() != before


async def test_the_page_is_the_same_for_everybody_and_sets_nothing(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)

    anonymous = await client.get("/judging/", headers={"Accept-Language": "pt"})
    own = await judge.client.get(
        "/judging/", headers={"Authorization": f"Bearer {judge.token}", "Accept-Language": "zh-MO"}
    )

    assert anonymous.status_code == own.status_code == 200
    assert anonymous.content == own.content
    assert not {"set-cookie"} & {*anonymous.headers, *own.headers}
    assert not re.search(rb"(?:src|href)=\"(?!/)", anonymous.content)
    assert (await client.get(f"/judging/{small.contest}")).headers["location"] == (
        f"/judging/#contest={small.contest}"
    )


async def test_every_kept_file_is_answered_compressed_and_unchanged(
    client: httpx.AsyncClient,
) -> None:
    for address, data in {**precache.shell(), **precache.more()}.items():
        answer = await client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, address
        assert answer.content == data, address
        assert answer.headers["vary"] == "Accept-Encoding"
        if len(data) > 300:
            assert answer.headers["content-encoding"] == "gzip", address


@pytest.mark.parametrize("offered", ["", "identity", "gzip;q=0, br", "br"])
async def test_who_does_not_take_gzip_gets_the_bytes_themselves(
    client: httpx.AsyncClient, offered: str
) -> None:
    answer = await client.get("/judging/", headers={"Accept-Encoding": offered})

    assert "content-encoding" not in answer.headers
    assert answer.content == precache.page()


async def test_a_file_that_is_known_already_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/judging/sw.js")
    again = await client.get("/judging/sw.js", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_the_service_worker_may_control_the_app_and_is_never_cached(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/judging/sw.js")
    kept = json.loads(answer.text.partition("const KEPT = ")[2].partition(";\n")[0])

    assert answer.headers["service-worker-allowed"] == "/judging"
    assert answer.headers["cache-control"] == "no-cache"
    assert kept["version"] == precache.version()
    assert "/judging/" in kept["shell"]
    assert not [
        a for a in (*kept["shell"], *kept["more"], *kept["singles"]) if a.startswith("/api")
    ]
    for address, names in zip(kept["bundles"], (kept["shell"], kept["more"]), strict=True):
        bundle = await client.get(address)
        assert set(bundle.json()) == set(names)
        assert "immutable" in bundle.headers["cache-control"]
    for address in kept["singles"]:
        assert (await client.get(address)).status_code == 200, address
    assert (await client.get("/judging/kept/shell-000000000000.json")).status_code == 404


async def test_the_manifest_makes_it_an_app_with_own_icons(client: httpx.AsyncClient) -> None:
    manifest = (await client.get("/judging/manifest.webmanifest")).json()

    assert (manifest["start_url"], manifest["display"]) == ("/judging/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("192x192", "maskable"),
        ("512x512", "maskable"),
    }
    for icon in manifest["icons"]:
        answer = await client.get(icon["src"])
        width, height = Image.open(BytesIO(answer.content)).size
        assert f"{width}x{height}" == icon["sizes"]


async def test_words_come_in_every_language_and_no_other(client: httpx.AsyncClient) -> None:
    for language in LANGUAGES:
        words = (await client.get(f"/judging/words/{language}.json")).json()
        assert words["Who is marking?"]
    assert (await client.get("/judging/words/xx.json")).status_code == 404


async def test_who_is_logged_in_is_told_to_his_own_browser_only(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = small.judges[0]
    own = await caller(client, judge.account)

    nobody = await client.get("/api/v1/judging/me")
    known = await client.get("/api/v1/judging/me", headers={"Authorization": f"Bearer {own.token}"})

    assert nobody.json() == {"account": "", "label": "", "csrf": ""}
    assert known.json()["account"] == str(judge.account)
    assert known.json()["label"] == judge.name
    assert known.headers["cache-control"] == "no-store"


def test_compressing_twice_is_the_same_bytes() -> None:
    assert gzipped(b"a" * 1000) == gzipped(b"a" * 1000)
    assert gzip.decompress(gzipped(b"a" * 1000)) == b"a" * 1000
