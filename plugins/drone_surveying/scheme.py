"""The marking scheme of a drone-surveying contest: three modules of 100 with their weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from plugins import (
    Aspect,
    Calculation,
    Control,
    Criterion,
    Defect,
    Kind,
    Milli,
    Module,
    Options,
    Scheme,
    SubCriterion,
    Text,
    bands_of,
    defects_of,
    judgement_aspect,
    milli,
    over_time_of,
    per_cent,
    text,
)
from plugins.drone_surveying.limits import limits

THEORY, FLIGHT, PROCESSING = "T", "F", "P"
PLAN, HEIGHT = "P1.1", "P1.2"
FULL: Milli = 100_000

TITLE = text("无人机测绘", "無人機測繪", "Drone surveying", "Levantamento com drone")
CRASH = text("坠机（裁判长另记模块无效）", "墜機（裁判長另記模組無效）", "Crash (the chief referee voids the module)", "Queda (o juiz-chefe anula o módulo)")  # fmt: skip

MAP_QUALITY: tuple[Text, ...] = (
    text("未成图，或要素错漏严重，达不到行业标准", "未成圖，或要素錯漏嚴重，達不到行業標準", "No map, or features badly wrong or missing: below the trade's standard", "Sem carta, ou elementos muito errados ou em falta: abaixo da norma da profissão"),
    text("要素齐全、符号正确，达到行业标准", "要素齊全、符號正確，達到行業標準", "Complete with correct symbols: meets the standard", "Completa e com símbolos corretos: cumpre a norma"),
    text("达到标准，且注记、接边或整饰优于标准", "達到標準，且註記、接邊或整飾優於標準", "Meets it, and lettering, edge matching or layout exceeds it", "Cumpre, e a toponímia, a ligação de folhas ou o arranjo excede a norma"),
    text("表达准确精美、可直接交付，达到行业期待的优秀水平", "表達準確精美、可直接交付，達到行業期待的優秀水平", "Accurate, handsome, ready for delivery: the excellence that the trade hopes for", "Exata, cuidada, pronta a entregar: a excelência que a profissão espera"),
)  # fmt: skip


def scheme(options: Options) -> Scheme:
    modules = (_theory(options), _flight(options), _processing(options))
    return Scheme("drone_surveying", TITLE, tuple(module for module in modules if module))


def _theory(options: Options) -> Module | None:
    """Left out when it neither counts nor decides who is ranked."""
    if options["theory_weight"] == "0" and not options["theory_gate"]:
        return None
    title = text("理论知识", "理論知識", "Theory", "Teoria")
    paper = Aspect(
        "T1.1",
        Kind.POINTS,
        text("理论试卷", "理論試卷", "Theory paper", "Prova teórica"),
        FULL,
        step=500,
        control=Control("number", 500),
    )
    parts = (SubCriterion("T1", title, (paper,)),)
    return _module(THEORY, title, parts, options["theory_weight"])


def _flight(options: Options) -> Module:
    title = text("飞行作业", "飛行作業", "Flight", "Voo")
    timed = milli(options["time_marks"])
    safety = Aspect(
        "F1.1",
        Kind.DEDUCTION,
        text("航飞质量与安全", "航飛質量與安全", "Quality and safety of the flight", "Qualidade e segurança do voo"),
        FULL - timed,
        step=500,
        defects=(*defects_of(options["faults"]), Defect("crash", CRASH, FULL - timed, FULL - timed)),
        control=Control("defects", 500),
    )  # fmt: skip
    aspects = (safety, _time(timed, options)) if timed else (safety,)
    parts = (SubCriterion("F1", title, aspects),)
    return Module(
        FLIGHT,
        title,
        FULL,
        (Criterion(FLIGHT, title, parts),),
        weight=per_cent(options["flight_weight"]),
        blind=False,
        process=True,
        over_time=over_time_of(options["flight_seconds"], options),
    )


def _time(maximum: Milli, options: Options) -> Aspect:
    return Aspect(
        "F1.2",
        Kind.TIME,
        text("飞行用时", "飛行用時", "Flight time", "Tempo de voo"),
        maximum,
        calculation=Calculation("TOLERANCE_BANDS", 1, _bands(options["time_bands"])),
        unit="s",
        control=Control("stopwatch", unit="s"),
    )


def _processing(options: Options) -> Module:
    title = text("数据处理", "數據處理", "Processing", "Processamento")
    limit = limits(options)
    accuracy = tuple(
        _accuracy(aspect, name, milli(options[marks]), options[bands], within, options)
        for aspect, name, marks, bands, within in (
            (PLAN, text("平面精度", "平面精度", "Plan accuracy", "Exatidão planimétrica"), "plan_marks", "plan_bands", limit.plan),
            (HEIGHT, text("高程精度", "高程精度", "Height accuracy", "Exatidão altimétrica"), "height_marks", "height_bands", limit.height),
        )
        if options[marks] != "0"
    )  # fmt: skip
    parts = (
        SubCriterion("P1", text("检查点", "檢查點", "Check points", "Pontos de verificação"), accuracy),
        SubCriterion("P2", text("成图质量", "成圖質量", "Map quality", "Qualidade da carta"), _map(options)),
    )  # fmt: skip
    weight = options["processing_weight"]
    return _module(PROCESSING, title, tuple(part for part in parts if part.aspects), weight)


def _map(options: Options) -> tuple[Aspect, ...]:
    half = milli(options["map_marks"]) // 2
    if not half:
        return ()
    errors = Aspect(
        "P2.1",
        Kind.MEASUREMENT,
        text(
            "要素错漏处数",
            "要素錯漏處數",
            "Features wrong or missing",
            "Elementos errados ou em falta",
        ),
        half,
        calculation=Calculation("PER_ERROR", 1, {"per": "percent", "deduction": "10"}),
        control=Control("count"),
    )
    quality = text(
        "表达与整饰", "表達與整飾", "Representation and layout", "Representação e arranjo"
    )
    return errors, judgement_aspect("P2.2", quality, half, MAP_QUALITY, judges=options["referees"])


def _accuracy(
    aspect: str,
    title: Text,
    maximum: Milli,
    bands: Sequence[Mapping[str, Any]],
    limit: Fraction,
    options: Options,
) -> Aspect:
    parameters = {
        **_bands(bands, limit / 100),
        "accuracy": options["accuracy"],
        "minimum": str(options["minimum_points"]),
    }
    return Aspect(
        aspect,
        Kind.INSTRUMENT,
        title,
        maximum,
        calculation=Calculation("RMSE_BANDS", 1, parameters),
        unit="m",
        control=Control("file", unit="m"),
    )


def _bands(rows: Sequence[Mapping[str, Any]], unit: Fraction = Fraction(1)) -> dict[str, Any]:
    return {"per": "percent", "bands": bands_of(rows, unit)}


def _module(module: str, title: Text, parts: tuple[SubCriterion, ...], weight: str) -> Module:
    return Module(module, title, FULL, (Criterion(module, title, parts),), weight=per_cent(weight))
