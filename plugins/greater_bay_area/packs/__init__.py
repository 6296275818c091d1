"""Rule packs: what each authority's published texts let somebody propose, one file an authority.

A pack is dated and versioned data. Every rule names its clause, its source and the days on which it
holds; where no published text gives a figure, the pack asks the organiser for it and says so.
"""

from __future__ import annotations

from plugins.greater_bay_area.packs import (
    dongguan,
    guangdong,
    guangzhou,
    hong_kong,
    macao,
    national,
    shenzhen,
    zhongshan,
)
from plugins.greater_bay_area.packs.model import Pack

MAINLAND: tuple[Pack, ...] = (
    national.PACK,
    guangdong.PACK,
    guangzhou.PACK,
    shenzhen.PACK,
    zhongshan.PACK,
    dongguan.PACK,
)
HONG_KONG, MACAO = hong_kong.PACK, macao.PACK
EVERY: tuple[Pack, ...] = (*MAINLAND, HONG_KONG, MACAO)
