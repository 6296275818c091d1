"""Craftsmen chosen by a quantified index: weighted indicators, scored by experts or taken from evidence.

A first-level indicator is a module that is worth its weight in points, a second-level one a line of
its sheet; so a total is out of 100 and adds up as the organiser's table does. Names and weights are
the organiser's. Nobody gets a prize: candidates are selected or shortlisted.
"""

from __future__ import annotations

from collections.abc import Iterable

from plugins import ContestType, Finding, Options, Rules, Scheme, hookimpl, text
from plugins.craftsman_index import messages as messages
from plugins.craftsman_index.checks import check
from plugins.craftsman_index.examples import CRAFTSMAN, DIGITAL
from plugins.craftsman_index.questions import OPTIONS
from plugins.craftsman_index.rules import PROCEDURE, rules
from plugins.craftsman_index.scheme import TITLE, scheme


class CraftsmanIndex(ContestType):
    """Indicators of two levels, experts whose extremes are dropped, verified evidence, a selection."""

    code = "craftsman_index"
    version = 1
    title = TITLE
    summary = text(
        "按两级指标加权：专家评分去掉最高分和最低分，佐证由核验组核定；提出入选和入围建议。",
        "按兩級指標加權：專家評分去掉最高分和最低分，佐證由核驗組核定；提出入選和入圍建議。",
        "Weighted indicators of two levels: experts’ marks without the extremes, verified evidence; proposes who is selected and shortlisted.",
        "Indicadores ponderados de dois níveis: notas de peritos sem os extremos e comprovativos verificados; propõe selecionados e pré-selecionados.",
    )
    options = (*OPTIONS, *PROCEDURE)
    templates = (CRAFTSMAN, DIGITAL)

    def scheme(self, options: Options) -> Scheme:
        return scheme(options)

    def rules(self, options: Options) -> Rules:
        return rules(options)

    def check_options(self, options: Options) -> list[Finding]:
        return check(options)


@hookimpl
def contest_types() -> Iterable[ContestType]:
    return [CraftsmanIndex()]
