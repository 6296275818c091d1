"""The eleven cities and their codes: GB/T 2260 for the nine mainland cities, 810000 and 820000.

Sources: the nine cities as named in the Greater Bay Area standard contract (pcpd.org.hk,
2024-03-14); codes of GB/T 2260. Dongguan and Zhongshan have no districts below them.
"""

from __future__ import annotations

from plugins import City, text

GUANGDONG: tuple[City, ...] = (
    City("440100", text("广州", "廣州", "Guangzhou", "Cantão"), "CN"),
    City("440300", text("深圳", "深圳", "Shenzhen", "Shenzhen"), "CN"),
    City("440400", text("珠海", "珠海", "Zhuhai", "Zhuhai"), "CN"),
    City("440600", text("佛山", "佛山", "Foshan", "Foshan"), "CN"),
    City("440700", text("江门", "江門", "Jiangmen", "Jiangmen"), "CN"),
    City("441200", text("肇庆", "肇慶", "Zhaoqing", "Zhaoqing"), "CN"),
    City("441300", text("惠州", "惠州", "Huizhou", "Huizhou"), "CN"),
    City("441900", text("东莞", "東莞", "Dongguan", "Dongguan"), "CN"),
    City("442000", text("中山", "中山", "Zhongshan", "Zhongshan"), "CN"),
)
HONG_KONG: tuple[City, ...] = (
    City("810000", text("香港", "香港", "Hong Kong", "Hong Kong"), "HK"),
)
MACAO: tuple[City, ...] = (City("820000", text("澳门", "澳門", "Macao", "Macau"), "MO"),)


def is_guangdong(city: str) -> bool:
    """Province code 44: its cities, and the province itself as a delegation of its own."""
    return len(city) == 6 and city.startswith("44")
