"""Certificates to PDF/A-3b with the signed token attached. Made when asked for; never kept as truth."""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from core import paper
from core.errors import Conflict
from core.scoring.model import Finding
from credentials import layouts, rendering
from credentials.files import glyphs
from credentials.files.faces import Face, face
from credentials.files.particulars import particulars_of
from credentials.layouts import Layout

STANDARD: Literal["a-3b"] = "a-3b"


@dataclass
class Recent:
    """The newest files, for as long as a download is repeated. Named by everything that is in them, so
    a correction, another layout or an erasure never meets an old one."""

    seconds: float = 600
    most_bytes: int = 32 * 1024 * 1024
    _kept: OrderedDict[str, tuple[float, bytes]] = field(default_factory=OrderedDict)

    def get(self, name: str) -> bytes | None:
        self._forget()
        return found[1] if (found := self._kept.get(name)) else None

    def keep(self, name: str, made: bytes) -> None:
        self._kept[name] = time.monotonic(), made
        self._forget()

    def _forget(self) -> None:
        size = sum(len(made) for _, made in self._kept.values())
        while self._kept:
            name, (since, made) = next(iter(self._kept.items()))
            if size <= self.most_bytes and time.monotonic() - since < self.seconds:
                return
            del self._kept[name]
            size -= len(made)


recent = Recent()


async def certificate_pdf(row: Mapping[str, Any]) -> bytes:
    """One certificate in its issuer's layout. Raises Conflict for one that is not handed out, and what
    `core.paper` can't print."""
    if why := not_handed_out(row):
        raise Conflict([why])
    layout = await layouts.layout_of(row["contest"], row["issuer"])
    one = await face(row, await particulars_of(row["contest"]), layout)
    return await pdf([one], layout, at=row["signed_at"])


async def pdf(faces: Sequence[Face], layout: Layout, *, at: datetime | None = None) -> bytes:
    """All of them in one file, each with its token. at: the date in the file, never printed."""
    images = {name: content for one in faces for name, content in one.images.items()}
    pages = [one.page for one in faces]
    data = {"all": pages, "title": ", ".join(page["number"] for page in pages[:20])}
    name = _name(data, images, layout, at)
    if (kept := recent.get(name)) is not None:
        return kept
    template = layouts.form_of(layout).template
    made = await printed(faces, template, data, layout.languages[0], at=at, images=images)
    recent.keep(name, made)
    return made


async def printed(
    faces: Sequence[Face], template: str, data: Mapping[str, Any], language: str, **rest: Any
) -> bytes:
    """Raises what `core.paper` can't print, and PictureNeeded for a name that no font draws."""
    try:
        return await paper.pdf(template, data, language=language, standard=STANDARD, **rest)
    except paper.CharacterMissing as error:
        raise glyphs.picture_needed(error, [one.name for one in faces]) from error


def not_handed_out(row: Mapping[str, Any]) -> Finding | None:
    at = f"/{row['public_id']}"
    if row["state"] != "issued":
        return Finding(at, f"certificate-{row['state']}", {})
    if not rendering.token_of(row):
        return Finding(at, "certificate-erased", {})
    return None


def _name(
    data: Mapping[str, Any], images: Mapping[str, bytes], layout: Layout, at: datetime | None
) -> str:
    known = hashlib.sha256(json.dumps([data, layout.form, layout.languages, str(at)]).encode())
    for name in sorted(images):
        known.update(name.encode() + hashlib.sha256(images[name]).digest())
    return known.hexdigest()
