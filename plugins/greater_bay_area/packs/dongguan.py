"""Dongguan: its class-1 city contests. No published text with figures was found, so each is asked for."""

from __future__ import annotations

from plugins import Choice, text
from plugins.greater_bay_area.packs.asking import (
    level_question,
    level_rule,
    places_question,
    title_rule,
)
from plugins.greater_bay_area.packs.model import Pack

CITY, SINCE = "dongguan_city", "2024-01-01"
EXPERT = text(
    "东莞市技术能手", "東莞市技術能手", "Dongguan technical expert", "Perito técnico de Dongguan"
)

PACK = Pack(
    code="dongguan",
    version="2024-1",
    title=text("东莞市", "東莞市", "Dongguan", "Dongguan"),
    classes=(Choice(CITY, text("东莞市级竞赛", "東莞市級競賽", "Dongguan city contest", "Prova municipal de Dongguan")),),
    rules=(
        title_rule("dongguan_technical_expert", EXPERT, "dongguan_hr", CITY, SINCE, option="dongguan_places"),
        level_rule("2", CITY, SINCE),
        level_rule("3", CITY, SINCE),
    ),
    asks={CITY: (places_question("dongguan_places", EXPERT), level_question("2"), level_question("3"))},
)  # fmt: skip
