"""Signed text made safe to look at, names masked, dates as the reader writes them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from core import disclosure
from credentials.verify import CHINA

LONGEST = 160
LOCALES = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant_HK", "en": "en_GB", "pt": "pt_PT"}


def shown(text: str) -> str:
    """Without direction marks, zero-width and control characters, and not endless. The template
    escapes what is left."""
    cut = text[: 4 * LONGEST]
    kept = "".join(c for c in cut if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Zl"))
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def masked(name: str) -> str:
    """The first letter of each part: 欧阳晓明 is 欧***, Maria João is M**** J***."""
    return " ".join(
        part[0] + "*" * (len(part) - 1) if len(part) > 1 else "*" for part in name.split()
    )


def named(name: str, audience: str, *, consented: bool) -> str:
    """The name as this audience may see it. consented: the holder allowed it in full."""
    how = disclosure.level("name", audience, consents={"name"} if consented else ())
    return name if how == "full" else masked(name) if how == "masked" else ""


def day(iso: str, language: str) -> str:
    """An ISO date in words or figures of the language; as it stands when it is none."""
    try:
        value = date.fromisoformat(iso[:10])
    except ValueError:
        return shown(iso)
    if language.startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日"
    return format_date(value, "long", locale=LOCALES.get(language, "en_GB"))


def number_label(row: Mapping[str, Any]) -> str:
    """Msgid of the number beside the certificate's own: an honour carries its authority's document."""
    honour = row.get("kind") == "honour"
    return "Number of the authority's document" if honour else "Level certificate no."


def moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M} (UTC+8)"
