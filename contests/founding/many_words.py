"""The columns of the workbook of many contests: how their headings may be written. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from core.options import text
from core.scoring.model import Text


@dataclass(frozen=True, slots=True)
class Column:
    """title: the heading in the template. also: other headings that are understood."""

    code: str
    title: Text
    example: str = ""
    also: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    Column("title", text("赛项名称", "賽項名稱", "Contest", "Prova"), "中式面点制作", ("赛项", "名称", "名称（简体）", "title", "name", "contest title")),
    Column("title_hant", text("名称（繁体）", "名稱（繁體）", "Title (Traditional Chinese)", "Título (chinês tradicional)"), "中式麵點製作"),
    Column("title_en", text("名称（英文）", "名稱（英文）", "Title (English)", "Título (inglês)"), "Chinese pastry"),
    Column("title_pt", text("名称（葡文）", "名稱（葡文）", "Title (Portuguese)", "Título (português)"), "Pastelaria chinesa"),
    Column("type", text("赛项类型", "賽項類型", "Contest type", "Tipo de prova"), "", ("类型", "type")),
    Column("template", text("模板", "範本", "Template", "Modelo"), "", ("template",)),
    Column("held_on", text("比赛日期", "比賽日期", "Date", "Data"), "", ("日期", "date", "held on")),
    Column("occupation", text("职业编码", "職業編碼", "Occupation code", "Código da profissão"), "4-03-02-02", ("职业", "occupation")),
    Column("contest_class", text("竞赛类别", "競賽類別", "Class of contest", "Categoria da prova"), "", ("类别", "class")),
    Column("profile", text("小型赛项", "小型賽項", "Small contest", "Prova pequena"), "", ("small",)),
    Column("code", text("赛项代码", "賽項代碼", "Code", "Código"), "", ("代码",)),
)  # fmt: skip
"""In the order of the template; `type` and `title` are the only ones that every file needs."""
NEEDED = ("title",)
OPTIONS_SHOWN = ("judges", "count_first", "count_second", "count_third", "notice_days")
"""Options that the template has columns for; a heading may name any other option of the type."""
YES = frozenset({"是", "yes", "y", "true", "1", "sim", "s", "√", "✓"})
NO = frozenset({"", "否", "no", "n", "false", "0", "não", "nao"})


def plain(words: object) -> str:
    """As headings and names are compared: width, case and spaces don't matter."""
    folded = unicodedata.normalize("NFKC", str(words or "")).casefold()
    return "".join(c for c in folded if c.isalnum())


def headings() -> Mapping[str, str]:
    """Plain heading → column code."""
    return {
        plain(name): column.code
        for column in COLUMNS
        for name in (column.code, *column.title.values(), *column.also)
    }
