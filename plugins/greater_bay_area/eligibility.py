"""Who may enter a contest under Guangdong's rules: each published clause held against one entrant.

A clause says what it says; the organiser decides, and may know of an exemption.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plugins import Clause, EntrantFacts, Text, text
from plugins.greater_bay_area.packs.names import WORKERS

PROVINCIAL = ("provincial_1", "provincial_2", "provincial_worker")
NOTICE_2019 = "chinagdf.com.cn/zt/jnjs/2019zsA (广东省级竞赛通知, 2019)"
OLDEST, YOUNGEST = 60, 16

AGE = text(
    "参赛选手年龄不超过60周岁。",
    "參賽選手年齡不超過60周歲。",
    "Entrants are at most 60 years old.",
    "Os concorrentes não têm mais de 60 anos.",
)
NATIONAL_EXPERT = text(
    "已获得“全国技术能手”称号的人员不得报名参赛。",
    "已獲得「全國技術能手」稱號的人員不得報名參賽。",
    "Who holds the title National Technical Expert may not enter.",
    "Quem já tem o título de Perito Técnico Nacional não pode inscrever-se.",
)
PROVINCIAL_EXPERT = text(
    "已获得“广东省技术能手”称号的人员可以参赛，但不再重复授予称号。",
    "已獲得「廣東省技術能手」稱號的人員可以參賽，但不再重複授予稱號。",
    "Who holds the title Guangdong Technical Expert may enter, but is not given it again.",
    "Quem já tem o título de Perito Técnico de Guangdong pode participar, mas não o recebe de novo.",
)
WORKING_AGE = text(
    "职工组选手须年满16周岁（《劳动法》第十五条禁止招用未满十六周岁的未成年人）。",
    "職工組選手須年滿16周歲（《勞動法》第十五條禁止招用未滿十六周歲的未成年人）。",
    "Entrants of a workers' group are at least 16 (Labour Law, article 15: nobody younger is employed).",
    "Os concorrentes de um grupo de trabalhadores têm pelo menos 16 anos (Lei do Trabalho, artigo 15.º).",
)


def clauses(entrant: EntrantFacts) -> Sequence[Clause]:
    """Those that apply to the contest's class and the entrant's group."""
    age = age_on(entrant.birth_date, entrant.held_on)
    found = []
    if entrant.contest_class in PROVINCIAL:
        national = any("全国技术能手" in t or "全國技術能手" in t for t in entrant.titles)
        provincial = any("广东省技术能手" in t or "廣東省技術能手" in t for t in entrant.titles)
        found = [
            _aged("guangdong-age", AGE, NOTICE_2019, age, age is not None and age <= OLDEST),
            Clause("guangdong-national-expert", NATIONAL_EXPERT, NOTICE_2019, "not_met" if national else "met"),
        ]  # fmt: skip
        if provincial:
            found.append(Clause("guangdong-expert", PROVINCIAL_EXPERT, NOTICE_2019, "note"))
    if entrant.contest_class and entrant.group in WORKERS:
        law = "《中华人民共和国劳动法》第十五条"
        old_enough = age is not None and age >= YOUNGEST
        found.append(_aged("guangdong-working-age", WORKING_AGE, law, age, old_enough))
    return found


def age_on(born: str, day: str) -> int | None:
    """Completed years; None when either date is not known."""
    try:
        birth, at = date.fromisoformat(born), date.fromisoformat(day)
    except ValueError:
        return None
    return at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))


def _aged(code: str, clause: Text, source: str, age: int | None, holds: bool) -> Clause:
    return Clause(code, clause, source, "unknown" if age is None else "met" if holds else "not_met")
