"""PURE: the columns of a body's list, as bodies head them, and how levels and days stand in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from core.skill_levels import ALL_LEVELS, RANKS

HEADINGS: Mapping[str, Sequence[str]] = {
    "name": ("姓名", "name", "nome"),
    "who": (
        "证件号码", "证件号", "身份证号", "身份证号码", "證件號碼", "證件號", "document", "document number",
        "documento", "número do documento", "获奖证书编号", "獲獎證書編號", "award certificate",
        "certificado do prémio",
    ),
    "occupation": ("职业编码", "职业代码", "職業編碼", "職業代碼", "occupation", "occupation code", "profissão", "código da profissão"),
    "level": ("等级", "职业技能等级", "技能等级", "等級", "職業技能等級", "技能等級", "level", "nível"),
    "number": ("证书编号", "证书号", "證書編號", "證書號", "certificate number", "number", "número do certificado"),
    "granted_on": ("发证日期", "日期", "發證日期", "granted on", "date", "data", "data de emissão"),
}  # fmt: skip
"""Field -> its headings; the first in each language stands in the empty table."""
NEEDED = ("name", "who", "level", "number", "granted_on")
TEMPLATE: Mapping[str, Mapping[str, str]] = {
    "zh-Hans": {"name": "姓名", "who": "证件号码", "occupation": "职业编码", "level": "等级", "number": "证书编号", "granted_on": "发证日期"},
    "zh-Hant": {"name": "姓名", "who": "證件號碼", "occupation": "職業編碼", "level": "等級", "number": "證書編號", "granted_on": "發證日期"},
    "en": {"name": "Name", "who": "Document number", "occupation": "Occupation", "level": "Level", "number": "Certificate number", "granted_on": "Granted on"},
    "pt": {"name": "Nome", "who": "Número do documento", "occupation": "Profissão", "level": "Nível", "number": "Número do certificado", "granted_on": "Data de emissão"},
}  # fmt: skip


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """Field -> its place in a row of headings."""
    known = {_folded(word): field for field, words in HEADINGS.items() for word in words}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = known.get(_folded(cell))
        if field and field not in found:
            found[field] = place
    return found


def level_of(text: str) -> str:
    """ "3", 三级, 高级工, 三级/高级工, Level 3 (senior worker): the code, or "" for none that is known."""
    return _LEVELS.get(_folded(text), "")


def day_of(text: str) -> str:
    """An ISO date of 2026-11-20, 2026/11/20, 2026.11.20, 2026年11月20日 or 20261120; else as it stands."""
    parts = re.fullmatch(
        r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))",
        unicodedata.normalize("NFKC", text).strip(),
    )
    if not parts:
        return text.strip()
    year, month, day = parts[1], parts[2] or parts[4], parts[3] or parts[5]
    return f"{year}-{int(month):02}-{int(day):02}"


def _folded(text: str) -> str:
    return re.sub(r"[\s*:]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _words() -> dict[str, str]:
    found = {}
    for code, words in ALL_LEVELS.items():
        rank = RANKS[7 - int(code)] if code in "54321" else RANKS[int(code[-1])]
        for text in (code, *words.values(), *rank.values(), words["zh-Hans"].split("/")[0]):
            found[_folded(text)] = code
        found[_folded(words["zh-Hant"].split("/")[0])] = code
    return found


_LEVELS = _words()
