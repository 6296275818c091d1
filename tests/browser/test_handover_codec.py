"""The pictures of a hand-over: any of them in any order give back the very same bytes."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from playwright.async_api import Page

from core.settings import Settings
from tests.browser.handover_kit import content_of, opened, picture, texts
from tests.factories_contests import SmallContest, as_mark, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

MODULES = "/static/0/contests/judging/handover"

TRIES = """async ([base, tries]) => {
  const { Frames, Collector } = await import(`${base}/frames.js`);
  const random = (most) => Math.floor(Math.random() * most);
  const bytesOf = (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
    return bytes;
  };
  const same = (a, b) => a.length === b.length && a.every((byte, n) => byte === b[n]);
  const told = [];
  for (let n = 0; n < tries; n += 1) {
    const wholes = [bytesOf(5 + random(20000)), bytesOf(5 + random(20000))];
    const sets = wholes.map((whole) => new Frames(whole, [221, 419][random(2)]));
    const collector = new Collector();
    const lost = Math.random() * 0.7;
    const at = sets.map((set) => random(set.length));
    const [seen, got] = [[0, 0], [null, null]];
    for (let turn = 0; turn < 60000 && !(got[0] && got[1]); turn += 1) {
      const which = random(2);
      at[which] += 1 + (Math.random() < 0.1 ? random(3) : 0);
      if (Math.random() < lost || got[which]) continue;
      const text = sets[which].text(at[which]);
      for (let again = random(3); again >= 0; again -= 1) {
        const part = collector.add(text);
        if (part.whole) got[which] = part.whole;
      }
      seen[which] += 1;
    }
    told.push([0, 1].map((which) => ({
      right: got[which] != null && same(got[which], wholes[which]),
      seen: seen[which], count: sets[which].count, length: sets[which].length, lost,
    })));
  }
  return told.flat();
}"""


async def test_random_order_lost_and_repeated_pictures_of_two_sets_give_both_back(
    database: Settings, server: Server, page: Page
) -> None:
    await page.goto(f"{server.url}/login")

    told = await page.evaluate(TRIES, [MODULES, 60])

    assert len(told) == 120
    assert [one for one in told if not one["right"]] == []
    # not one more turn of the whole sequence, whatever was missed
    more = [one["seen"] - one["count"] for one in told]
    assert sum(more) / len(more) < 4


async def test_what_is_no_picture_of_ours_is_left_aside(
    database: Settings, server: Server, page: Page
) -> None:
    await page.goto(f"{server.url}/login")

    told = await page.evaluate(
        """async (base) => {
          const { Frames, Collector } = await import(`${base}/frames.js`);
          const good = new Frames(crypto.getRandomValues(new Uint8Array(900)), 419).text(0);
          const swapped = good.slice(0, 40) + (good[40] === "A" ? "B" : "A") + good.slice(41);
          const collector = new Collector();
          const bad = ["", "JX1:", "JX1:ABC", "JX1:é", "https://example.org/", good.slice(1),
            good.slice(0, -3), good + "000", swapped, "JX1:" + ":".repeat(300)];
          return [bad.map((text) => collector.add(text)), collector.add(good).known];
        }""",
        MODULES,
    )

    assert told == [[None] * 10, 1]


@pytest.mark.parametrize("level", [0, 1, 6, 9])
async def test_our_own_unpacking_agrees_with_zlib(
    database: Settings, server: Server, page: Page, level: int
) -> None:
    await page.goto(f"{server.url}/login")
    plain = ("".join(f"{n * n % 997};" for n in range(9000)) + "裁判").encode()
    packers = [zlib.compressobj(level, zlib.DEFLATED, -15, 9, kind) for kind in range(5)]
    packed = [packer.compress(plain) + packer.flush() for packer in packers]

    told = await page.evaluate(
        """async ([base, packed]) => {
          const { inflate } = await import(`${base}/inflate.js`);
          const told = packed.map((bytes) => new TextDecoder().decode(inflate(Uint8Array.from(bytes), 1e6)));
          const short = packed[0].slice(0, -1);
          for (const [bytes, most] of [[short, 1e6], [packed[0], 1000], [[7], 10], [[], 10]]) {
            try { inflate(Uint8Array.from(bytes), most); told.push("taken"); }
            catch (error) { told.push(error.name); }
          }
          return told;
        }""",
        [MODULES, [list(one) for one in packed]],
    )

    assert told[:5] == [plain.decode()] * 5
    assert told[5:] == ["RangeError"] * 4


async def fifty(small: SmallContest) -> list[str]:
    seat = small.judges[0]
    marks = {"look": "18.5", "taste": "32", "care": "2"}
    return [
        seat.device.sign_sheet(
            contest=str(small.contest), module="dish", code=f"{n:02}", judge=seat.appointment,
            marks={aspect: as_mark(value) for aspect, value in marks.items()}, rules="x" * 43,
        )
        for n in range(50)
    ]  # fmt: skip


PACK = """async ([base, content, plain]) => {
  const { pack, unpack } = await import(`${base}/packing.js`);
  if (plain) delete globalThis.CompressionStream;
  const bytes = await pack(content);
  const back = await unpack(bytes);
  const broken = bytes.slice();
  broken[broken.length >> 1] ^= 1;
  return [bytes.length, back, await unpack(broken)];
}"""


@pytest.mark.parametrize("plain", [False, True], ids=["deflated", "without CompressionStream"])
async def test_fifty_sheets_are_packed_and_come_back_to_the_character(
    database: Settings, server: Server, page: Page, plain: bool
) -> None:
    sheets = await fifty(await small_contest())
    odd = ["", "no jws", "a.b.c", "YQ.YR.YS", sheets[0] + "=", "裁.判.長"]
    content: dict[str, Any] = {"about": {"label": "七号"}, "signed": [*sheets, *odd]}
    await page.goto(f"{server.url}/login")

    length, back, broken = await page.evaluate(PACK, [MODULES, content, plain])

    assert back == content
    assert broken is None
    size = sum(map(len, sheets))
    assert size > 50 * 600
    assert length < size * (0.8 if plain else 0.45)


async def test_another_reader_reads_the_pictures_and_another_program_their_content(
    database: Settings, server: Server, page: Page
) -> None:
    sheets = await fifty(await small_contest())
    await page.goto(f"{server.url}/login")

    shown = await page.evaluate(
        """async ([base, content]) => {
          const { pack } = await import(`${base}/packing.js`);
          const { Frames } = await import(`${base}/frames.js`);
          const { CAPACITY, drawer } = await import(`${base}/drawing.js`);
          const bytes = await pack(content);
          const told = [];
          for (const version of [8, 12]) {
            const [frames, draw] = [new Frames(bytes, CAPACITY[version]), await drawer(version)];
            for (let n = 0; n < frames.count + 5; n += 1) {
              const canvas = document.createElement("canvas");
              draw(canvas, frames.text(n), 300);
              told.push([version, frames.count, frames.text(n), canvas.toDataURL()]);
            }
          }
          return told;
        }""",
        [MODULES, {"about": {"kind": "sheets"}, "signed": sheets}],
    )

    for version in (8, 12):
        mine = [(text, drawn) for found, _, text, drawn in shown if found == version]
        assert all(texts(picture(drawn)) == [text] for text, drawn in mine)
        about, signed = content_of(opened(text) for text, _ in mine)
        assert (json.loads(about), signed) == ({"kind": "sheets"}, sheets)
        assert len(mine) - 5 < {8: 110, 12: 60}[version]
