"""What msgspec and litestar say about a value of the wrong shape, as findings in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.scoring.model import Finding

_PLACE = re.compile(r" - at `\$?\.?(?P<place>[^`]*)`$")
_MISSING = re.compile(
    r"(?:Object missing required field|Missing required argument:?) [`'](?P<field>[^`']+)[`']"
)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]+)`")
_TYPE = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<given>[^`]+)`")
_ENUM = re.compile(r"Invalid enum value (?P<given>.+)")
_BOUND = re.compile(
    r"Expected `(?P<expected>[^`]+)`(?: of (?P<kind>length|size))? (?P<bound>[<>=]+ .+)"
)


def finding_of(item: Mapping[str, Any]) -> Finding:
    """`item`: {message, key, source} of a ValidationException."""
    message = str(item.get("message", ""))
    place = _PLACE.search(message)
    path = str(item.get("key") or (place["place"] if place else ""))
    message = _PLACE.sub("", message)
    pointer = _pointer(path)
    for pattern, code in _KINDS:
        if found := pattern.search(message):
            params = {key: value for key, value in found.groupdict().items() if value}
            if code in {"shape-missing", "shape-unknown"} and not pointer.endswith(
                f"/{params['field']}"
            ):
                pointer = f"{pointer}/{params['field']}"
            return Finding(pointer, code, params)
    return Finding(pointer, "shape-wrong", {"message": message[:200]})


_KINDS = (
    (_MISSING, "shape-missing"),
    (_UNKNOWN, "shape-unknown"),
    (_TYPE, "shape-type"),
    (_ENUM, "shape-choice"),
    (_BOUND, "shape-bound"),
)


def _pointer(path: str) -> str:
    parts = [part for part in re.split(r"[.\[\]]+", path) if part and part != "data"]
    return "".join(f"/{part}" for part in parts)
