"""Shenzhen: its city contests. No published text with figures was found, so each is asked for."""

from __future__ import annotations

from plugins import text
from plugins.greater_bay_area.packs.asking import city_pack

PACK = city_pack("shenzhen", text("深圳", "深圳", "Shenzhen", "Shenzhen"), "2024-1", "2024-01-01")
