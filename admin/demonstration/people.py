"""Invented entrants: names put together by lot, documents that can be nobody's.

Documents carry the birth date 1900-01-01 or a travel-permit number of zeros, so that no number here
belongs to a living person, and still pass the format's own check.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from admin.demonstration.facts import Delegation

SURNAMES = (
    "陈李黄张梁林刘吴罗杨郑何谢周邓曾叶蔡许彭冯苏潘钟卢袁余谭胡朱徐江蒋吕韦覃廖区欧关麦伍温莫古甘"
)
GIVEN = "嘉慧文俊志明晓丽思敏国强家乐子健永康美玲卓伟浩然咏诗芷晴泽宇雅婷梓轩钰莹德华紫琪立人秋月海涛春燕"
COMPOUND = ("欧阳", "司徒", "司马", "上官")
ROMANISED = {
    "HK": ("Chan", "Wong", "Lee", "Cheung", "Lau", "Ho", "Ng", "Leung"),
    "MO": ("Chan", "Lei", "Wong", "Ao Ieong", "Fong", "Kuok", "Lam", "Sou"),
}
SYLLABLES = (
    "Ka",
    "Wai",
    "Man",
    "Chi",
    "Sio",
    "Weng",
    "Mei",
    "Hoi",
    "Kit",
    "Lok",
    "Sam",
    "Ieng",
)
PORTUGUESE_GIVEN = ("João António", "Maria Teresa", "Luís Filipe", "Ana Beatriz")
PORTUGUESE_FAMILY = ("da Conceição Gonçalves", "de Sousa Carvalho", "Rosário Nunes")

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Invented:
    name: str
    romanised: str
    employer: str
    document_kind: str
    document_number: str


class Crowd:
    """Draws people without repeating a name or a document."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  invented people, no secret
        self._names: set[str] = set()
        self._serial = 0

    def person(self, delegation: Delegation) -> Invented:
        self._serial += 1
        name = self._name(delegation)
        kind, number = self._document(delegation)
        return Invented(
            name=name,
            romanised=self._romanised(delegation),
            employer=f"示范企业{self._random.randint(1, 60):02d}",
            document_kind=kind,
            document_number=number,
        )

    def _name(self, delegation: Delegation) -> str:
        while True:
            if delegation.region == "MO" and self._random.random() < 0.25:
                given = self._random.choice(PORTUGUESE_GIVEN)
                name = f"{given} {self._random.choice(PORTUGUESE_FAMILY)}"
            else:
                rare = self._random.random() < 0.04
                surname = self._random.choice(COMPOUND if rare else SURNAMES)
                length = self._random.choice((1, 2, 2, 2))
                name = surname + "".join(self._random.sample(GIVEN, length))
            if name not in self._names:
                self._names.add(name)
                return name

    def _romanised(self, delegation: Delegation) -> str:
        if delegation.region not in ROMANISED:
            return ""
        family = self._random.choice(ROMANISED[delegation.region])
        return f"{family} {' '.join(self._random.sample(SYLLABLES, 2))}"

    def _document(self, delegation: Delegation) -> tuple[str, str]:
        if delegation.region == "CN":
            body = f"{delegation.city}19000101{self._serial:03d}"
            rest = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11
            return "mainland_id", body + "10X98765432"[rest]
        letter = "H" if delegation.region == "HK" else "M"
        return "home_return_permit", f"{letter}{self._serial:08d}00"
