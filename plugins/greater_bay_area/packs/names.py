"""Names that several packs use: prizes, levels, bodies."""

from __future__ import annotations

from collections.abc import Mapping

from plugins import SKILL_LEVELS, Text, text

PRIZES = ("first", "second", "third")
PRIZES_AND_MERIT = (*PRIZES, "merit")
PRIZE_TITLES: Mapping[str, Text] = {
    "first": text("一等奖", "一等獎", "first prize", "primeiro prémio"),
    "second": text("二等奖", "二等獎", "second prize", "segundo prémio"),
    "third": text("三等奖", "三等獎", "third prize", "terceiro prémio"),
    "merit": text("优胜奖", "優勝獎", "merit award", "menção honrosa"),
}
WORKERS = ("", "workers")
"""Groups whose entrants are employed workers: the only group, or the one called "workers"."""

LEVELS: Mapping[str, Text] = SKILL_LEVELS
"""The five national levels; the number falls as skill rises."""

MEDAL = text("广东省五一劳动奖章", "廣東省五一勞動獎章", "Guangdong May Day Labour Medal", "Medalha do Trabalho do 1.º de Maio de Guangdong")  # fmt: skip

AUTHORITIES: Mapping[str, Text] = {
    "assessment_body": text("已备案的评价机构", "已備案的評價機構", "The filed assessment body", "A entidade de avaliação registada"),
    "mohrss": text("人力资源和社会保障部", "人力資源和社會保障部", "Ministry of Human Resources and Social Security", "Ministério dos Recursos Humanos e da Segurança Social"),
    "guangdong_ftu": text("广东省总工会", "廣東省總工會", "Guangdong Federation of Trade Unions", "Federação dos Sindicatos de Guangdong"),
    "guangdong_hr": text("广东省人力资源和社会保障厅", "廣東省人力資源和社會保障廳", "Human Resources and Social Security Department of Guangdong", "Departamento de Recursos Humanos e Segurança Social de Guangdong"),
    "guangzhou_hr": text("广州市人力资源和社会保障局", "廣州市人力資源和社會保障局", "Human Resources and Social Security Bureau of Guangzhou", "Gabinete de Recursos Humanos e Segurança Social de Cantão"),
    "shenzhen_hr": text("深圳市人力资源和社会保障局", "深圳市人力資源和社會保障局", "Human Resources and Social Security Bureau of Shenzhen", "Gabinete de Recursos Humanos e Segurança Social de Shenzhen"),
    "zhongshan_ftu": text("中山市总工会", "中山市總工會", "Zhongshan Federation of Trade Unions", "Federação dos Sindicatos de Zhongshan"),
    "zhongshan_hr": text("中山市人力资源和社会保障局", "中山市人力資源和社會保障局", "Human Resources and Social Security Bureau of Zhongshan", "Gabinete de Recursos Humanos e Segurança Social de Zhongshan"),
    "dongguan_hr": text("东莞市人力资源和社会保障局", "東莞市人力資源和社會保障局", "Human Resources and Social Security Bureau of Dongguan", "Gabinete de Recursos Humanos e Segurança Social de Dongguan"),
}  # fmt: skip


OCCUPATIONS: Mapping[str, str] = {
    "中式烹调师": "4-03-02-01",
    "中式面点师": "4-03-02-02",
    "西式烹调师": "4-03-02-03",
    "西式面点师": "4-03-02-04",
    "茶艺师": "4-03-02-07",
    "育婴员": "4-10-01-02",
    "保育师": "4-10-01-03",
    "美容师": "4-10-03-01",
    "美发师": "4-10-03-02",
    "评茶师": "6-02-06-11",
    "电工": "6-31-01-03",
}
"""Codes of the national classification (职业分类大典, 2022) for occupations that partners write by their
names. No published page of it was at hand to compare them with: a contest may always state the name."""


def named_or_coded(*names: str) -> tuple[str, ...]:
    """A contest may state its occupation by the name or by the code."""
    return tuple(word for name in names for word in (name, OCCUPATIONS[name]))


def joined(names: list[Text]) -> Text:
    """Several names as one list."""
    marks = {"zh-Hans": "、", "zh-Hant": "、", "en": ", ", "pt": ", "}
    return {
        language: mark.join(name[language] for name in names) for language, mark in marks.items()
    }
