"""Pictures that people hand in for paper: read with care, drawn anew."""

from __future__ import annotations

import io

from PIL import Image, UnidentifiedImageError

LARGEST = 512 * 1024
SMALLEST_SIDE, LONGEST_SIDE = 128, 2048


def readable(picture: bytes) -> bool:
    """Whether it is a PNG of a sensible size."""
    if len(picture) > LARGEST:
        return False
    try:
        with Image.open(io.BytesIO(picture), formats=["PNG"]) as image:
            image.verify()
            sides = image.size
            return min(sides) >= SMALLEST_SIDE and max(sides) <= LONGEST_SIDE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False


def remade(picture: bytes, *, mode: str) -> bytes:
    """Nothing of what the file carried along is left. mode: "L" on white, or "RGBA" as it is."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture), formats=["PNG"]) as image:
        seen = image.convert("RGBA")
    if mode != "RGBA":
        ground = Image.new("RGBA", seen.size, "white")
        ground.alpha_composite(seen)
        seen = ground
    seen.convert(mode).save(out, "PNG")
    return out.getvalue()
