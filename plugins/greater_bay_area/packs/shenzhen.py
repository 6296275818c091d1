"""Shenzhen: its class-1 city contests. No published text with figures was found, so each is asked for."""

from __future__ import annotations

from plugins import Choice, text
from plugins.greater_bay_area.packs.asking import (
    level_question,
    level_rule,
    places_question,
    title_rule,
)
from plugins.greater_bay_area.packs.model import Pack

CITY, SINCE = "shenzhen_city", "2024-01-01"
EXPERT = text(
    "深圳市技术能手", "深圳市技術能手", "Shenzhen technical expert", "Perito técnico de Shenzhen"
)

PACK = Pack(
    code="shenzhen",
    version="2024-1",
    title=text("深圳市", "深圳市", "Shenzhen", "Shenzhen"),
    classes=(Choice(CITY, text("深圳市级竞赛", "深圳市級競賽", "Shenzhen city contest", "Prova municipal de Shenzhen")),),
    rules=(
        title_rule("shenzhen_technical_expert", EXPERT, "shenzhen_hr", CITY, SINCE, option="shenzhen_places"),
        level_rule("2", CITY, SINCE),
        level_rule("3", CITY, SINCE),
    ),
    asks={CITY: (places_question("shenzhen_places", EXPERT), level_question("2"), level_question("3"))},
)  # fmt: skip
