"""Options of a robotics contest. No weights of the 2024 contest were published: the defaults are
ours, save the tenth for safety and conduct that the rule books repeat."""

from __future__ import annotations

from plugins import (
    Choice,
    Option,
    Text,
    bands_option,
    fault,
    faults_option,
    over_time_options,
    text,
)

LIMIT_MM = text("误差不超过（毫米）", "誤差不超過（毫米）", "Error up to (mm)", "Erro até (mm)")
LIMIT_S = text("用时不超过（秒）", "用時不超過（秒）", "Time up to (s)", "Tempo até (s)")
OWN_BANDS = text(
    "数值由主办方确定；超过最后一档不得分。",
    "數值由主辦方確定；超過最後一檔不得分。",
    "The numbers are the organiser's; beyond the last band nothing is earned.",
    "Os valores são da entidade organizadora; além da última faixa não há pontos.",
)
ALL_MARKS = text(
    "四个模块的分值之和须为 100。",
    "四個模組的分值之和須為 100。",
    "The marks of the four modules must add up to 100.",
    "A pontuação dos quatro módulos soma 100.",
)
TASK_MINUTES = text(
    "2024 年赛项三项任务共 60 分钟；各模块如何分配由主办方确定，0 表示不单独计时。",
    "2024 年賽項三項任務共 60 分鐘；各模組如何分配由主辦方確定，0 表示不單獨計時。",
    "The 2024 contest gave 60 minutes for all three tasks; the split is the organiser's, 0 sets no limit.",
    "A prova de 2024 deu 60 minutos para as três tarefas; a divisão é da entidade organizadora, 0 não limita.",
)


def _marks(code: str, title: Text, default: str) -> Option:
    return Option(
        f"{code}_marks",
        "decimal",
        title,
        default,
        ALL_MARKS,
        minimum="1",
        maximum="97",
        decimals=2,
        first=True,
    )


def _minutes(code: str, title: Text, default: int) -> Option:
    return Option(
        f"{code}_minutes", "int", title, default, TASK_MINUTES, minimum="0", maximum="1440"
    )


def _count(code: str, title: Text, default: int) -> Option:
    return Option(code, "int", title, default, minimum="1", maximum="999", first=code == "referees")


OPTIONS: tuple[Option, ...] = (
    _marks("gripper", text("夹爪装配分值", "夾爪裝配分值", "Marks for gripper assembly", "Pontos da montagem da garra"), "25"),
    _marks("wiring", text("电气接线分值", "電氣接線分值", "Marks for wiring", "Pontos da cablagem"), "25"),
    _marks("programming", text("编程调试分值", "編程調試分值", "Marks for programming and commissioning", "Pontos da programação e ensaio"), "40"),
    _marks("conduct", text("安全与职业素养分值", "安全與職業素養分值", "Marks for safety and conduct", "Pontos da segurança e conduta"), "10"),
    _minutes("gripper", text("夹爪装配时限（分钟）", "夾爪裝配時限（分鐘）", "Time for gripper assembly (minutes)", "Tempo da montagem da garra (minutos)"), 15),
    _minutes("wiring", text("电气接线时限（分钟）", "電氣接線時限（分鐘）", "Time for wiring (minutes)", "Tempo da cablagem (minutos)"), 15),
    _minutes("programming", text("编程调试时限（分钟）", "編程調試時限（分鐘）", "Time for programming and commissioning (minutes)", "Tempo da programação e ensaio (minutos)"), 30),
    *over_time_options(points="0", exclude=0),
    _count("referees", text("每个评价点的裁判人数", "每個評價點的裁判人數", "Referees for each judged aspect", "Juízes por cada aspeto apreciado"), 3),
    _count("parts", text("夹爪零件数", "夾爪零件數", "Parts of the gripper", "Peças da garra"), 8),
    _count("workpieces", text("工件数", "工件數", "Workpieces", "Peças de trabalho"), 6),
    Option(
        "wiring_error",
        "decimal",
        text("每处接线错误扣该项分值的百分比", "每處接線錯誤扣該項分值的百分比", "Per cent off for each wiring error", "Percentagem descontada por erro de ligação"),
        "20",
        minimum="0.1",
        maximum="100",
    ),
    bands_option(
        "position_bands",
        text("位置误差分档", "位置誤差分檔", "Bands of the position error", "Faixas do erro de posição"),
        LIMIT_MM,
        (("0.1", "100"), ("0.3", "80"), ("0.5", "50")),
        OWN_BANDS,
    ),
    bands_option(
        "cycle_bands",
        text("节拍时间分档", "節拍時間分檔", "Bands of the cycle time", "Faixas do tempo de ciclo"),
        LIMIT_S,
        (("20", "100"), ("30", "70"), ("40", "40")),
        OWN_BANDS,
    ),
    faults_option(
        "faults",
        text("安全与职业素养扣分表", "安全與職業素養扣分表", "Deductions for safety and conduct", "Descontos de segurança e conduta"),
        [
            fault("protection", text("未按规定穿戴防护用品", "未按規定穿戴防護用品", "Protective equipment not worn", "Sem equipamento de proteção"), "1", "3"),
            fault("live", text("带电接线或插拔", "帶電接線或插拔", "Wiring or plugging under voltage", "Ligações sob tensão"), "2", "5"),
            fault("fence", text("机器人运行时进入安全区", "機械人運行時進入安全區", "Entering the safety zone while the robot moves", "Entrada na zona de segurança com o robô em movimento"), "2", "5"),
            fault("collision", text("机器人碰撞或损坏设备", "機械人碰撞或損壞設備", "Collision or damaged equipment", "Colisão ou dano de equipamento"), "2", "5"),
            fault("tidiness", text("工位不整洁、工具未归位", "工位不整潔、工具未歸位", "Untidy station, tools not put back", "Posto desarrumado, ferramentas fora do lugar"), "0.5", "2"),
        ],
        text(
            "从该模块满分起扣，扣完为止；数值由主办方确定。",
            "從該模組滿分起扣，扣完為止；數值由主辦方確定。",
            "Taken off the module's full marks down to nothing; the numbers are the organiser's.",
            "Descontam-se da pontuação do módulo até zero; os valores são da entidade organizadora.",
        ),
    ),
    Option(
        "signals",
        "table",
        text("日志信号与评分点", "日誌信號與評分點", "Log signals and their aspects", "Sinais do registo e aspetos"),
        [
            {"signal": "task_done", "reading": "pass_fail", "aspect": "C1.1"},
            {"signal": "part_placed", "reading": "count", "aspect": "C1.2"},
            {"signal": "cycle", "reading": "cycle_time", "aspect": "C1.3"},
            {"signal": "position_error", "reading": "position_error", "aspect": "C1.4"},
        ],
        columns=(
            Option("signal", "text", text("信号", "信號", "Signal", "Sinal"), "", required=True),
            Option(
                "reading",
                "choice",
                text("读取方式", "讀取方式", "Read as", "Leitura"),
                "pass_fail",
                choices=(
                    Choice("pass_fail", text("结束时是否接通", "結束時是否接通", "On at the end", "Ligado no fim")),
                    Choice("count", text("接通次数", "接通次數", "Times switched on", "Vezes ligado")),
                    Choice("cycle_time", text("最长一次接通时间（秒）", "最長一次接通時間（秒）", "Longest time on (s)", "Maior tempo ligado (s)")),
                    Choice("position_error", text("最大绝对值", "最大絕對值", "Largest absolute value", "Maior valor absoluto")),
                ),
            ),
            Option("aspect", "text", text("评分点", "評分點", "Aspect", "Aspeto"), "", required=True),
        ),
    ),
)  # fmt: skip
