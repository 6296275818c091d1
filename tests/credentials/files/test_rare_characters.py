"""Every character of GB 18030-2022 is drawn by a font, or asked for as a picture; never a box.

JIANGXIN_TEST_RARE_FONTS names a folder with Debian's Hanazono Mincho; `.peers/fonts` is where `.ci/run`
lays it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from core.paper.fonts import Fonts, of_folder
from core.registry import registry
from core.settings import Settings, use
from credentials import queries
from credentials.files import making
from credentials.files.faces import face
from credentials.layouts import Layout
from tests.credentials.facts import issued, issuers
from tests.credentials.files.gb18030 import (
    EXTENSION_G,
    HAN_BLOCKS,
    HAN_COUNT,
    han,
    of_block,
    other_scripts,
    symbols,
)
from tests.credentials.files.test_papers import KNOWN
from tests.fixtures.pdf_objects import read

RARE = Path(
    os.environ.get("JIANGXIN_TEST_RARE_FONTS") or Path(__file__).parents[3] / ".peers/fonts"
)
LAYOUT = Layout("landscape", ("zh-Hans", "en"), photo=False, seal="issuer")
needs_rare_fonts = pytest.mark.skipif(
    not (RARE / "HanaMinB.ttf").exists(),
    reason="needs `apt-get download fonts-hanazono && dpkg -x fonts-hanazono_*.deb /tmp/hana`, and"
    " JIANGXIN_TEST_RARE_FONTS=/tmp/hana/usr/share/fonts/truetype/hanazono",
)


def held(letters: Fonts) -> set[str]:
    """What the character maps of these fonts have, read here once more."""
    found: set[str] = set()
    for path, number in {faces[0] for faces in letters.faces.values() if faces}:
        if path.suffix.lower() in (".ttf", ".ttc", ".otf"):
            with TTFont(path, fontNumber=number, lazy=True) as font:
                found |= set(map(chr, font.getBestCmap() or ()))
    return found


def blocks() -> Iterator[set[str]]:
    yield from (han(), symbols(), other_scripts(), of_block(EXTENSION_G))


def test_the_standard_is_walked_over_whole() -> None:
    assert len(han()) == HAN_COUNT
    assert len(symbols()) > 900
    assert all(c == c.encode("gb18030").decode("gb18030") for some in blocks() for c in some)


def test_what_no_font_of_this_machine_has_is_named_and_everything_else_is_drawn() -> None:
    letters = of_folder("")
    drawn, chain = held(letters), letters.chain("zh-Hans")

    for some in blocks():
        boxes = some - drawn - letters.lacking(some, chain)
        assert {c for c in boxes if c.isprintable()} == set()
    for name in ("basic", "A"):
        assert letters.lacking(of_block(HAN_BLOCKS[name]), chain) == set()
    assert letters.lacking(symbols(), chain) == set()


@needs_rare_fonts
def test_with_the_rare_font_beside_it_every_chinese_character_of_the_standard_is_drawn() -> None:
    letters = of_folder(str(RARE))

    assert letters.lacking(han(), letters.chain("zh-Hans")) == set()
    assert han() <= held(letters)


@needs_rare_fonts
async def test_a_name_from_every_extension_is_printed_as_it_is_signed(
    database: Settings,
) -> None:
    registry()
    use(replace(database, fonts=RARE))
    await issuers()
    name = "".join(sorted(of_block(block))[-3] for block in HAN_BLOCKS.values())
    row = await queries.stored((await issued(name=name))["public_id"])
    assert row is not None

    made = await making.pdf([await face(row, KNOWN, LAYOUT)], LAYOUT)

    page = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()
    fonts = {str(one["FontName"]) for one in read(made).dictionaries() if "FontName" in one}
    assert name in "".join(page.split())
    assert any("HanaMin" in one for one in fonts)
