"""Options of a drone-surveying contest."""

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

ORGANISERS = text(
    "各赛项未公布统一数值，由主办方确定，并经裁判长确认。",
    "各賽項未公佈統一數值，由主辦方確定，並經裁判長確認。",
    "No contest published figures: they are the organiser's, confirmed by the chief referee.",
    "Nenhuma prova publicou valores: são da entidade organizadora, confirmados pelo juiz-chefe.",
)
WEIGHTS = text(
    "三项权重之和须为 100；理论 30、实操 70 为常见比例。",
    "三項權重之和須為 100；理論 30、實操 70 為常見比例。",
    "The three weights must add up to 100; theory 30 and practice 70 is common.",
    "Os três pesos somam 100; é comum teoria 30 e prática 70.",
)
PROCESSING = text(
    "数据处理模块三项分值之和须为 100。",
    "數據處理模組三項分值之和須為 100。",
    "The three parts of the processing module must add up to 100.",
    "As três partes do módulo de processamento somam 100.",
)
FROM_STANDARD = text(
    "0 表示采用规范限差。",
    "0 表示採用規範限差。",
    "0 takes the standard's limit.",
    "0 usa o limite da norma.",
)
OF_LIMIT = text("中误差不超过限差的（%）", "中誤差不超過限差的（%）", "RMSE up to (% of the limit)", "Erro até (% do limite)")  # fmt: skip
SECONDS = text("用时不超过（秒）", "用時不超過（秒）", "Time up to (s)", "Tempo até (s)")


def _marks(code: str, title: Text, default: str, help: Text, high: str = "100") -> Option:
    return Option(
        code,
        "decimal",
        title,
        default,
        help,
        minimum="0",
        maximum=high,
        first=code.endswith("_weight"),
    )


OPTIONS: tuple[Option, ...] = (
    _marks("theory_weight", text("理论权重", "理論權重", "Weight of theory", "Peso da teoria"), "30", WEIGHTS),
    _marks("flight_weight", text("飞行权重", "飛行權重", "Weight of flight", "Peso do voo"), "30", WEIGHTS),
    _marks("processing_weight", text("数据处理权重", "數據處理權重", "Weight of processing", "Peso do processamento"), "40", WEIGHTS),
    Option(
        "theory_gate",
        "bool",
        text("理论须达到最低分才参加排名", "理論須達到最低分才參加排名", "Theory is a gate to the ranking", "A teoria é condição para a classificação"),
        False,
    ),
    _marks("theory_minimum", text("理论最低分", "理論最低分", "Least theory score", "Pontuação mínima na teoria"), "60", {}),
    Option(
        "flight_seconds",
        "int",
        text("飞行时限（秒，0 为不限）", "飛行時限（秒，0 為不限）", "Time limit of the flight (s, 0: none)", "Limite de tempo do voo (s, 0: nenhum)"),
        300,
        minimum="0",
        maximum="86400",
    ),
    *over_time_options(points="0", exclude=0),
    _marks(
        "time_marks",
        text("飞行用时分值（0 表示用时只用于同分排名）", "飛行用時分值（0 表示用時只用於同分排名）", "Marks for flight time (0: time breaks ties only)", "Pontos do tempo de voo (0: só desempata)"),
        "30",
        ORGANISERS,
        "90",
    ),
    bands_option(
        "time_bands",
        text("飞行用时分档", "飛行用時分檔", "Bands of the flight time", "Faixas do tempo de voo"),
        SECONDS,
        (("180", "100"), ("240", "80"), ("300", "60")),
        ORGANISERS,
    ),
    faults_option(
        "faults",
        text("飞行扣分表", "飛行扣分表", "Deductions in flight", "Descontos no voo"),
        [
            fault("out_of_area", text("飞出规定区域", "飛出規定區域", "Out of the area", "Saída da área"), "5", "20"),
            fault("no_check", text("未做飞行前安全检查", "未做飛行前安全檢查", "No safety check before the flight", "Sem verificação de segurança antes do voo"), "5", "10"),
            fault("photos", text("缺少照片", "缺少照片", "Photos missing", "Fotografias em falta"), "1", "20"),
            fault("overlap", text("重叠度不足", "重疊度不足", "Overlap too small", "Sobreposição insuficiente"), "1", "20"),
            fault("landing", text("偏离降落点", "偏離降落點", "Landed off the mark", "Aterragem fora do ponto"), "1", "5"),
        ],
        text(
            "数值由主办方确定。坠机一项固定存在，扣完全部分数，并由裁判长另记该模块无效。",
            "數值由主辦方確定。墜機一項固定存在，扣完全部分數，並由裁判長另記該模組無效。",
            "The numbers are the organiser's. A crash is always there: it costs everything, and the chief referee records the module as void.",
            "Os valores são da entidade organizadora. A queda está sempre presente: custa tudo, e o juiz-chefe anula o módulo.",
        ),
    ),
    _marks("plan_marks", text("平面精度分值", "平面精度分值", "Marks for plan accuracy", "Pontos da exatidão planimétrica"), "40", PROCESSING, "100"),
    _marks("height_marks", text("高程精度分值", "高程精度分值", "Marks for height accuracy", "Pontos da exatidão altimétrica"), "30", PROCESSING, "100"),
    Option(
        "map_marks",
        "decimal",
        text("成图质量分值", "成圖質量分值", "Marks for map quality", "Pontos da qualidade da carta"),
        "30",
        PROCESSING,
        minimum="0",
        maximum="100",
        decimals=1,
    ),
    Option("referees", "int", text("评价成图的裁判人数", "評價成圖的裁判人數", "Referees who judge the map", "Juízes que apreciam a carta"), 3, minimum="1", maximum="99", first=True),
    Option(
        "accuracy",
        "choice",
        text("检查方法", "檢查方法", "Method of checking", "Método de verificação"),
        "higher",
        choices=(
            Choice("higher", text("高精度检测：√(Σd²/n)", "高精度檢測：√(Σd²/n)", "More accurate survey: √(Σd²/n)", "Levantamento mais exato: √(Σd²/n)")),
            Choice("equal", text("同精度检测：√(Σd²/2n)", "同精度檢測：√(Σd²/2n)", "Survey of equal accuracy: √(Σd²/2n)", "Levantamento de igual exatidão: √(Σd²/2n)")),
        ),
    ),
    Option("minimum_points", "int", text("检查点最少个数", "檢查點最少個數", "Least number of check points", "Número mínimo de pontos de verificação"), 20, minimum="20", maximum="10000"),
    Option(
        "scale",
        "choice",
        text("成图比例尺", "成圖比例尺", "Map scale", "Escala da carta"),
        "500",
        choices=(
            Choice("500", text("1:500", "1:500", "1:500", "1:500")),
            Choice("1000", text("1:1000", "1:1000", "1:1000", "1:1000")),
            Choice("2000", text("1:2000", "1:2000", "1:2000", "1:2000")),
        ),
    ),
    Option(
        "terrain",
        "choice",
        text("地形类别", "地形類別", "Terrain", "Terreno"),
        "flat_hilly",
        choices=(
            Choice("flat_hilly", text("平地、丘陵", "平地、丘陵", "Flat or hilly", "Plano ou ondulado")),
            Choice("mountain", text("山地、高山地", "山地、高山地", "Mountain", "Montanha")),
        ),
    ),
    Option("hidden", "bool", text("隐蔽或困难地区（限差 1.5 倍）", "隱蔽或困難地區（限差 1.5 倍）", "Hidden or difficult ground (limits × 1.5)", "Terreno encoberto ou difícil (limites × 1,5)"), False),
    _marks("plan_limit", text("平面中误差限差（米）", "平面中誤差限差（米）", "Limit of the plan RMSE (m)", "Limite do erro planimétrico (m)"), "0", FROM_STANDARD),
    _marks("height_limit", text("高程中误差限差（米）", "高程中誤差限差（米）", "Limit of the height RMSE (m)", "Limite do erro altimétrico (m)"), "0", FROM_STANDARD),
    bands_option(
        "plan_bands",
        text("平面中误差分档", "平面中誤差分檔", "Bands of the plan RMSE", "Faixas do erro planimétrico"),
        OF_LIMIT,
        (("50", "100"), ("75", "80"), ("100", "60")),
        ORGANISERS,
    ),
    bands_option(
        "height_bands",
        text("高程中误差分档", "高程中誤差分檔", "Bands of the height RMSE", "Faixas do erro altimétrico"),
        OF_LIMIT,
        (("50", "100"), ("75", "80"), ("100", "60")),
        ORGANISERS,
    ),
)  # fmt: skip
