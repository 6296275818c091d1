"""Options that most contest types ask in the same words: prizes, ties, rounding, notice, appeals.

`standard_rules` (`standard_rules.py`) turns the answers into Rules. A type adds them to its own:

    options = (*OWN, *standard_options(tie_breaks=[{"key": "time"}]))
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.options import Choice, Option, text
from core.scoring.model import Finding, Text, TieKey

TITLE_COLUMNS: tuple[Option, ...] = (
    Option("title_zh_hans", "text", text("名称（简体）", "名稱（簡體）", "Title (Simplified Chinese)", "Título (chinês simplificado)"), ""),
    Option("title_zh_hant", "text", text("名称（繁体）", "名稱（繁體）", "Title (Traditional Chinese)", "Título (chinês tradicional)"), ""),
    Option("title_en", "text", text("名称（英文）", "名稱（英文）", "Title (English)", "Título (inglês)"), ""),
    Option("title_pt", "text", text("名称（葡文）", "名稱（葡文）", "Title (Portuguese)", "Título (português)"), ""),
)  # fmt: skip
"""Columns that name a row in four languages; at least one has to be filled (`title_of`)."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}")
_LANGUAGES = {
    "title_zh_hans": "zh-Hans",
    "title_zh_hant": "zh-Hant",
    "title_en": "en",
    "title_pt": "pt",
}


def title_of(row: Mapping[str, Any]) -> Text:
    """The titles of a table's row that were filled in; empty when none was."""
    return {language: row[code] for code, language in _LANGUAGES.items() if row.get(code)}


def title_row(title: Text) -> dict[str, str]:
    """The reverse of `title_of`, for a default row."""
    return {code: title.get(language, "") for code, language in _LANGUAGES.items()}


def check_titles(table: str, rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Every row needs a title in at least one language."""
    return [
        Finding(f"/{table}/{n}/title_zh_hans", "option-title-missing")
        for n, row in enumerate(rows)
        if not title_of(row)
    ]


def check_codes(table: str, rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Codes of rows are short, plain and different: they become ids on sheets and in the log."""
    codes = [row["code"] for row in rows]
    plain = [
        Finding(f"/{table}/{n}/code", "option-code", {"code": code})
        for n, code in enumerate(codes)
        if not _CODE.fullmatch(code)
    ]
    return plain + [
        Finding(f"/{table}/{n}/code", "option-code-twice", {"code": code})
        for n, code in enumerate(codes)
        if code in codes[:n]
    ]


def standard_options(tie_breaks: Sequence[Mapping[str, str]] = ()) -> tuple[Option, ...]:
    """Prizes, ties, rounding, notice and appeals; `tie_breaks` are the type's own default order."""
    return (*map(_when, (*_PRIZES, *_TIES)), _tie_breaks(tie_breaks), *_PROCEDURE)


_METHODS = {"count": ("counts",), "share": ("shares",), "ratio": ("ratio",), "merit": ("ratio",)}


def _when(option: Option) -> Option:
    """Numbers, shares and parts are pointless beside another way of setting prizes."""
    if option.code == "tie_within":
        return replace(option, when=("tie_policy", ("within",)))
    start, _, rest = option.code.partition("_")
    if start in _METHODS:
        return replace(option, when=("prize_method", _METHODS[start]))
    if start == "prize" and rest != "method":
        return replace(option, when=("prize_method", ("counts", "shares", "ratio")))
    return option


def _whole(code: str, title: Text, default: int, high: int, help: Text | None = None) -> Option:
    return Option(code, "int", title, default, help or {}, minimum="0", maximum=str(high))


def _per_cent(code: str, title: Text, default: str, help: Text | None = None) -> Option:
    return Option(code, "decimal", title, default, help or {}, minimum="0", maximum="100")


_PRIZES: tuple[Option, ...] = (
    Option(
        "prize_method",
        "choice",
        text("奖项设置方式", "獎項設置方式", "How prizes are set", "Como se atribuem os prémios"),
        "counts",
        text(
            "系统只提出获奖建议，由组织者确认。",
            "系統只提出獲獎建議，由主辦方確認。",
            "The platform proposes; the organiser confirms.",
            "A plataforma propõe; a entidade organizadora confirma.",
        ),
        choices=(
            Choice("counts", text("固定名额", "固定名額", "Fixed numbers", "Números fixos")),
            Choice("shares", text("按人数比例", "按人數比例", "Shares of the entrants", "Percentagens dos concorrentes")),
            Choice("ratio", text("按 1:2:3 等比例并设上限", "按 1:2:3 等比例並設上限", "A ratio such as 1:2:3 with a cap", "Uma proporção como 1:2:3 com limite")),
            Choice("none", text("不设奖项", "不設獎項", "No prizes", "Sem prémios")),
        ),
    ),
    _whole("count_first", text("一等奖名额", "一等獎名額", "First prizes", "Primeiros prémios"), 1, 1000),
    _whole("count_second", text("二等奖名额", "二等獎名額", "Second prizes", "Segundos prémios"), 2, 1000),
    _whole("count_third", text("三等奖名额", "三等獎名額", "Third prizes", "Terceiros prémios"), 5, 1000),
    _whole("count_merit", text("优胜奖名额", "優勝獎名額", "Merit awards", "Menções honrosas"), 0, 1000),
    _per_cent("share_first", text("一等奖比例（%）", "一等獎比例（%）", "First prizes (%)", "Primeiros prémios (%)"), "10"),
    _per_cent("share_second", text("二等奖比例（%）", "二等獎比例（%）", "Second prizes (%)", "Segundos prémios (%)"), "20"),
    _per_cent("share_third", text("三等奖比例（%）", "三等獎比例（%）", "Third prizes (%)", "Terceiros prémios (%)"), "30"),
    _whole("ratio_first", text("一等奖份数", "一等獎份數", "First prizes (parts)", "Primeiros prémios (partes)"), 1, 100),
    _whole("ratio_second", text("二等奖份数", "二等獎份數", "Second prizes (parts)", "Segundos prémios (partes)"), 2, 100),
    _whole("ratio_third", text("三等奖份数", "三等獎份數", "Third prizes (parts)", "Terceiros prémios (partes)"), 3, 100),
    _per_cent("ratio_cap", text("获奖人数上限（%）", "獲獎人數上限（%）", "Prize winners at most (%)", "Premiados, no máximo (%)"), "20"),
    _per_cent(
        "merit_to",
        text("优胜奖至前百分之几（%）", "優勝獎至前百分之幾（%）", "Merit awards down to the top (%)", "Menções honrosas até aos primeiros (%)"),
        "50",
        text("仅用于按份数设奖；0 表示不设优胜奖。", "僅用於按份數設獎；0 表示不設優勝獎。", "With a ratio only; 0 gives no merit awards.", "Só com proporção; 0 não dá menções."),
    ),
    Option(
        "prize_base",
        "choice",
        text("计奖人数", "計獎人數", "Prizes are counted from", "Base dos prémios"),
        "present",
        choices=(
            Choice("present", text("实际参赛人数", "實際參賽人數", "Entrants who competed", "Concorrentes que participaram")),
            Choice("registered", text("报名人数", "報名人數", "Entrants registered", "Concorrentes inscritos")),
        ),
    ),
    Option(
        "prize_rounding",
        "choice",
        text("名额取整", "名額取整", "Rounding of numbers of prizes", "Arredondamento do número de prémios"),
        "half_up",
        text(
            "没有统一的官方规定，请按竞赛规程选择。",
            "沒有統一的官方規定，請按競賽規程選擇。",
            "No uniform official rule is known: choose what your regulations say.",
            "Não se conhece regra oficial uniforme: escolha a do seu regulamento.",
        ),
        choices=(
            Choice("half_up", text("四舍五入", "四捨五入", "Half up", "Metade para cima")),
            Choice("down", text("舍去尾数", "捨去尾數", "Down", "Para baixo")),
            Choice("up", text("进一", "進一", "Up", "Para cima")),
        ),
    ),
    Option(
        "prize_minimum",
        "decimal",
        text("获奖最低总分", "獲獎最低總分", "Least total for a prize", "Total mínimo para um prémio"),
        "0",
        text("0 表示不设最低分。", "0 表示不設最低分。", "0 sets none.", "0 não fixa mínimo."),
        minimum="0",
        maximum="1000",
    ),
    Option(
        "prize_ties",
        "choice",
        text("并列跨奖项界线时", "並列跨獎項界線時", "A shared place at the limit of a prize", "Lugar ex aequo no limite de um prémio"),
        "together",
        choices=(
            Choice("together", text("同获较高奖项", "同獲較高獎項", "All get the better prize", "Todos recebem o prémio melhor")),
            Choice("rule", text("由裁判长裁定", "由裁判長裁定", "The chief referee decides", "Decide o juiz-chefe")),
        ),
    ),
)  # fmt: skip

_TIES: tuple[Option, ...] = (
    Option(
        "tie_policy",
        "choice",
        text("仍并列时", "仍並列時", "If a tie remains", "Se persistir o empate"),
        "shared",
        choices=(
            Choice("shared", text("名次并列", "名次並列", "The place is shared", "Lugar ex aequo")),
            Choice("none", text("不设并列，由裁判长裁定", "不設並列，由裁判長裁定", "No shared places; the chief referee decides", "Sem ex aequo; decide o juiz-chefe")),
            Choice("within", text("分差在规定范围内并列", "分差在規定範圍內並列", "Shared within a number of points", "Ex aequo dentro de certos pontos")),
        ),
    ),
    Option("tie_within", "decimal", text("并列分差", "並列分差", "Points within which a place is shared", "Pontos dentro dos quais há ex aequo"), "0", minimum="0", maximum="1000"),
)  # fmt: skip

_TIE_KEYS: tuple[Choice, ...] = (
    Choice(TieKey.MODULE.value, text("某模块得分", "某模組得分", "Score of a module", "Pontuação de um módulo")),
    Choice(TieKey.CRITERION.value, text("某评分标准得分", "某評分標準得分", "Score of a criterion", "Pontuação de um critério")),
    Choice(TieKey.ASPECT.value, text("某评分点得分", "某評分點得分", "Score of an aspect", "Pontuação de um aspeto")),
    Choice(TieKey.TIME.value, text("用时少者在前（留空为全部模块）", "用時少者在前（留空為全部模組）", "Less time first (empty: all modules)", "Menos tempo primeiro (vazio: todos os módulos)")),
    Choice(TieKey.UNROUNDED.value, text("未舍入的总分", "未捨入的總分", "The unrounded total", "Total sem arredondamento")),
    Choice(TieKey.WEIGHTED_MODULES.value, text("各模块按权重从大到小", "各模組按權重從大到小", "All modules, largest weight first", "Todos os módulos, maior peso primeiro")),
    Choice(TieKey.COUNT_BEST.value, text("满分评分点的个数", "滿分評分點的個數", "Number of aspects with full marks", "Número de aspetos com nota máxima")),
)  # fmt: skip


def _tie_breaks(default: Sequence[Mapping[str, str]]) -> Option:
    return Option(
        "tie_breaks",
        "table",
        text("同分时依次比较", "同分時依次比較", "Ties are broken by, in this order", "Os empates resolvem-se por esta ordem"),
        [dict(row) for row in default],
        columns=(
            Option("key", "choice", text("比较内容", "比較內容", "Compare", "Comparar"), "time", choices=_TIE_KEYS),
            Option("id", "text", text("编号（模块、标准或评分点）", "編號（模組、標準或評分點）", "Id (module, criterion or aspect)", "Código (módulo, critério ou aspeto)"), ""),
        ),
    )  # fmt: skip


_PROCEDURE: tuple[Option, ...] = (
    Option("decimals_total", "int", text("总分小数位数", "總分小數位數", "Decimals of the total", "Casas decimais do total"), 2, minimum="0", maximum="6"),
    _whole("notice_days", text("公示天数", "公示天數", "Days of public notice", "Dias de publicitação"), 5, 60),
    _whole("appeal_minutes", text("申诉时限（分钟）", "申訴時限（分鐘）", "Time for appeals (minutes)", "Prazo de recurso (minutos)"), 120, 10_080),
    Option(
        "issue_at",
        "choice",
        text("获奖证书颁发时间", "獲獎證書頒發時間", "Award certificates are issued", "Os certificados de prémio são emitidos"),
        "final",
        choices=(
            Choice("final", text("公示期满终定后", "公示期滿終定後", "When the result is final", "Quando o resultado é definitivo")),
            Choice("signed", text("成绩签名后（注明公示中）", "成績簽名後（註明公示中）", "When the result is signed (marked as in public notice)", "Quando o resultado é assinado (com menção da publicitação)")),
        ),
    ),
)  # fmt: skip
