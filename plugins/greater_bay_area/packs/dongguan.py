"""Dongguan: its city contests. No published text with figures was found, so each is asked for."""

from __future__ import annotations

from plugins import text
from plugins.greater_bay_area.packs.asking import city_pack

PACK = city_pack("dongguan", text("东莞", "東莞", "Dongguan", "Dongguan"), "2024-1", "2024-01-01")
