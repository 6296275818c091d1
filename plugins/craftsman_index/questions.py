"""The organiser's table of indicators, who marks them, and how many are selected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins import TITLE_COLUMNS, Choice, Option, panel_options, text, title_row

SCORED, COUNTED, GIVEN = "scored", "counted", "given"
EXPERTS, VERIFIERS = "experts", "verifiers"

OVERALL = text("综合评价", "綜合評價", "Overall assessment", "Avaliação global")


def indicator(
    code: str, title: Mapping[str, str], weight: str, minimum: str = "0"
) -> dict[str, Any]:
    """A row of the table "first_level"."""
    return {"code": code, **title_row(title), "weight": weight, "minimum": minimum}


def below(
    parent: str, title: Mapping[str, str], weight: str, kind: str = SCORED, scale: str = "100"
) -> dict[str, Any]:
    """A row of the table "second_level"."""
    row = {"parent": parent, **title_row(title), "weight": weight}
    return {**row, "kind": kind, "scale": scale}


_INDICATORS: tuple[Option, ...] = (
    Option(
        "first_level",
        "table",
        text("一级指标", "一級指標", "First-level indicators", "Indicadores de primeiro nível"),
        [indicator("A", OVERALL, "100")],
        text(
            "名称与权重由主办方确定，权重之和须为 100；最低分按本指标得分计，0 为不设，未达到者不参加排名。",
            "名稱與權重由主辦方確定，權重之和須為 100；最低分按本指標得分計，0 為不設，未達到者不參加排名。",
            "Names and weights are the organiser’s; the weights must add up to 100. Who has fewer points in an indicator than its minimum is not ranked; 0 sets none.",
            "Nomes e pesos são da entidade organizadora; os pesos somam 100. Quem tiver num indicador menos pontos do que o mínimo não é classificado; 0 não fixa mínimo.",
        ),
        columns=(
            Option("code", "text", text("编号", "編號", "Code", "Código"), "", required=True),
            TITLE_COLUMNS[0],
            Option("weight", "decimal", text("权重", "權重", "Weight", "Peso"), "100", minimum="0.001", maximum="100", required=True),
            Option("minimum", "decimal", text("最低分", "最低分", "Minimum", "Mínimo"), "0", minimum="0", maximum="100"),
            *TITLE_COLUMNS[1:],
        ),
        first=True,
    ),
    Option(
        "second_level",
        "table",
        text("二级指标", "二級指標", "Second-level indicators", "Indicadores de segundo nível"),
        [below("A", OVERALL, "100")],
        text(
            "每项一级指标之下的权重之和须等于该项权重，或等于 100。满分值：专家评分和直接认定为最高分，核定数量为得满分所需的数量。",
            "每項一級指標之下的權重之和須等於該項權重，或等於 100。滿分值：專家評分和直接認定為最高分，核定數量為得滿分所需的數量。",
            "The weights below each first-level indicator must add up to its weight, or to 100. Full at: the highest mark; for counted evidence the number that earns full points.",
            "Os pesos abaixo de cada indicador de primeiro nível somam o peso deste, ou 100. Pleno em: a nota máxima; nos comprovativos contados, o número que dá a pontuação plena.",
        ),
        columns=(
            Option("parent", "text", text("所属一级", "所屬一級", "Below", "Abaixo de"), "A"),
            TITLE_COLUMNS[0],
            Option("weight", "decimal", text("权重", "權重", "Weight", "Peso"), "100", minimum="0.001", maximum="100", required=True),
            Option(
                "kind",
                "choice",
                text("评定方式", "評定方式", "Kind", "Tipo"),
                SCORED,
                choices=(
                    Choice(SCORED, text("专家评分", "專家評分", "Scored by experts", "Pontuado por peritos")),
                    Choice(COUNTED, text("核定数量（专利、徒弟、年限等）", "核定數量（專利、徒弟、年限等）", "Counted evidence (patents, apprentices, years …)", "Comprovativos contados (patentes, aprendizes, anos …)")),
                    Choice(GIVEN, text("直接认定分值", "直接認定分值", "A value given elsewhere", "Valor dado por outra via")),
                ),
            ),
            Option("scale", "decimal", text("满分值", "滿分值", "Full at", "Pleno em"), "100", minimum="0.001", maximum="10000"),
            *TITLE_COLUMNS[1:],
        ),
        first=True,
    ),
)  # fmt: skip

_MARKING: tuple[Option, ...] = (
    *panel_options(judges=7, step="1"),
    Option(
        "verified_by",
        "choice",
        text("佐证数量与认定分值由谁登记", "佐證數量與認定分值由誰登記", "Counted and given values are entered by", "Quem regista os valores contados e dados"),
        VERIFIERS,
        text(
            "每位候选人的每项只登记一个数值；由专家登记时，各人所填须一致。",
            "每位候選人的每項只登記一個數值；由專家登記時，各人所填須一致。",
            "There is one value for each candidate and indicator; experts who enter it have to agree.",
            "Há um só valor por candidato e indicador; os peritos que o registem têm de concordar.",
        ),
        choices=(
            Choice(VERIFIERS, text("单独的核验组", "單獨的核驗組", "A panel of verifiers", "Um painel de verificadores")),
            Choice(EXPERTS, text("专家组", "專家組", "The experts", "Os peritos")),
        ),
    ),
    Option("blind", "bool", text("材料匿名评审", "材料匿名評審", "Files are judged blind", "Processos avaliados às cegas"), True),
)  # fmt: skip


def _when(method: str) -> tuple[str, tuple[str, ...]]:
    return "selection_method", (method,)


_SELECTION: tuple[Option, ...] = (
    Option(
        "selection_method",
        "choice",
        text("入选名额的确定方式", "入選名額的確定方式", "How many are selected", "Quantos são selecionados"),
        "counts",
        text(
            "系统只提出入选建议，由组织者确认。",
            "系統只提出入選建議，由主辦方確認。",
            "The platform proposes; the organiser confirms.",
            "A plataforma propõe; a entidade organizadora confirma.",
        ),
        choices=(
            Choice("counts", text("固定名额", "固定名額", "Fixed numbers", "Números fixos")),
            Choice("shares", text("按候选人比例", "按候選人比例", "Shares of the candidates", "Percentagens dos candidatos")),
        ),
    ),
    Option("selected_count", "int", text("入选名额", "入選名額", "Selected", "Selecionados"), 10, minimum="0", maximum="1000", when=_when("counts")),
    Option("shortlisted_count", "int", text("其后的入围名额", "其後的入圍名額", "Shortlisted after them", "Pré-selecionados a seguir"), 10, minimum="0", maximum="1000", when=_when("counts")),
    Option("selected_share", "decimal", text("入选比例（%）", "入選比例（%）", "Selected (%)", "Selecionados (%)"), "10", minimum="0", maximum="100", when=_when("shares")),
    Option("shortlisted_share", "decimal", text("其后的入围比例（%）", "其後的入圍比例（%）", "Shortlisted after them (%)", "Pré-selecionados a seguir (%)"), "20", minimum="0", maximum="100", when=_when("shares")),
    Option(
        "least_total",
        "decimal",
        text("入围最低总分", "入圍最低總分", "Least total to be shortlisted", "Total mínimo para a pré-seleção"),
        "0",
        text("0 表示不设最低分。", "0 表示不設最低分。", "0 sets none.", "0 não fixa mínimo."),
        minimum="0",
        maximum="100",
    ),
    Option(
        "selection_base",
        "choice",
        text("比例的计算基数", "比例的計算基數", "Shares are counted from", "Base das percentagens"),
        "present",
        choices=(
            Choice("present", text("实际参评的候选人", "實際參評的候選人", "Candidates who were evaluated", "Candidatos avaliados")),
            Choice("registered", text("申报的候选人", "申報的候選人", "Candidates registered", "Candidatos inscritos")),
        ),
        when=_when("shares"),
    ),
    Option(
        "selection_rounding",
        "choice",
        text("名额取整", "名額取整", "Rounding of the numbers", "Arredondamento dos números"),
        "half_up",
        choices=(
            Choice("half_up", text("四舍五入", "四捨五入", "Half up", "Metade para cima")),
            Choice("down", text("舍去尾数", "捨去尾數", "Down", "Para baixo")),
            Choice("up", text("进一", "進一", "Up", "Para cima")),
        ),
        when=_when("shares"),
    ),
    Option(
        "selection_ties",
        "choice",
        text("总分并列跨入选界线时", "總分並列跨入選界線時", "Equal candidates at the limit of the selection", "Candidatos iguais no limite da seleção"),
        "together",
        choices=(
            Choice("together", text("一并入选", "一併入選", "All are taken", "Entram todos")),
            Choice("rule", text("由裁判长裁定", "由裁判長裁定", "The chief referee decides", "Decide o juiz-chefe")),
        ),
    ),
)  # fmt: skip

OPTIONS: tuple[Option, ...] = (*_INDICATORS, *_MARKING, *_SELECTION)
