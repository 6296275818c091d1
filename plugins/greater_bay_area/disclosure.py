"""What each region's law lets somebody see of a person's record.

Sources: the mainland's Personal Information Protection Law (个人信息保护法, in force 2021-11-01); Hong
Kong's Code of Practice on the Identity Card Number; Macao's Act 8/2005.
"""

from __future__ import annotations

from plugins import Disclosure, Text, text
from plugins.greater_bay_area import documents

PIPL = "个人信息保护法 (2021-11-01)"
HONG_KONG_CODE = "pcpd.org.hk, Code of Practice on the Identity Card Number, 2.7, 2.8"
MACAO_ACT = "Lei n.º 8/2005, al.gov.mo"

_NEEDED = text(
    "第六条：处理个人信息应当限于实现处理目的的最小范围。",
    "第六條：處理個人信息應當限於實現處理目的的最小範圍。",
    "Article 6: no more personal information than its purpose needs.",
    "Artigo 6.º: apenas os dados pessoais necessários para a finalidade.",
)
_PUBLISHED = text(
    "第二十五条：不得公开处理的个人信息，取得个人单独同意的除外。",
    "第二十五條：不得公開處理的個人信息，取得個人單獨同意的除外。",
    "Article 25: nothing is published without the person's separate consent.",
    "Artigo 25.º: nada é publicado sem o consentimento separado da pessoa.",
)
_HANDED_ON = text(
    "第二十三条：向其他处理者提供个人信息，应当告知并取得个人的单独同意。",
    "第二十三條：向其他處理者提供個人信息，應當告知並取得個人的單獨同意。",
    "Article 23: another body gets it only with the person's separate consent.",
    "Artigo 23.º: outra entidade só o recebe com o consentimento separado da pessoa.",
)
_CARD = text(
    "身份证号码与持有人姓名不得一并公开展示，亦不得以可推断的改动形式发出。",
    "身分證號碼與持有人姓名不得一併公開展示，亦不得以可推斷的改動形式發出。",
    "An identity card number is never shown with its holder's name, nor issued in a form from which it can be deduced.",
    "O número do bilhete de identidade nunca é mostrado com o nome do titular, nem emitido de forma que permita deduzi-lo.",
)  # fmt: skip
_MACAO = text(
    "第5条：个人资料应适合、适当及不超越处理目的；第19、20条：转移至特区以外须符合条件。",
    "第5條：個人資料應適合、適當及不超越處理目的；第19、20條：轉移至特區以外須符合條件。",
    "Article 5: adequate and not excessive; articles 19 and 20: transfer outside Macao under conditions.",
    "Artigo 5.º: adequados e não excessivos; artigos 19.º e 20.º: transferência para fora de Macau sob condições.",
)  # fmt: skip
OUTSIDE = ("public", "employer", "partner")
EVERYBODY = (*OUTSIDE, "staff", "person")


def _names(published: Text, handed_on: Text, source: str) -> tuple[Disclosure, ...]:
    return (
        Disclosure("name", "public", "masked", published, source, with_consent="full"),
        Disclosure("name", "employer", "masked", handed_on, source, with_consent="full"),
        Disclosure("name", "partner", "none", handed_on, source, with_consent="full"),
    )


def _outside_none(kinds: tuple[str, ...], clause: Text, source: str) -> tuple[Disclosure, ...]:
    fields = ("birth_date", "contact", "employer", *(f"document:{kind}" for kind in kinds))
    return tuple(
        Disclosure(field, audience, "none", clause, source)
        for field in fields
        for audience in OUTSIDE
    )


GUANGDONG = (
    *_names(_PUBLISHED, _HANDED_ON, PIPL),
    *_outside_none((documents.MAINLAND_ID.code, documents.RESIDENCE_PERMIT.code), _NEEDED, PIPL),
)
HONG_KONG = tuple(
    Disclosure(f"document:{documents.HKID.code}", audience, "none", _CARD, HONG_KONG_CODE)
    for audience in EVERYBODY
)
MACAO = (
    *_names(_MACAO, _MACAO, MACAO_ACT),
    *_outside_none((documents.BIR.code,), _MACAO, MACAO_ACT),
)
