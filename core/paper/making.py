"""A template and its data to a PDF. Compiling takes the processor, so it runs beside the server, two
at a time; what waits too long is told so."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from core.errors import JiangxinError, TooLarge, Unavailable
from core.paper.fonts import fonts, texts_of
from core.web.i18n import show_moment, translate

TOGETHER = 2
"""So many papers are made at a time; the others wait."""
LARGEST_DATA = 32 * 1024 * 1024
TAGGED_UP_TO = 48 * 1024
"""Characters of data. A longer paper goes without the tags that read it aloud: with them a list of a
thousand lines takes ten times as long and as many bytes (Typst 0.15)."""
LONGEST_WAIT = 120.0
"""Seconds for one paper, waiting included."""

Standard = Literal["a-3b"]

_folders: dict[str, Path] = {"core": Path(__file__).parent / "templates"}
_makers = ThreadPoolExecutor(TOGETHER, thread_name_prefix="paper")
_LANGUAGES = {"zh-Hans": ("zh", "cn"), "zh-Hant": ("zh", "hk"), "en": ("en", "gb"), "pt": ("pt", "pt")}  # fmt: skip


class Crowded(Unavailable):
    slug = "paper-crowded"
    title = "Too many papers are being made. Try again in a minute."


class PaperMistake(JiangxinError):
    """A template's own mistake, with Typst's words: ours to mend, never the reader's."""

    slug = "paper-mistake"
    title = "This paper can't be made: {reason}"


def register(package: str, folder: Path) -> None:
    """The .typ files of `folder` are named `package/…`, also in `#import "/package/…"`."""
    _folders[package] = folder


async def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    language: str = "zh-Hans",
    at: datetime | None = None,
    images: Mapping[str, bytes] | None = None,
    standard: Standard | None = None,
) -> bytes:
    """`template` filled with `data` (whatever JSON can say), the same bytes for the same input.

    language: chooses the glyphs (the same character is drawn differently in Hong Kong) and the words
    of the frame. at: the print time, in the footer and in the file; without it neither has one.
    images: content by name, for `image("/images/NAME")`, PNG, JPEG or SVG, and for `pdf.attach`.
    standard: which of the archive's rules the file keeps. Raises NoChineseFont, CharacterMissing, TooLarge, Crowded, PaperMistake.
    """
    made = await _beside(template, data, language, at, images or {}, "pdf", standard)
    return made[0]


async def pictures(
    template: str,
    data: Mapping[str, Any],
    *,
    language: str = "zh-Hans",
    at: datetime | None = None,
    images: Mapping[str, bytes] | None = None,
) -> list[bytes]:
    """Each page as a PNG, for a preview."""
    return await _beside(template, data, language, at, images or {}, "png")


async def _beside(template: str, data: Mapping[str, Any], *rest: Any) -> list[bytes]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            return await loop.run_in_executor(_makers, compile_now, template, data, *rest)
    except TimeoutError as error:
        raise Crowded from error


def compile_now(
    template: str,
    data: Mapping[str, Any],
    language: str,
    at: datetime | None,
    images: Mapping[str, bytes],
    kind: Literal["pdf", "png"],
    standard: Standard | None = None,
) -> list[bytes]:
    """In the present thread; `pdf` and `pictures` are for everybody else."""
    written = json.dumps(data, ensure_ascii=False, default=str)
    if len(written) > LARGEST_DATA:
        raise TooLarge(limit=f"{LARGEST_DATA // 1024 // 1024} MB")
    frame = _frame(language, at)
    letters = fonts()
    chain = letters.chain(language)
    source = _source(template)
    letters.check([source.read_text("utf-8"), *texts_of(data), *texts_of(frame)], chain)
    with TemporaryDirectory(prefix="jiangxin-paper-") as folder:
        root = Path(folder)
        _lay_out(root, images)
        try:
            made = typst.compile(
                root / template,
                root=root,
                font_paths=letters.typst,
                format=kind,
                ppi=110.0 if kind == "png" else None,
                sys_inputs={"data": written, "frame": json.dumps({**frame, "fonts": chain})},
                pdf_standards=[standard] if standard else [],
                pdf_tags=len(written) <= TAGGED_UP_TO,
                timestamp=int(at.timestamp()) if at else 0,
                package_path=root / "none",
                package_cache_path=root / "none",
            )
        except typst.TypstError as error:
            raise PaperMistake(reason=str(error)) from error
    return made if isinstance(made, list) else [made]


def _frame(language: str, at: datetime | None) -> dict[str, Any]:
    lang, region = _LANGUAGES.get(language, ("en", "gb"))
    return {
        "lang": lang,
        "region": region,
        "page": translate("Page {page} of {pages}", language),
        "printed": translate("Printed {moment}", language, moment=show_moment(at, language)) if at else "",
    }  # fmt: skip


def _source(template: str) -> Path:
    for package in sorted(_folders, key=len, reverse=True):
        if template.startswith(f"{package}/"):
            path = _folders[package] / template[len(package) + 1 :]
            if path.is_file():
                return path
    raise FileNotFoundError(template)


def _lay_out(root: Path, images: Mapping[str, bytes]) -> None:
    """Typst reads only below its root: the templates of all packages, and this paper's pictures."""
    for package, folder in _folders.items():
        for path in folder.rglob("*.typ"):
            to = root / package / path.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
    for name, content in images.items():
        _write_image(root / "images", name, content)


def _write_image(folder: Path, name: str, content: bytes) -> None:
    if Path(name).name != name or name.startswith("."):
        raise ValueError(f"{name!r} is not a plain name of a picture")
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


def templates() -> Sequence[Path]:
    """Every registered template, so that a test can look at all of them."""
    return [path for folder in _folders.values() for path in sorted(folder.rglob("*.typ"))]
