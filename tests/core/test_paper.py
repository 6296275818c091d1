"""Paper is A4 with page x of y and its print time, and holds every character or names the missing one."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from core import paper
from core.paper import fonts, making
from core.settings import Settings, use
from tests.fixtures.pdf import sizes, texts

AT = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
ROWS = [[str(n), f"选手{n}"] for n in range(1, 121)]


@pytest.fixture(autouse=True)
def _templates() -> None:
    paper.register("tests/paper", Path(__file__).parent.parent / "data" / "paper")


@pytest.fixture(autouse=True)
def _default_settings() -> None:
    use(Settings())


async def test_a_paper_is_a4_and_each_page_says_which_of_how_many_and_when_it_was_printed() -> None:
    made = await paper.pdf("tests/paper/list.typ", {"title": "检录表", "rows": ROWS}, at=AT)

    pages = texts(made)
    assert len(pages) > 2
    assert set(sizes(made)) == {(210, 297)}
    for number, text in enumerate(pages, 1):
        assert f"第{number}页，共{len(pages)}页" in text
        assert "打印时间：2026年11月21日12:30" in text
    assert "检录表" in pages[0]
    assert "选手120" in pages[-1]


@pytest.mark.parametrize(
    ("language", "page"),
    [("zh-Hant", "第1頁，共1頁"), ("en", "Page 1 of 1"), ("pt", "Página 1 de 1")],
)
async def test_the_frame_speaks_the_language_of_the_paper(language: str, page: str) -> None:
    made = await paper.pdf("tests/paper/list.typ", {"title": "x", "rows": []}, language=language)

    assert page in texts(made)[0]


async def test_text_of_the_data_is_never_read_as_markup_or_code() -> None:
    nasty = '#read("/etc/passwd") *fett* $x$ \\ " ] @preview/x:1 <b> \n=Titel'

    made = await paper.pdf("tests/paper/list.typ", {"title": nasty, "rows": [["1", nasty]]})

    assert '#read("/etc/passwd") *fett* $x$ \\ " ] @preview/x:1 <b>' in texts(made)[0]


async def test_the_same_input_gives_the_same_bytes() -> None:
    data = {"title": "成绩单", "rows": ROWS}

    first = await paper.pdf("tests/paper/list.typ", data, at=AT)

    assert await paper.pdf("tests/paper/list.typ", data, at=AT) == first


async def test_a_character_that_no_font_draws_is_named_and_nothing_is_printed() -> None:
    data = {"title": "x", "rows": [["1", "张\U0003a5b2"], ["2", "ok"]]}

    with pytest.raises(paper.CharacterMissing) as refused:
        await paper.pdf("tests/paper/list.typ", data)

    assert "U+3A5B2" in refused.value.params["characters"]
    assert refused.value.findings[0].params["character"].endswith("(U+3A5B2)")


async def test_rare_but_known_characters_and_every_language_are_printed() -> None:
    names = ["\U00020bb7野家", "龘", "㙓", "João Conceição", "陳大文", "é ü ñ", "☐ ✓ −"]

    made = await paper.pdf("tests/paper/list.typ", {"title": "x", "rows": [["", n] for n in names]})

    text = texts(made)[0]
    assert all(name.split()[0] in text for name in names)


async def test_without_a_chinese_font_the_package_to_install_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "fonts", lambda: fonts.Fonts(None, {"DejaVu Sans": []}))

    with pytest.raises(paper.NoChineseFont) as refused:
        await paper.pdf("tests/paper/list.typ", {"title": "x", "rows": []})

    assert "fonts-noto-cjk" in str(refused.value)
    assert "JIANGXIN_FONTS" in str(refused.value)


def test_fonts_of_a_folder_in_the_settings_are_found() -> None:
    chinese, _ = fonts.of_folder("").faces["Noto Sans CJK SC"][0]

    found = fonts.of_folder(str(chinese.parent), system=False)

    assert found.chain("zh-Hant")[0] == "Noto Sans CJK HK"
    assert found.chain("zh-Hans")[0] == "Noto Sans CJK SC"


async def test_a_picture_is_drawn_and_its_name_can_lead_nowhere_else() -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    data = {"title": "", "rows": [], "picture": "red.png"}

    drawn = await paper.pictures("tests/paper/list.typ", data, images={"red.png": file.getvalue()})

    page = Image.open(io.BytesIO(drawn[0])).convert("RGB")
    assert (255, 0, 0) in {colour for _, colour in page.getcolors(1 << 24) or []}
    with pytest.raises(ValueError, match="plain name"):
        await paper.pdf("tests/paper/list.typ", data, images={"../red.png": file.getvalue()})


async def test_a_template_reads_no_file_outside_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "spy.typ").write_text('#read("/../../../../../../etc/hostname")')
    paper.register("tests/spy", tmp_path)
    try:
        with pytest.raises(paper.PaperMistake):
            await paper.pdf("tests/spy/spy.typ", {})
    finally:
        making._folders.pop("tests/spy")


async def test_a_mistake_of_a_template_is_told_as_such() -> None:
    with pytest.raises(paper.PaperMistake) as refused:
        await paper.pdf("tests/paper/broken.typ", {})

    assert "nothing" in refused.value.params["reason"]


async def test_the_server_answers_others_while_papers_are_made() -> None:
    seen = 0

    async def others() -> None:
        nonlocal seen
        while True:
            await asyncio.sleep(0)
            seen += 1

    beside = asyncio.create_task(others())
    data = {"title": "x", "rows": ROWS * 4}
    await asyncio.gather(*(paper.pdf("tests/paper/list.typ", data) for _ in range(4)))
    beside.cancel()

    assert seen > 10


async def test_a_short_paper_is_tagged_for_reading_aloud_and_a_long_one_is_made_soon() -> None:
    short = await paper.pdf("tests/paper/list.typ", {"title": "x", "rows": ROWS[:5]})
    long = await paper.pdf("tests/paper/list.typ", {"title": "x", "rows": ROWS * 40})

    assert b"/StructTreeRoot" in short
    assert b"/StructTreeRoot" not in long


def test_no_template_asks_the_network_for_a_package() -> None:
    assert [p for p in making.templates() if "@preview" in p.read_text("utf-8")] == []
