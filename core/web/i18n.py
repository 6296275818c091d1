"""Languages: which one the reader wants, and every sentence, date and number in it.

A msgid is the English sentence with {places}; `locale/<language>.po` beside it holds the others.
Nothing is compiled: the catalogues are read once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from core.scoring.model import Text
from core.words import CODES

LANGUAGES: tuple[str, ...] = ("zh-Hans", "zh-Hant", "en", "pt")
NAMES: Mapping[str, str] = {
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "en": "English",
    "pt": "Português",
}
SOURCE = "en"
COOKIE = "lang"
PACKAGES = ("core", "contests", "credentials", "admin", "plugins")
TIME_ZONE = ZoneInfo("Asia/Shanghai")
"""Guangdong, Hong Kong and Macao keep the same time."""

WORDS = frozenset({"kind", "state", "needed", "permission", "role", "status", "what"})
"""Parameters whose values are words of ours: they are translated when the catalogues know them."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_PICK_ORDER = ("zh-Hans", "zh-Hant", "en")
_LOCALES = {"zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_MO", "en": "en_GB", "pt": "pt_PT"}
_folders: list[Path] = []


def register(folder: Path) -> None:
    """Adds a folder of catalogues; a third party's plugin may bring one."""
    if folder not in _folders:
        _folders.append(folder)
        catalogue.cache_clear()


def translate(msgid: str, language: str, **params: object) -> str:
    """The sentence in that language, else in simplified Chinese for a reader of Chinese, else as
    it stands."""
    found = catalogue(language).get(msgid)
    if found is None and language == "zh-Hant":
        found = catalogue("zh-Hans").get(msgid)
    text = found or msgid
    return fill(text, params, language) if params else text


def fill(sentence: str, params: Mapping[str, object], language: str) -> str:
    """Puts the parameters in; a missing one leaves its {place} to be seen."""
    return _format(sentence, {k: translate_word(k, v, language) for k, v in params.items()})


def _format(sentence: str, values: Mapping[str, object]) -> str:
    try:
        return sentence.format_map(_Open(values))
    except (ValueError, IndexError, AttributeError):
        return sentence


def translate_markup(msgid: str, language: str, **params: object) -> Markup:
    """`translate` for a page: the sentence is ours and may hold markup, the parameters are escaped."""
    safe = {key: escape(translate_word(key, value, language)) for key, value in params.items()}
    return Markup(_format(translate(msgid, language), safe))  # noqa: S704 - the catalogues are ours


def translate_word(key: str, value: object, language: str) -> object:
    """A parameter that is a code or a word of ours, or an instant, as the reader says it."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return show_moment(value, language)
    if key not in WORDS:
        return value
    said = (translate(CODES.get(word, word), language) for word in str(value).split(" / "))
    return " / ".join(said)


def pick(text: Text | str | None, language: str) -> str:
    """An organiser's text in the reader's language, or in the next best one."""
    if text is None or isinstance(text, str):
        return text or ""
    return text.get(language_of_text(text, language), "")


def language_of_text(text: Text | str | None, language: str) -> str:
    """The language that `pick` chooses: what the `lang` attribute around it must say."""
    if text is None or isinstance(text, str):
        return language
    for code in (language, *_PICK_ORDER, *text):
        if text.get(code):
            return code
    return language


@lru_cache(maxsize=256)
def negotiate(header: str, offered: tuple[str, ...] = LANGUAGES) -> str:
    """The best of `offered` for an Accept-Language header; the first one when none fits."""
    for tag in _by_quality(header[:1000]):
        language = of_tag(tag)
        if language in offered:
            return str(language)
    return offered[0]


def of_tag(tag: str) -> str | None:
    """Our language for a BCP 47 tag: zh-MO, zh-HK and zh-TW read traditional characters."""
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] == "zh" or parts[0] == "yue":
        traditional = {"hant", "hk", "mo", "tw"} & set(parts) and "hans" not in parts
        return "zh-Hant" if traditional or tag.lower() == "yue" else "zh-Hans"
    return parts[0] if parts[0] in {"en", "pt"} else None


def _by_quality(header: str) -> list[str]:
    weighted = []
    for position, part in enumerate(header.split(",")):
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if tag and weight > 0:
            weighted.append((-weight, position, tag.strip()))
    return [tag for _, _, tag in sorted(weighted)]


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """msgid -> sentence, of every package that ships a catalogue in this language."""
    found: dict[str, str] = {}
    for folder in [*(f for package in PACKAGES for f in folders_of(package)), *_folders]:
        path = folder / f"{language}.po"
        if path.is_file():
            found = {**read_catalogue(path), **found}
    return found


def read_catalogue(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        messages = read_po(file, locale=None)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy}


def folders_of(package: str) -> list[Path]:
    """Every folder `locale` of a package of ours, its own first. Imports nothing."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return []
    found = Path(spec.origin).parent.rglob("locale")
    return sorted(found, key=lambda path: (len(path.parts), path))


# --- dates and numbers -------------------------------------------------------------------------


def show_list(words: Iterable[str], language: str) -> str:
    """A、B、C in Chinese, A, B, C elsewhere."""
    return ("、" if language.startswith("zh") else ", ").join(words)


def show_date(value: date | datetime | str, language: str) -> str:
    """2024年10月18日, 18 October 2024, 18 de outubro de 2024. Instants in the local time."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(TIME_ZONE).date()
    return dates.format_date(value, "long", locale=_locale(language))


def show_moment(value: datetime | str, language: str) -> str:
    """Date, hour and minute in the local time."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    local = value.astimezone(TIME_ZONE)
    return f"{show_date(local, language)} {local:%H:%M}"


def show_clock(value: datetime | str) -> str:
    """Hour, minute and second in the local time; the same in every language."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value.astimezone(TIME_ZONE):%H:%M:%S}"


def show_ago(value: datetime | str, now: datetime, language: str) -> str:
    """12 seconds ago, 3分钟前."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    passed = min(value - now, timedelta(seconds=-1))
    return str(
        dates.format_timedelta(passed, add_direction=True, threshold=1, locale=_locale(language))
    )


def show_number(value: Decimal | int | str, language: str) -> str:
    """With the separators of the language and exactly the digits given: 1,234.50 or 1234,50."""
    number = Decimal(str(value))
    places = max(0, -int(number.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return numbers.format_decimal(number, format=pattern, locale=_locale(language))


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, "en_GB"))


class _Open(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
