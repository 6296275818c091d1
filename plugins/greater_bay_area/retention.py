"""How long each region's law lets somebody keep a person's record.

None of the three gives a number of years: each says "no longer than the purpose needs". So no figure
stands here; the installation decides on one and says what it rests on.
"""

from __future__ import annotations

from plugins import Retention, text

RECORD = "record"

GUANGDONG = (
    Retention(
        RECORD,
        0,
        text(
            "第十九条：保存期限应当为实现处理目的所必要的最短时间；未规定年数。",
            "第十九條：保存期限應當為實現處理目的所必要的最短時間；未規定年數。",
            "Article 19: the shortest time that the purpose needs; no number of years is given.",
            "Artigo 19.º: o tempo mais curto necessário à finalidade; não é dado um número de anos.",
        ),
        "个人信息保护法 (2021-11-01)",
    ),
)
HONG_KONG = (
    Retention(
        RECORD,
        0,
        text(
            "保障资料第2(2)原则、第26条：保存时间不得超过所需；未规定年数。",
            "保障資料第2(2)原則、第26條：保存時間不得超過所需；未規定年數。",
            "Principle 2(2), section 26: not longer than is necessary; no number of years is given.",
            "Princípio 2(2), secção 26: não mais do que o necessário; não é dado um número de anos.",
        ),
        "Personal Data (Privacy) Ordinance, Cap. 486",
    ),
)
MACAO = (
    Retention(
        RECORD,
        0,
        text(
            "第5条第1款（五）：保存时间仅限于处理目的所需；未规定年数。",
            "第5條第1款（五）：保存時間僅限於處理目的所需；未規定年數。",
            "Article 5(1)(5): kept only for the time that the purpose needs; no number of years is given.",
            "Artigo 5.º, n.º 1, alínea 5): conservados apenas durante o período necessário; não é dado um número de anos.",
        ),
        "Lei n.º 8/2005, al.gov.mo",
    ),
)  # fmt: skip
