"""Two lines on a card, marked by three judges; the highest and the lowest mark don't count."""

from __future__ import annotations

from typing import ClassVar

from plugins import (
    Aspect,
    ContestType,
    Criterion,
    Kind,
    Module,
    Options,
    Rules,
    Scheme,
    SubCriterion,
    Text,
    TieBreak,
    TieKey,
    Trim,
    text,
)


class WoodCarving(ContestType):
    code = "wood_carving"
    version = 1
    title: ClassVar[Text] = text("木雕", "木雕", "Wood carving", "Talha em madeira")

    def scheme(self, options: Options) -> Scheme:
        form = text("造型", "造型", "Form", "Forma")
        blade = text("刀法", "刀法", "Knife work", "Trabalho de goiva")
        card = SubCriterion("A1", self.title, (_line("A1.1", form), _line("A1.2", blade)))
        criterion = Criterion("A", self.title, (card,))
        return Scheme("wood_carving", self.title, (Module("A", self.title, 100_000, (criterion,)),))

    def rules(self, options: Options) -> Rules:
        return Rules(tie_breaks=(TieBreak(TieKey.ASPECT, "A1.2"),))


def _line(code: str, title: Text) -> Aspect:
    return Aspect(
        id=code,
        kind=Kind.POINTS,
        title=title,
        maximum=50_000,  # thousandths: 50 points
        step=500,
        judges=3,
        trim=Trim(high=1, low=1, minimum=3),
    )
