"""The scanner's page and files as a phone gets them: small, versioned, the same for everybody, in every language."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from core.security import SYSTEM
from core.settings import Settings
from core.skill_levels import LEVELS
from core.web.assets import app_file, app_files
from core.web.compress import gzipped
from core.web.i18n import LANGUAGES, SOURCE, catalogue
from credentials import actions, keyring, published
from credentials.encoding import from_base64url, from_json, to_json
from credentials.keys import new_private_key, public_jwk, thumbprint_of
from credentials.scanner import precache
from credentials.scanner.anchor import Anchor, delivered
from credentials.scanner.routes import register
from credentials.scanner.words import APP, sentences, table
from credentials.trust import BUNDLE_TYPE, TRUST, bundle_payload, store_of
from credentials.trusting.actions import accept_installation, install_authorisation, root_request
from credentials.trusting.authorisation import authorise
from tests.credentials.facts import ORGANISER, issued, issuers
from tests.credentials.kit import ADDRESSES, make_issuer

SHELL_BUDGET = 40 * 1024
READER_BUDGET = 450 * 1024
EMPTY = Anchor(b'{"origins":[],"keys":[],"root":"","n":0}', ())
MODULES = [app_file(APP, name) for name in app_files(APP) if name.endswith(".js")]
PLACE = re.compile(r"\{\w+\}")


@pytest.fixture(autouse=True)
def files() -> None:
    register()


def test_the_shell_is_under_forty_kilobytes_and_the_reader_under_four_hundred_and_fifty() -> None:
    reader = [address for address in precache.singles() if "/vendor/" in address]
    content = precache.content

    assert len(gzipped(precache.bundle(EMPTY))) < SHELL_BUDGET
    assert sum(len(gzipped(content(_path(address)))) for address in reader) < READER_BUDGET


def _path(address: str) -> str:
    return address.split("/", 3)[3]


def test_every_file_of_the_app_is_kept() -> None:
    kept = {*precache.shell(EMPTY), *precache.singles()}
    files = app_files(APP)

    assert len(files) > 25
    assert "shared/camera.js" in files
    assert [file for file in files if precache.asset(f"{precache.PREFIX}/{file}") not in kept] == []


def test_leaving_comments_out_changes_no_module() -> None:
    """Only whole lines are left out, and no text goes over several lines."""
    for path in MODULES:
        text = path.read_text("utf-8")
        assert all(line.count("`") % 2 == 0 for line in text.splitlines()), path
        kept = precache._COMMENT.sub("", text).splitlines()
        assert not [line for line in kept if line.lstrip().startswith("//")]
        assert [line for line in text.splitlines() if line in set(kept)] == kept, path


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_every_sentence_is_in_every_language_with_its_places(language: str) -> None:
    levels = {title[SOURCE] for title in LEVELS.values()}  # of a table of their own
    wanted = {*sentences(), precache._NO_SCRIPT} - levels
    known = catalogue(language)

    assert {"Genuine and valid", "Certificate scanner"} <= wanted
    assert wanted - set(known) == set()
    for sentence in wanted:
        assert set(PLACE.findall(known[sentence])) == set(PLACE.findall(sentence)), sentence


def test_sentences_stand_literally_where_they_are_asked_for() -> None:
    built = re.compile(r"(?<![\w.])(?:t|later)\(\s*[`']")

    assert [path.name for path in MODULES if built.search(path.read_text("utf-8"))] == []
    assert all(len(row) == len(LANGUAGES) - 1 for row in table().values())


def test_the_app_writes_no_markup_and_talks_to_nobody_but_the_lists() -> None:
    """What a forger put into a picture is text, never markup."""
    for path in MODULES:
        text = path.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text
        ), path
        if path.name not in ("knowledge.js", "main.js"):
            assert "fetch(" not in text, path


async def test_every_kept_file_is_answered_and_the_page_is_the_same_for_everybody(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    anchor = await delivered()
    for address, data in precache.shell(anchor).items():
        answer = await client.get(address, headers={"Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.content == data) == (200, True), address
    for address in precache.singles():
        assert (await client.get(address)).status_code == 200, address

    page = await client.get("/scan", headers={"Accept-Language": "pt"})
    kept = await client.get(precache.bundle_address(anchor))
    worker = await client.get("/scan/sw.js")

    assert "set-cookie" not in page.headers
    assert "'wasm-unsafe-eval'" in page.headers["content-security-policy"]
    assert (
        kept.json()["/scan"][0]["Content-Security-Policy"]
        == page.headers["content-security-policy"]
    )
    assert worker.headers["service-worker-allowed"] == "/scan"
    assert (await client.get("/scan/kept/0123456789ab.json")).status_code == 404


async def test_the_manifest_s_icons_are_as_large_as_it_says(client: httpx.AsyncClient) -> None:
    manifest = (await client.get("/scan/manifest.webmanifest")).json()

    assert (manifest["start_url"], manifest["display"]) == ("/scan", "standalone")
    for icon in manifest["icons"]:
        picture = Image.open(BytesIO((await client.get(icon["src"])).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]


async def test_an_installation_without_issuers_delivers_nobody_s_key(
    client: httpx.AsyncClient, database: Settings
) -> None:
    anchor = (await client.get("/scan/anchor.json")).json()

    assert (anchor["keys"], anchor["root"]) == ([], "")
    assert (await client.get("/scan")).status_code == 200


async def test_the_app_is_delivered_with_the_trust_keys_in_use_and_the_next_one(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    first = (await client.get("/scan/anchor.json")).json()
    before = (await client.get("/scan/sw.js")).text

    await actions.rotate_key(SYSTEM, "", TRUST)
    second = (await client.get("/scan/anchor.json")).json()

    claims = from_json(from_base64url((await published.trust_bundle()).split(".")[1]))
    named = [key["jwk"] for key in claims["keys"] if key["purpose"] == TRUST]
    assert first["origins"] == [keyring.addresses().origin]
    assert len(first["keys"]) == 1
    assert sorted(map(str, second["keys"])) == sorted(map(str, named))
    assert (await client.get("/scan/sw.js")).text != before


async def test_lists_are_named_and_not_sent_again_while_nothing_changed(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one = await issued()
    index = (await client.get("/scan/lists.json")).json()["lists"]
    assert {"issuer": ORGANISER, "block": 1} in index

    url = f"/status/t/{ORGANISER}/1"
    first = await client.get(url)
    same = await client.get(url, headers={"If-None-Match": first.headers["etag"]})
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Fraud")
    changed = await client.get(url, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, same.status_code, changed.status_code) == (200, 304, 200)
    assert first.headers["access-control-allow-origin"] == "*"
    assert _claims(changed.text)["sub"].endswith(url)


def _claims(token: str) -> Any:
    return json.loads(from_base64url(token.split(".")[1]))


async def test_with_an_offline_root_its_thumbprint_is_delivered_instead(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    root = new_private_key()
    token = authorise(await root_request(), root, datetime.now(UTC), days=400)
    await install_authorisation(SYSTEM, token)

    anchor = (await client.get("/scan/anchor.json")).json()

    assert anchor["root"] == thumbprint_of(public_jwk(root.public_key()))
    assert anchor["keys"] == []


async def test_the_lists_of_an_installation_that_is_believed_may_be_fetched_from_its_host(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    now, trust = datetime.now(UTC), make_issuer("", "trust")
    payload = bundle_payload(store_of(ADDRESSES, [trust.trusted], now), now)
    await accept_installation(SYSTEM, trust.signer.sign(to_json(payload), typ=BUNDLE_TYPE))

    policy = (await client.get("/scan")).headers["content-security-policy"]

    assert f"connect-src 'self' {ADDRESSES.origin};" in policy
