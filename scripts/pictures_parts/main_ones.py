"""The pictures that the docs show."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from scripts.pictures_parts.walking import Walk

COLOURS = 128
LARGEST = 150_000

# Titles of the demonstration: a contest that is over, one that is open, and their competitions.
OVER = ("/console?year=2024", "形象造型设计")
OPEN = ("/console", "中式面点制作(演示)")
HELD = ("/console?year=2024", "第四届粤港澳大湾区职业技能大赛")
TRYOUT = ("/console", "评分体验(演示)")

# Picture: where it is taken, the rest of the address, what is pressed before.
MAIN: dict[str, tuple[tuple[str, str], str, str]] = {
    "accounts": (("", "/console/accounts"), "", ""),
    "competition": (HELD, "", ""),
    "new-contest": (TRYOUT, "/contests/new/cooking", ""),
    "people": (OVER, "/people", ""),
    "judges": (OVER, "/judges", ""),
    "scheme": (OVER, "/scheme", ""),
    "rules": (OVER, "/rules", ""),
    "contest": (OPEN, "", ""),
    "check-in": (OPEN, "/check-in", ""),
    "results": (OVER, "/results", ".place > summary"),
    "figures": (OVER, "/results/figures", ""),
    "papers": (OVER, "/papers", ""),
    "certificates": (OVER, "/certificates", ""),
    "audit": (OVER, "/audit", ""),
}


async def photograph_main_ones(walk: Walk, folder: Path) -> dict[str, list[str]]:
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[str]] = {}
    for name, (place, rest, pressed) in MAIN.items():
        await walk.opens(await _address(walk, *place) + rest)
        if pressed:
            await walk.page.locator(pressed).first.click()
            await walk.page.locator(".breakdown .module").first.wait_for()
        picture = _small(await walk.page.screenshot())
        (folder / f"{name}.png").write_bytes(picture)
        wrong = await walk.wrong()
        if len(picture) > LARGEST:
            wrong.append(f"{len(picture)} bytes are more than {LARGEST}")
        if wrong:
            found[name] = wrong
    return found


async def _address(walk: Walk, shelf: str, title: str) -> str:
    """Of the page that a link on the shelf leads to; without a shelf the title is the address."""
    if not shelf:
        return title
    await walk.opens(shelf)
    link = walk.page.locator("main a", has_text=title).first
    return (await link.get_attribute("href") or "").partition("?")[0]


def _small(taken: bytes) -> bytes:
    """With as few colours as a page of text needs."""
    image = Image.open(io.BytesIO(taken)).convert("RGB")
    reduced = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    reduced.save(out, "PNG", optimize=True)
    return out.getvalue()
