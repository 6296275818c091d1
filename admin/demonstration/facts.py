"""What was published of the two contests, and the few things that we had to declare ourselves.

Published (news of October 2024): four individual trades, 108 entrants from 11 cities, in a trade one
first, two second and five third prizes, one third prize in pastry to Macao; the team award went to
Dongguan, second together to Guangzhou and Zhongshan, third to Shenzhen, Zhaoqing and Foshan. Robots:
60 minutes; pastry: 150 minutes, three works. How the team award was computed was not published: here
the prizes count 5, 3 and 1 points. Which delegation won which single prize was not published either,
except Macao's; `PLACES` is invented so that the published team award follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core.skill_levels import LEVELS

Text = dict[str, str]


def text(hans: str, hant: str, en: str, pt: str) -> Text:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": en, "pt": pt}


DEMONSTRATION = text("(演示)", "(示範)", " (demonstration)", " (demonstração)")


def marked(title: Text) -> Text:
    """The title with the word that says it is no real contest."""
    return {language: title[language] + DEMONSTRATION[language] for language in title}


@dataclass(frozen=True)
class Delegation:
    code: str
    title: Text
    city: str
    region: str = "CN"


CITIES = (
    Delegation("DG", text("东莞代表队", "東莞代表隊", "Dongguan", "Dongguan"), "441900"),
    Delegation("GZ", text("广州代表队", "廣州代表隊", "Guangzhou", "Cantão"), "440100"),
    Delegation("ZS", text("中山代表队", "中山代表隊", "Zhongshan", "Zhongshan"), "442000"),
    Delegation("SZ", text("深圳代表队", "深圳代表隊", "Shenzhen", "Shenzhen"), "440300"),
    Delegation("ZQ", text("肇庆代表队", "肇慶代表隊", "Zhaoqing", "Zhaoqing"), "441200"),
    Delegation("FS", text("佛山代表队", "佛山代表隊", "Foshan", "Foshan"), "440600"),
    Delegation("HZ", text("惠州代表队", "惠州代表隊", "Huizhou", "Huizhou"), "441300"),
    Delegation("JM", text("江门代表队", "江門代表隊", "Jiangmen", "Jiangmen"), "440700"),
    Delegation("ZH", text("珠海代表队", "珠海代表隊", "Zhuhai", "Zhuhai"), "440400"),
    Delegation("HK", text("香港代表队", "香港代表隊", "Hong Kong", "Hong Kong"), "810000", "HK"),
    Delegation("MO", text("澳门代表队", "澳門代表隊", "Macao", "Macau"), "820000", "MO"),
)

TOWNS = (
    Delegation("NQ", text("南区代表队", "南區代表隊", "Nanqu", "Nanqu"), "442000"),
    Delegation("SQ", text("石岐代表队", "石岐代表隊", "Shiqi", "Shiqi"), "442000"),
    Delegation("HJ", text("火炬代表队", "火炬代表隊", "Torch Zone", "Zona Tocha"), "442000"),
    Delegation("XL", text("小榄代表队", "小欖代表隊", "Xiaolan", "Xiaolan"), "442000"),
    Delegation("GZT", text("古镇代表队", "古鎮代表隊", "Guzhen", "Guzhen"), "442000"),
    Delegation("SX", text("三乡代表队", "三鄉代表隊", "Sanxiang", "Sanxiang"), "442000"),
)


@dataclass(frozen=True)
class Trade:
    """One contest. `places`: delegation codes of the first places, in order; the rest of the field
    follows by lot. `occupation`: code of the national classification where our sources give it, else
    a code that says it is the demonstration's."""

    code: str
    title: Text
    type_code: str
    entrants: int
    occupation: str
    contest_class: str
    held_on: str
    places: tuple[str, ...]
    judges: int = 5
    level: str = ""
    template: str = ""
    """Name of the contest type's template that its options start from."""
    extra: tuple[str, ...] = field(default=("DG", "GZ", "SZ", "FS", "ZS"))


@dataclass(frozen=True)
class Meeting:
    """One competition with its trades."""

    code: str
    title: Text
    place: str
    held_from: str
    held_to: str
    organiser: str
    organiser_title: Text
    delegations: tuple[Delegation, ...]
    trades: tuple[Trade, ...]
    team_points: tuple[str, ...] = ()


BAY_AREA = Meeting(
    code="gba-2024",
    title=marked(
        text(
            "第四届粤港澳大湾区职业技能大赛“湾区同心 技能报国”",
            "第四屆粵港澳大灣區職業技能大賽「灣區同心 技能報國」",
            "Fourth Greater Bay Area Skills Contest",
            "4.º Concurso de Competências da Grande Baía",
        )
    ),
    place="东莞",
    held_from="2024-10-10",
    held_to="2024-10-12",
    organiser="gba-2024-committee",
    organiser_title=marked(
        text(
            "第四届大湾区职业技能大赛组委会",
            "第四屆大灣區職業技能大賽組委會",
            "Organising Committee, Fourth Greater Bay Area Skills Contest",
            "Comissão Organizadora do 4.º Concurso da Grande Baía",
        )
    ),
    delegations=CITIES,
    team_points=("5", "3", "3", "1", "1", "1", "1", "1"),
    trades=(
        Trade(
            code="gba-2024-robot",
            title=text(
                "工业机器人技术应用",
                "工業機器人技術應用",
                "Industrial robotics",
                "Robótica industrial",
            ),
            type_code="robotics",
            entrants=27,
            occupation="demo-robot",
            contest_class="gba",
            held_on="2024-10-11",
            places=("DG", "GZ", "SZ", "ZS", "ZQ", "FS", "HZ", "DG"),
            level="3",
        ),
        Trade(
            code="gba-2024-pastry",
            title=text("中式面点制作", "中式麵點製作", "Chinese pastry", "Pastelaria chinesa"),
            type_code="cooking",
            template="pastry_2024",
            entrants=27,
            occupation="demo-pastry",
            contest_class="gba",
            held_on="2024-10-11",
            places=("ZS", "DG", "SZ", "MO", "GZ", "FS", "ZQ", "HK"),
            level="3",
        ),
        Trade(
            code="gba-2024-floral",
            title=text("花艺设计", "花藝設計", "Floristry", "Arte floral"),
            type_code="panel",
            template="floristry",
            entrants=27,
            occupation="demo-floral",
            contest_class="gba",
            held_on="2024-10-11",
            places=("GZ", "ZS", "ZQ", "DG", "FS", "SZ", "JM", "ZH"),
            level="3",
        ),
        Trade(
            code="gba-2024-image",
            title=text("形象造型设计", "形象造型設計", "Image design", "Design de imagem"),
            type_code="panel",
            template="image_design",
            entrants=27,
            occupation="demo-image",
            contest_class="gba",
            held_on="2024-10-12",
            places=("DG", "HK", "FS", "GZ", "ZS", "ZQ", "ZH", "MO"),
            level="3",
        ),
    ),
)

ZHONGSHAN = Meeting(
    code="xsgj-2025",
    title=marked(
        text(
            "中山市第五届职业技能大赛暨“香山工匠杯”",
            "中山市第五屆職業技能大賽暨「香山工匠盃」",
            "Zhongshan Fifth Skills Contest, Xiangshan Craftsman Cup",
            "5.º Concurso de Competências de Zhongshan, Taça Artesão de Xiangshan",
        )
    ),
    place="中山南区",
    held_from="2025-09-26",
    held_to="2025-09-26",
    organiser="xsgj-2025-committee",
    organiser_title=marked(
        text(
            "香山工匠杯组委会",
            "香山工匠盃組委會",
            "Organising Committee, Xiangshan Craftsman Cup",
            "Comissão Organizadora da Taça Artesão de Xiangshan",
        )
    ),
    delegations=TOWNS,
    trades=(
        Trade(
            code="xsgj-2025-drone",
            title=text(
                "无人机测绘操控员",
                "無人機測繪操控員",
                "Drone surveying",
                "Levantamento com drones",
            ),
            type_code="drone_surveying",
            entrants=18,
            occupation="4-08-03-07",
            contest_class="xiangshan_cup",
            held_on="2025-09-26",
            places=("NQ", "XL", "SQ", "HJ", "GZT", "SX", "NQ", "XL"),
            level="3",
            extra=(),
        ),
    ),
)

MEETINGS = (BAY_AREA, ZHONGSHAN)

TRYOUT = Meeting(
    code="tryout",
    title=marked(
        text("评分体验", "評分體驗", "Try marking yourself", "Experimente avaliar"),
    ),
    place="中山",
    held_from="2026-01-01",
    held_to="2026-12-31",
    organiser="xsgj-2025-committee",
    organiser_title=ZHONGSHAN.organiser_title,
    delegations=TOWNS,
    trades=(
        Trade(
            code="tryout-pastry",
            title=marked(
                text("中式面点制作", "中式麵點製作", "Chinese pastry", "Pastelaria chinesa")
            ),
            type_code="cooking",
            template="pastry_2024",
            entrants=12,
            occupation="demo-pastry",
            contest_class="demonstration",
            held_on="2026-06-01",
            places=("NQ",),
            level="3",
            extra=(),
        ),
    ),
)
"""Left open for judging. It is no contest that was ever held."""

LEVEL_TITLES = {"3": LEVELS["3"]}
EXPERT_TITLE = marked(
    text("技术能手", "技術能手", "Technical expert", "Perito técnico"),
)

ASSESSMENT_BODY = "demo-assessment"
ASSESSMENT_BODY_TITLE = marked(
    text(
        "大湾区技能评价示范中心",
        "大灣區技能評價示範中心",
        "Greater Bay Area Model Assessment Centre",
        "Centro Modelo de Avaliação da Grande Baía",
    )
)
AUTHORITY = "demo-authority"
AUTHORITY_TITLE = marked(
    text(
        "技能荣誉示范评定委员会",
        "技能榮譽示範評定委員會",
        "Model Committee for Skills Honours",
        "Comissão Modelo de Distinções",
    )
)
