"""The honours of the region's bodies: what there is, who grants it, in which order they stand.

Highest first within a family. Where no published text of a city was found, its source says so; the
form and the city's own rules are then the body's to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping

from plugins import HonourKind, HonourStep, Text, text
from plugins.greater_bay_area.cities import GUANGDONG
from plugins.greater_bay_area.packs.names import AUTHORITIES, MEDAL

NONE_FOUND = "no published text of this city found"
MODEL_WORKERS = "33.wendadaohang.com/zd/h0W4 (national); pharmst.cn (granted by governments)"
MAY_DAY = "劳动午报 2016-04-25; 羊城派 2023-04-27; fftu.gov.cn post_746940 (粤工办〔2023〕7号)"
LADDER = "广州“登攀计划” 2024: 大国工匠, 南粤工匠, 羊城工匠, 企业、区域工匠"
STUDIOS = "T/ZSCQO 005-2023 (Zhongshan); DB4404/T 17-2021 (Zhuhai); levels: national, provincial, city or district"
COMPETITION_RULES = "广东省职业技能竞赛管理办法; gd-lighting.org.cn/Home/NewsDetail/894 (2022)"

SLUGS: Mapping[str, str] = {
    "440100": "guangzhou",
    "440300": "shenzhen",
    "440400": "zhuhai",
    "440600": "foshan",
    "440700": "jiangmen",
    "441200": "zhaoqing",
    "441300": "huizhou",
    "441900": "dongguan",
    "442000": "zhongshan",
}

BODIES: Mapping[str, Text] = {
    **AUTHORITIES,
    "state_council": text("中共中央、国务院", "中共中央、國務院", "Central Committee and State Council", "Comité Central e Conselho de Estado"),
    "acftu": text("中华全国总工会", "中華全國總工會", "All-China Federation of Trade Unions", "Federação Nacional dos Sindicatos da China"),
    "guangdong_government": text("广东省人民政府", "廣東省人民政府", "People's Government of Guangdong", "Governo Popular de Guangdong"),
    "guangzhou_ftu": text("广州市总工会", "廣州市總工會", "Guangzhou Federation of Trade Unions", "Federação dos Sindicatos de Cantão"),
    "shenzhen_ftu": text("深圳市总工会", "深圳市總工會", "Shenzhen Federation of Trade Unions", "Federação dos Sindicatos de Shenzhen"),
    "foshan_ftu": text("佛山市总工会", "佛山市總工會", "Foshan Federation of Trade Unions", "Federação dos Sindicatos de Foshan"),
    "baoan_ftu": text("深圳市宝安区总工会", "深圳市寶安區總工會", "Bao'an Federation of Trade Unions", "Federação dos Sindicatos de Bao'an"),
    "longhua_ftu": text("深圳市龙华区总工会", "深圳市龍華區總工會", "Longhua Federation of Trade Unions", "Federação dos Sindicatos de Longhua"),
    "": text("授予单位", "授予單位", "The body that grants it", "A entidade que a concede"),
}  # fmt: skip

UNIT = HonourStep(
    "unit",
    text("所在单位推荐", "所在單位推薦", "Recommended by the unit", "Recomendação da unidade"),
    "unit",
)
CITY = HonourStep(
    "city", text("市级审核", "市級審核", "Examined by the city", "Apreciação municipal"), "city"
)
PROVINCE = HonourStep(
    "province",
    text("省级审核", "省級審核", "Examined by the province", "Apreciação provincial"),
    "province",
)
NATION = HonourStep(
    "nation",
    text("国家级审核", "國家級審核", "Examined nationally", "Apreciação nacional"),
    "nation",
)
TOWN = HonourStep(
    "town",
    text(
        "镇街初审",
        "鎮街初審",
        "First check by town or subdistrict",
        "Primeira verificação pela vila ou subdistrito",
    ),
    "town",
    notice=False,
)
EXPERTS = HonourStep(
    "experts",
    text("专家评议", "專家評議", "Reviewed by experts", "Apreciação por peritos"),
    "city",
    notice=False,
)
PUBLISHED = HonourStep("city", text("市级公示", "市級公示", "Public notice by the city", "Publicitação municipal"), "city")  # fmt: skip

FIRST_NAMED = text(
    "第一名可于次年申报；双人赛项限排名第一的主力选手；已获得者不重复授予。",
    "第一名可於次年申報；雙人賽項限排名第一的主力選手；已獲得者不重複授予。",
    "First place may apply the following year; in an event of two only the first-named; not granted twice.",
    "O primeiro lugar pode candidatar-se no ano seguinte; em provas de dois, só o primeiro nomeado; não se repete.",
)
ONCE = text(
    "经核准授予；已获得者不重复授予。",
    "經核准授予；已獲得者不重複授予。",
    "Granted on approval; not granted twice.",
    "Concedido após aprovação; não se repete.",
)


def _city_kinds(
    family: str, suffix: str, words: Text, body: str, **more: object
) -> list[HonourKind]:
    """One for each of the nine cities, granted by the city's own body."""
    return [
        HonourKind(
            f"{SLUGS[city.code]}_{suffix}",
            family,
            "municipal",
            3,
            _of(city.title, words),
            f"{SLUGS[city.code]}_{body}",
            BODIES.get(f"{SLUGS[city.code]}_{body}") or _of(city.title, _BODY_WORDS[body]),
            NONE_FOUND,
            city=city.code,
            **more,  # type: ignore[arg-type]
        )
        for city in GUANGDONG
    ]  # fmt: skip


_BODY_WORDS: Mapping[str, Text] = {
    "hr": text("市人力资源和社会保障局", "市人力資源和社會保障局", "Human Resources and Social Security Bureau of {city}", "Gabinete de Recursos Humanos e Segurança Social de {city}"),
    "government": text("市人民政府", "市人民政府", "People's Government of {city}", "Governo Popular de {city}"),
}  # fmt: skip
_MODEL = text("市劳动模范", "市勞動模範", "{city} Model Worker", "Trabalhador-modelo de {city}")
_EXPERT = text("市技术能手", "市技術能手", "{city} Technical Expert", "Perito técnico de {city}")


def _of(city: Text, words: Text) -> Text:
    """中山 + 市劳动模范; where the language puts the city elsewhere, at {city}."""
    return {
        language: said.replace("{city}", city[language])
        if "{city}" in said
        else city[language] + said
        for language, said in words.items()
    }


def _kind(
    code: str,
    family: str,
    tier: str,
    ordinal: int,
    title: Text,
    authority: str,
    source: str,
    **more: object,
) -> HonourKind:
    return HonourKind(code, family, tier, ordinal, title, authority, BODIES[authority], source, **more)  # type: ignore[arg-type]  # fmt: skip


HONOURS: tuple[HonourKind, ...] = (
    _kind("national_model_worker", "model_worker", "national", 1, text("全国劳动模范", "全國勞動模範", "National Model Worker", "Trabalhador-modelo nacional"), "state_council", MODEL_WORKERS),
    _kind("national_advanced_worker", "model_worker", "national", 1, text("全国先进工作者", "全國先進工作者", "National Advanced Worker", "Trabalhador avançado nacional"), "state_council", MODEL_WORKERS),
    _kind("guangdong_model_worker", "model_worker", "provincial", 2, text("广东省劳动模范", "廣東省勞動模範", "Guangdong Model Worker", "Trabalhador-modelo de Guangdong"), "guangdong_government", MODEL_WORKERS),
    *_city_kinds("model_worker", "model_worker", _MODEL, "government"),
    _kind("national_may_day_medal", "medal", "national", 1, text("全国五一劳动奖章", "全國五一勞動獎章", "National May Day Labour Medal", "Medalha Nacional do Trabalho do 1.º de Maio"), "acftu", MAY_DAY),
    _kind("national_may_day_certificate", "medal", "national", 1, text("全国五一劳动奖状", "全國五一勞動獎狀", "National May Day Labour Certificate", "Diploma Nacional do Trabalho do 1.º de Maio"), "acftu", MAY_DAY, holder="unit"),
    _kind("guangdong_may_day_medal", "medal", "provincial", 2, MEDAL, "guangdong_ftu", f"{COMPETITION_RULES}; gdftu.org.cn post_990794", first_named=True, clause=FIRST_NAMED, steps=(UNIT, CITY, PROVINCE)),
    _kind("guangdong_may_day_certificate", "medal", "provincial", 2, text("广东省五一劳动奖状", "廣東省五一勞動獎狀", "Guangdong May Day Labour Certificate", "Diploma do Trabalho do 1.º de Maio de Guangdong"), "guangdong_ftu", MAY_DAY, holder="unit"),
    _kind("national_technical_expert", "technical_expert", "national", 1, text("全国技术能手", "全國技術能手", "National Technical Expert", "Perito técnico nacional"), "mohrss", "人民日报 2020-07-05 (mirror scsqw.cn)", clause=ONCE, steps=(UNIT, CITY, PROVINCE, NATION)),
    _kind("guangdong_technical_expert", "technical_expert", "provincial", 2, text("广东省技术能手", "廣東省技術能手", "Guangdong Technical Expert", "Perito técnico de Guangdong"), "guangdong_hr", COMPETITION_RULES, clause=ONCE, steps=(UNIT, CITY, PROVINCE)),
    *_city_kinds("technical_expert", "technical_expert", _EXPERT, "hr", clause=ONCE, steps=(UNIT, CITY)),
    _kind("great_power_craftsman", "craftsman", "national", 1, text("大国工匠", "大國工匠", "Craftsman of the Nation", "Artesão da Nação"), "acftu", LADDER),
    _kind("nanyue_craftsman", "craftsman", "provincial", 2, text("南粤工匠", "南粵工匠", "Nanyue Craftsman", "Artesão de Nanyue"), "guangdong_ftu", f"{LADDER}; since 2016, 广东省总工会、省委宣传部、省工信厅"),
    _kind("yangcheng_craftsman", "craftsman", "municipal", 3, text("羊城工匠", "羊城工匠", "Yangcheng Craftsman", "Artesão de Yangcheng"), "guangzhou_ftu", LADDER, city="440100"),
    _kind("shenzhen_craftsman", "craftsman", "municipal", 3, text("深圳工匠", "深圳工匠", "Shenzhen Craftsman", "Artesão de Shenzhen"), "shenzhen_ftu", NONE_FOUND, city="440300"),
    _kind("foshan_craftsman", "craftsman", "municipal", 3, text("佛山·大城工匠", "佛山·大城工匠", "Foshan Great City Craftsman", "Artesão da Grande Cidade de Foshan"), "foshan_ftu", "jun1788.com (30 persons, with an allowance)", city="440600"),
    _kind("xiangshan_craftsman", "craftsman", "municipal", 3, text("香山工匠", "香山工匠", "Xiangshan Craftsman", "Artesão de Xiangshan"), "zhongshan_ftu", "中山日报, 2023 香山工匠杯; 0477ly.com/newsdetail/news574893", city="442000"),
    _kind("zhongshan_craftsman", "craftsman", "municipal", 3, text("中山工匠", "中山工匠", "Zhongshan Craftsman", "Artesão de Zhongshan"), "zhongshan_hr", "中山英才计划 2023: 个人申报、镇街初审、专家评议、公示 (0477ly.com/newsdetail/news574893)", city="442000", steps=(TOWN, EXPERTS, PUBLISHED)),
    _kind("baoan_craftsman", "craftsman", "district", 4, text("宝安工匠", "寶安工匠", "Bao'an Craftsman", "Artesão de Bao'an"), "baoan_ftu", "宝安区总工会 2020", city="440300"),
    _kind("longhua_craftsman", "craftsman", "district", 4, text("龙华工匠", "龍華工匠", "Longhua Craftsman", "Artesão de Longhua"), "longhua_ftu", "龙华工匠引进培育管理办法 2025-07-18", city="440300"),
    _kind("district_craftsman", "craftsman", "district", 4, text("区域工匠", "區域工匠", "District Craftsman", "Artesão distrital"), "", LADDER),
    _kind("enterprise_craftsman", "craftsman", "enterprise", 5, text("企业工匠", "企業工匠", "Enterprise Craftsman", "Artesão de empresa"), "", LADDER),
    _kind("national_innovation_studio", "studio", "national", 1, text("全国示范性劳模和工匠人才创新工作室", "全國示範性勞模和工匠人才創新工作室", "National demonstration innovation studio", "Estúdio de inovação modelo nacional"), "acftu", STUDIOS, holder="studio"),
    _kind("guangdong_innovation_studio", "studio", "provincial", 2, text("广东省劳模和工匠人才创新工作室", "廣東省勞模和工匠人才創新工作室", "Guangdong innovation studio", "Estúdio de inovação de Guangdong"), "guangdong_ftu", STUDIOS, holder="studio"),
    _kind("city_innovation_studio", "studio", "municipal", 3, text("市级劳模和工匠人才创新工作室", "市級勞模和工匠人才創新工作室", "City innovation studio", "Estúdio de inovação municipal"), "", STUDIOS, holder="studio"),
    _kind("district_innovation_studio", "studio", "district", 4, text("区级劳模和工匠人才创新工作室", "區級勞模和工匠人才創新工作室", "District innovation studio", "Estúdio de inovação distrital"), "", STUDIOS, holder="studio"),
    _kind("national_workers_pioneer", "pioneer", "national", 1, text("全国工人先锋号", "全國工人先鋒號", "National Workers' Pioneer", "Pioneiro dos Trabalhadores nacional"), "acftu", MAY_DAY, holder="team", once=False),
    _kind("guangdong_workers_pioneer", "pioneer", "provincial", 2, text("广东省工人先锋号", "廣東省工人先鋒號", "Guangdong Workers' Pioneer", "Pioneiro dos Trabalhadores de Guangdong"), "guangdong_ftu", MAY_DAY, holder="team", once=False),
)  # fmt: skip
"""In the order in which they are listed: family by family, the highest first."""
