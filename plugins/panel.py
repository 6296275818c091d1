"""The contest type that a contest gets without any plugin: a panel marks points on a card.

The organiser declares modules and criteria; each criterion is one mark a judge, trimmed and averaged.
Floristry and image design ship as templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from plugins import (
    TITLE_COLUMNS,
    ContestType,
    Criterion,
    Finding,
    Module,
    Option,
    Options,
    Rules,
    Scheme,
    SubCriterion,
    Template,
    check_codes,
    check_panel_options,
    check_sum,
    check_titles,
    hookimpl,
    over_time_of,
    over_time_options,
    panel_aspect,
    panel_options,
    per_cent,
    register_findings,
    standard_options,
    standard_rules,
    text,
    title_of,
    title_row,
)

register_findings(
    {
        "panel-module-unknown": "There is no module “{module}”. Known modules: {known}.",
        "panel-maximum-off-step": "The maximum {maximum} can't be reached in steps of {step}. Change one of them.",
    }
)

WORK = text("作品", "作品", "Work", "Obra")
TITLE = text("评委打分（通用）", "評委評分（通用）", "Panel marks (generic)", "Pontuação por painel (genérico)")  # fmt: skip


def _module(code: str, title: Mapping[str, str], weight: str, minutes: int) -> dict[str, Any]:
    return {"code": code, **title_row(title), "weight": weight, "minutes": minutes}


def _criterion(module: str, title: Mapping[str, str], maximum: str) -> dict[str, Any]:
    return {"module": module, **title_row(title), "maximum": maximum}


FLORISTRY = Template(
    "floristry",
    text("花艺设计", "花藝設計", "Floristry", "Arte floral"),
    {
        "modules": [_module("A", text("花艺作品", "花藝作品", "Floral work", "Obra floral"), "100", 0)],
        "criteria": [
            _criterion("A", text("技艺", "技藝", "Craft", "Técnica"), "30"),
            _criterion("A", text("色彩", "色彩", "Colour", "Cor"), "20"),
            _criterion("A", text("造型", "造型", "Form", "Forma"), "20"),
            _criterion("A", text("主题与意境", "主題與意境", "Theme and mood", "Tema e ambiente"), "30"),
        ],
        "step": "0.5",
    },
)  # fmt: skip

IMAGE_DESIGN = Template(
    "image_design",
    text("形象造型设计", "形象造型設計", "Image design", "Design de imagem"),
    {
        "modules": [
            _module("A", text("新娘造型", "新娘造型", "Bridal look", "Visual de noiva"), "40", 0),
            _module("B", text("创意造型", "創意造型", "Creative look", "Visual criativo"), "60", 0),
        ],
        "criteria": [
            _criterion("A", text("发型", "髮型", "Hair", "Penteado"), "25"),
            _criterion("A", text("妆面", "妝面", "Make-up", "Maquilhagem"), "25"),
            _criterion("A", text("服饰搭配", "服飾搭配", "Dress", "Vestuário"), "25"),
            _criterion("A", text("整体效果", "整體效果", "Overall effect", "Efeito global"), "25"),
            _criterion("B", text("创意", "創意", "Creativity", "Criatividade"), "40"),
            _criterion("B", text("技法", "技法", "Technique", "Técnica"), "30"),
            _criterion("B", text("整体效果", "整體效果", "Overall effect", "Efeito global"), "30"),
        ],
        "step": "0.5",
    },
)  # fmt: skip

OPTIONS: tuple[Option, ...] = (
    Option(
        "modules",
        "table",
        text("模块", "模組", "Modules", "Módulos"),
        [_module("A", WORK, "100", 0)],
        text(
            "各模块权重之和须为 100；时限 0 表示不限时。",
            "各模組權重之和須為 100；時限 0 表示不限時。",
            "The weights must add up to 100; a limit of 0 minutes is none.",
            "Os pesos somam 100; um limite de 0 minutos significa sem limite.",
        ),
        columns=(
            Option("code", "text", text("编号", "編號", "Code", "Código"), "", required=True),
            *TITLE_COLUMNS,
            Option("weight", "decimal", text("权重", "權重", "Weight", "Peso"), "100", minimum="0", maximum="100"),
            Option("minutes", "int", text("时限（分钟）", "時限（分鐘）", "Time limit (minutes)", "Limite de tempo (minutos)"), 0, minimum="0", maximum="1440"),
        ),
        first=True,
    ),
    Option(
        "criteria",
        "table",
        text("评分标准", "評分標準", "Criteria", "Critérios"),
        [_criterion("A", text("总体评价", "總體評價", "Overall mark", "Pontuação global"), "100")],
        text(
            "每个模块的满分之和须为 100。",
            "每個模組的滿分之和須為 100。",
            "The maxima of each module must add up to 100.",
            "Os máximos de cada módulo somam 100.",
        ),
        columns=(
            Option("module", "text", text("模块编号", "模組編號", "Module", "Módulo"), "A"),
            *TITLE_COLUMNS,
            Option("maximum", "decimal", text("满分", "滿分", "Maximum", "Máximo"), "0", minimum="0.001", maximum="100", required=True),
        ),
        first=True,
    ),
    *panel_options(),
    Option("blind", "bool", text("匿名评分", "匿名評分", "Judged blind", "Avaliação anónima"), True),
    *over_time_options(),
)  # fmt: skip


class Panel(ContestType):
    """Modules of criteria, each marked by every judge of the panel."""

    code = "panel"
    version = 1
    title = TITLE
    summary = text(
        "按标准打分，去掉最高分和最低分后取平均分。",
        "按標準評分，去掉最高分和最低分後取平均分。",
        "Marks by criterion; the highest and lowest are dropped and the rest averaged.",
        "Notas por critério; excluem-se a mais alta e a mais baixa e faz-se a média.",
    )
    options = (*OPTIONS, *standard_options([{"key": "weighted_modules"}]))
    templates = (FLORISTRY, IMAGE_DESIGN)

    def scheme(self, options: Options) -> Scheme:
        return Scheme(
            "panel", TITLE, tuple(_read_module(row, options) for row in options["modules"])
        )

    def rules(self, options: Options) -> Rules:
        return standard_rules(options)

    def check_options(self, options: Options) -> list[Finding]:
        return [
            *_check_modules(options),
            *_check_criteria(options),
            *_check_step(options),
            *check_panel_options(options),
        ]


@hookimpl
def contest_types() -> Iterable[ContestType]:
    return [Panel()]


def _read_module(row: Mapping[str, Any], options: Options) -> Module:
    code = row["code"]
    lines = [line for line in options["criteria"] if line["module"] == code]
    aspects = tuple(
        panel_aspect(f"{code}1.{n}", title_of(line), line["maximum"], options)
        for n, line in enumerate(lines, 1)
    )
    card = SubCriterion(f"{code}1", title_of(row), aspects)
    return Module(
        id=code,
        title=title_of(row),
        maximum=100_000,
        criteria=(Criterion(code, title_of(row), (card,)),),
        weight=per_cent(row["weight"]),
        blind=options["blind"],
        over_time=over_time_of(row["minutes"] * 60, options),
    )


def _check_modules(options: Options) -> list[Finding]:
    rows = options["modules"]
    return [
        *check_codes("modules", rows),
        *check_titles("modules", rows),
        *check_sum("/modules", [row["weight"] for row in rows]),
    ]


def _check_criteria(options: Options) -> list[Finding]:
    lines = options["criteria"]
    known = [row["code"] for row in options["modules"]]
    findings = [
        Finding(
            f"/criteria/{n}/module",
            "panel-module-unknown",
            {"module": line["module"], "known": ", ".join(known)},
        )
        for n, line in enumerate(lines)
        if line["module"] not in known
    ]
    findings += check_titles("criteria", lines)
    for n, code in enumerate(known):
        maxima = [line["maximum"] for line in lines if line["module"] == code]
        findings += check_sum(f"/modules/{n}", maxima)
    return findings


def _check_step(options: Options) -> list[Finding]:
    step = Fraction(options["step"])
    return [
        Finding(
            f"/criteria/{n}/maximum",
            "panel-maximum-off-step",
            {"step": options["step"], "maximum": line["maximum"]},
        )
        for n, line in enumerate(options["criteria"])
        if Fraction(line["maximum"]) % step
    ]
