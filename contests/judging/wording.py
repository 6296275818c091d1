"""Names that a scheme need not give: the written scale, and what standard calculators read."""

from __future__ import annotations

from collections.abc import Mapping

from core.options import text
from core.scoring.model import Text

STANDARD_SCALE: tuple[Text, ...] = (
    text("低于行业标准", "低於行業標準", "Below the standard", "Abaixo do padrão"),
    text("达到行业标准", "達到行業標準", "Meets the standard", "Cumpre o padrão"),
    text("局部超出标准", "局部超出標準", "Exceeds it in part", "Excede em parte"),
    text("全面优秀", "全面優秀", "Excellent", "Excelente"),
)
"""0 to 3 where an aspect has no descriptions of its own."""

COLUMNS: Mapping[str, tuple[tuple[str, Text], ...]] = {
    "PER_ERROR": (
        ("hits", text("命中", "命中", "Hits", "Acertos")),
        ("false_alarms", text("误报", "誤報", "False alarms", "Falsos alarmes")),
    ),
    "RMSE_BANDS": (
        ("squares", text("平方和", "平方和", "Sum of squares", "Soma dos quadrados")),
        ("points", text("点数", "點數", "Number of points", "Número de pontos")),
    ),
}
"""Calculator -> the values that make up its raw value, "first;second"."""
