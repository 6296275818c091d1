"""Guangzhou: its class-1 city contests.

The notice of 红棉匠才 2025 (nx.jrzb.com, 2025-07-29) sets the standard at level 3 and asks 60 points of everybody
who is ranked; which prizes lead to a level it leaves to the body named for each event.
"""

from __future__ import annotations

from plugins import Choice, text
from plugins.greater_bay_area.packs.asking import (
    level_question,
    level_rule,
    places_question,
    title_rule,
)
from plugins.greater_bay_area.packs.conditions import Score
from plugins.greater_bay_area.packs.model import Pack

CITY, SINCE = "guangzhou_city", "2025-07-29"
EXPERT = text(
    "广州市技术能手", "廣州市技術能手", "Guangzhou technical expert", "Perito técnico de Cantão"
)

PACK = Pack(
    code="guangzhou",
    version="2025-1",
    title=text("广州市", "廣州市", "Guangzhou", "Cantão"),
    classes=(Choice(CITY, text("广州市级竞赛", "廣州市級競賽", "Guangzhou city contest", "Prova municipal de Cantão")),),
    rules=(
        title_rule("guangzhou_technical_expert", EXPERT, "guangzhou_hr", CITY, SINCE, option="guangzhou_places"),
        level_rule("2", CITY, SINCE, Score("60")),
        level_rule("3", CITY, SINCE, Score("60")),
    ),
    asks={CITY: (places_question("guangzhou_places", EXPERT), level_question("2"), level_question("3"))},
)  # fmt: skip
