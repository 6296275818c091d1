"""The marking scheme of a robotics contest: four modules whose marks add up to 100."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from plugins import (
    Aspect,
    Calculation,
    Control,
    Criterion,
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
    text,
)
from plugins.robotics.descriptors import PROGRAM, WIRING, WORKMANSHIP

TITLE = text("工业机器人技术应用", "工業機械人技術應用", "Industrial robotics", "Robótica industrial")  # fmt: skip
MODULES = ("gripper", "wiring", "programming", "conduct")

MEASURED = text("测量", "測量", "Measured", "Medido")
JUDGED = text("评价", "評價", "Judged", "Apreciado")
PASS_FAIL = Control(
    "choice",
    choices=("true", "false"),
    labels=(
        text("合格", "合格", "Pass", "Aprovado"),
        text("不合格", "不合格", "Fail", "Reprovado"),
    ),
)


def scheme(options: Options) -> Scheme:
    modules = (_gripper(options), _wiring(options), _programming(options), _conduct(options))
    return Scheme("robotics", TITLE, modules)


def _gripper(options: Options) -> Module:
    title = text("夹爪装配", "夾爪裝配", "Gripper assembly", "Montagem da garra")
    fitted, accurate, workmanship = _split(options["gripper_marks"], (4, 4, 2))
    return _module("A", "gripper", title, options, (
        _measured("A1.1", text("正确装配的零件数", "正確裝配的零件數", "Parts fitted correctly", "Peças bem montadas"), fitted, "NUMBER_COMPLETED", {"total": str(options["parts"])}, control=Control("count")),
        _measured("A1.2", text("夹爪定位误差", "夾爪定位誤差", "Position error of the gripper", "Erro de posição da garra"), accurate, "TOLERANCE_BANDS", _bands(options, "position_bands"), unit="mm"),
    ), (judgement_aspect("A2.1", text("装配工艺", "裝配工藝", "Workmanship of the assembly", "Qualidade da montagem"), workmanship, WORKMANSHIP, judges=options["referees"]),))  # fmt: skip


def _wiring(options: Options) -> Module:
    title = text("电气接线", "電氣接線", "Wiring", "Cablagem")
    correct, emergency, tidy = _split(options["wiring_marks"], (5, 3, 2))
    errors = {"per": "percent", "deduction": options["wiring_error"]}
    return _module("B", "wiring", title, options, (
        _measured("B1.1", text("接线错误数", "接線錯誤數", "Wiring errors", "Erros de ligação"), correct, "PER_ERROR", errors, control=Control("count")),
        _measured("B1.2", text("急停回路有效", "急停迴路有效", "Emergency stop works", "Paragem de emergência funciona"), emergency, "PASS_FAIL", {}, control=PASS_FAIL),
    ), (judgement_aspect("B2.1", text("接线工艺", "接線工藝", "Workmanship of the wiring", "Qualidade da cablagem"), tidy, WIRING, judges=options["referees"]),))  # fmt: skip


def _programming(options: Options) -> Module:
    title = text("编程调试", "編程調試", "Programming and commissioning", "Programação e ensaio")
    done, placed, fast, exact, program = _split(options["programming_marks"], (2, 3, 2, 2, 1))
    workpieces = {"total": str(options["workpieces"])}
    return _module("C", "programming", title, options, (
        _logged("C1.1", text("自动完成任务", "自動完成任務", "Task completed automatically", "Tarefa concluída em automático"), done, "PASS_FAIL", {}),
        _logged("C1.2", text("正确放置的工件数", "正確放置的工件數", "Workpieces placed", "Peças colocadas"), placed, "NUMBER_COMPLETED", workpieces),
        _logged("C1.3", text("节拍时间", "節拍時間", "Cycle time", "Tempo de ciclo"), fast, "TOLERANCE_BANDS", _bands(options, "cycle_bands"), unit="s"),
        _logged("C1.4", text("放置位置误差", "放置位置誤差", "Position error of placing", "Erro de posição da colocação"), exact, "TOLERANCE_BANDS", _bands(options, "position_bands"), unit="mm"),
    ), (judgement_aspect("C2.1", text("程序结构与可读性", "程式結構與可讀性", "Structure and readability of the program", "Estrutura e legibilidade do programa"), program, PROGRAM, judges=options["referees"]),))  # fmt: skip


def _conduct(options: Options) -> Module:
    title = text("安全与职业素养", "安全與職業素養", "Safety and conduct", "Segurança e conduta")
    maximum = milli(options["conduct_marks"])
    aspect = Aspect(
        "D1.1",
        Kind.DEDUCTION,
        title,
        maximum,
        step=500,
        defects=defects_of(options["faults"]),
        control=Control("defects", 500),
    )
    criterion = Criterion("D", title, (SubCriterion("D1", title, (aspect,)),))
    return Module("D", title, maximum, (criterion,), blind=False, process=True)


def _module(
    module: str,
    option: str,
    title: Text,
    options: Options,
    measured: tuple[Aspect, ...],
    judged: tuple[Aspect, ...],
) -> Module:
    parts = (SubCriterion(f"{module}1", MEASURED, measured), SubCriterion(f"{module}2", JUDGED, judged))  # fmt: skip
    return Module(
        module,
        title,
        milli(options[f"{option}_marks"]),
        (Criterion(module, title, parts),),
        blind=False,
        process=True,
        over_time=over_time_of(options[f"{option}_minutes"] * 60, options),
    )


def _measured(
    aspect: str,
    title: Text,
    maximum: Milli,
    calculator: str,
    parameters: dict[str, Any],
    *,
    unit: str = "",
    control: Control | None = None,
) -> Aspect:
    """One value that the group agrees on."""
    return Aspect(
        aspect,
        Kind.MEASUREMENT,
        title,
        maximum,
        calculation=Calculation(calculator, 1, parameters),
        unit=unit,
        control=control or Control("number", unit=unit),
    )


def _logged(
    aspect: str,
    title: Text,
    maximum: Milli,
    calculator: str,
    parameters: dict[str, Any],
    *,
    unit: str = "",
) -> Aspect:
    """Read from the log by the instrument."""
    return Aspect(
        aspect,
        Kind.INSTRUMENT,
        title,
        maximum,
        calculation=Calculation(calculator, 1, parameters),
        unit=unit,
        control=Control("file", unit=unit),
    )


def _bands(options: Options, code: str) -> dict[str, Any]:
    return {"per": "percent", "bands": bands_of(options[code])}


def _split(marks: str, parts: tuple[int, ...]) -> list[Milli]:
    """Shares of the module's marks on a grid of 0.01; what is left over goes to the first."""
    whole = milli(marks)
    shares = [int(Fraction(whole * part, sum(parts) * 10)) * 10 for part in parts]
    return [shares[0] + whole - sum(shares), *shares[1:]]
