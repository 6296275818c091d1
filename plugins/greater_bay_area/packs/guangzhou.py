"""Guangzhou: its class-1 city contests.

The notice of 红棉匠才 2025 (nx.jrzb.com, 2025-07-29) sets the standard at level 3 and asks 60 points of everybody
who is ranked; which prizes lead to a level it leaves to the body named for each event.
"""

from __future__ import annotations

from plugins import text
from plugins.greater_bay_area.packs.asking import city_pack
from plugins.greater_bay_area.packs.conditions import Score

PACK = city_pack(
    "guangzhou",
    text("广州", "廣州", "Guangzhou", "Cantão"),
    "2025-1",
    "2025-07-29",
    always=(Score("60"),),
)
