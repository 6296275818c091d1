"""A hand-over's pictures made and read in Firefox and in WebKitGTK, Safari's stand-in: two engines whose
streams, WebAssembly and typed arrays are not Chromium's."""

from __future__ import annotations

import json

import pytest

from core.settings import Settings
from tests.browser.handover_kit import content_of, opened
from tests.browser.test_handover_codec import fifty
from tests.factories_contests import small_contest
from tests.fixtures.other_browsers import Firefox, OtherBrowser, WebKit
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

ROUND = """
const content = CONTENT;
const base = document.querySelector('script[type="module"]').src.replace("main.js", "handover/");
const { pack, unpack } = await import(`${base}packing.js`);
const { Collector, Frames } = await import(`${base}frames.js`);
const { CAPACITY, drawer } = await import(`${base}drawing.js`);
const { readPicture } = await import(`${base}../shared/reader.js`);
const frames = new Frames(await pack(content), CAPACITY[12]);
const draw = await drawer(12);
const [collector, canvas, texts] = [new Collector(), document.createElement("canvas"), []];
let whole = null;
let looked = 0;
for (let n = 0; n < frames.length && !whole; n += 1) {
  texts.push(frames.text(n));
  if (n % 4 === 1) continue;                       // every fourth picture is missed
  draw(canvas, texts[n], 500);
  const file = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const found = await readPicture(file);
  if (found.length !== 1 || found[0] !== texts[n]) return { wrong: n, found };
  looked += 1;
  whole = collector.add(found[0]).whole;
}
return { content: whole && (await unpack(whole)), looked, count: frames.count, texts };
"""


async def test_in_firefox(database: Settings, server: Server, firefox: Firefox) -> None:
    await there_and_back(firefox, server)


async def test_in_webkit(database: Settings, server: Server, webkit: WebKit) -> None:
    await there_and_back(webkit, server)


async def there_and_back(browser: OtherBrowser, server: Server) -> None:
    sheets = await fifty(await small_contest())
    content = {"about": {"kind": "sheets"}, "signed": sheets}
    await browser.goto(f"{server.url}/judging/")

    told = await browser.evaluate(ROUND.replace("CONTENT", json.dumps(content)))

    assert told.get("content") == content, told
    assert told["looked"] < told["count"] + 12
    shown = [opened(text) for text in told["texts"]]
    assert content_of(shown)[1] == sheets
