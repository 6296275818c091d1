"""QR pictures of certificates: as SVG (`core.web.qr`) or as a small PNG, with a badge baked in."""

from __future__ import annotations

import io
from html import escape

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.web import qr
from core.web.qr import MASK, QUIET, Matrix, matrix, version_of

__all__ = ["BADGE", "MASK", "NAMESPACE", "QUIET", "Matrix", "matrix", "png", "svg", "version_of"]

BADGE = "openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


def svg(text: str, *, title: str = "", token: str = "") -> str:
    """With `token` an Open Badge is baked in, as OB 3.0 4.2 says."""
    baked = f'<openbadges:credential verify="{escape(token)}"/>' if token else ""
    space = f' xmlns:openbadges="{NAMESPACE}"' if token else ""
    return qr.svg(text, title=title, head=baked, space=space)


def png(text: str, *, scale: int = 8, token: str = "") -> bytes:
    modules = matrix(text)
    size = len(modules) + 2 * QUIET
    picture = Image.frombytes("L", (size, size), _pixels(modules, size))
    picture = picture.resize((size * scale, size * scale), Image.Resampling.NEAREST).convert("1")
    extra = PngInfo()
    if token:
        extra.add_itxt(BADGE, token, zip=False)
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=extra, optimize=False)
    return out.getvalue()


def _pixels(modules: Matrix, size: int) -> bytes:
    quiet_row = b"\xff" * size
    side = b"\xff" * QUIET
    rows = [side + bytes(0 if dark else 255 for dark in row) + side for row in modules]
    return b"".join([quiet_row * QUIET, *rows, quiet_row * QUIET])
