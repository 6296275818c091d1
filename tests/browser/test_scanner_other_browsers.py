"""The scanner reads a picture of a paper in Firefox and in WebKitGTK, Safari's stand-in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.settings import Settings
from tests.browser.scan_kit import NAME, qr, serve
from tests.credentials.facts import issued, issuers
from tests.fixtures.other_browsers import Firefox, OtherBrowser, WebKit
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

CHOOSE = """
const bytes = Uint8Array.from(atob(PICTURE), (letter) => letter.charCodeAt(0));
const chosen = new DataTransfer();
chosen.items.add(new File([bytes], "paper.png", { type: "image/png" }));
const input = document.querySelector("input[type=file][multiple]");
input.files = chosen.files;
input.dispatchEvent(new Event("change", { bubbles: true }));
return input.files.length >= 0;
"""


async def test_a_picture_is_read_in_firefox(
    database: Settings, start_server: Callable[..., Server], firefox: Firefox, tmp_path: Path
) -> None:
    await a_picture(firefox, serve(start_server, database), tmp_path)


async def test_a_picture_is_read_in_webkit(
    database: Settings, start_server: Callable[..., Server], webkit: WebKit, tmp_path: Path
) -> None:
    await a_picture(webkit, serve(start_server, database), tmp_path)


async def a_picture(browser: OtherBrowser, server: Server, folder: Path) -> None:
    """As a person chooses a photo from the gallery; genuine, then with one letter of the code bent."""
    await issuers()
    text = (await issued(name=NAME))["qr_text"]
    bent = text[:-9] + ("A" if text[-9] != "A" else "B") + text[-8:]
    await browser.goto(f"{server.url}/scan")
    await browser.wait_for(
        "return Number(document.querySelector('.strip')?.dataset.refreshes) > 0",
        what="the lists to arrive",
    )

    for number, (content, state) in enumerate(((text, "valid"), (bent, "altered"))):
        picture = qr(content, folder / f"{number}.png").read_bytes()
        given = CHOOSE.replace("PICTURE", json.dumps(base64.b64encode(picture).decode()))
        await browser.evaluate("document.querySelector('.verdict')?.remove(); return true")
        await browser.evaluate(given)
        said = "return document.querySelector('.verdict')?.dataset.state ?? null"
        assert await browser.wait_for(said, what="a verdict") == state
    assert await browser.evaluate("return document.querySelector('.verdict dd.name') === null")
