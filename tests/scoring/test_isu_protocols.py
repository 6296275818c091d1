"""Twelve real competitions: every panel mark, component total and rank as published."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from core.scoring import check_rules, check_scheme, score, standings
from core.scoring.model import Results, Scheme
from core.scoring.numbers import half_up
from tests.scoring.isu import Programme, programmes


@pytest.fixture(scope="module")
def scored() -> list[tuple[Programme, Results]]:
    return [(p, score(p.scheme, p.rules, p.record)) for p in programmes()]


def test_all_6265_panel_marks_agree_with_the_protocols(
    scored: list[tuple[Programme, Results]],
) -> None:
    published = {aspect: mark for p, _ in scored for aspect, mark in p.panels.items()}
    panels = {a.aspect: a.panel for _, results in scored for a in results.aspects}

    assert len(published) == 6265
    assert {aspect: panels[aspect] for aspect in published} == published


def test_all_1253_component_totals_agree_with_the_protocols(
    scored: list[tuple[Programme, Results]],
) -> None:
    agreeing = 0
    for programme, results in scored:
        totals = dict.fromkeys(programme.published, Fraction(0))
        for aspect in results.aspects:
            if aspect.aspect in programme.panels and aspect.award is not None:
                totals[aspect.entry] += aspect.award
        published = {entry: p.components for entry, p in programme.published.items()}
        assert totals == published, programme.name
        agreeing += len(totals)

    assert agreeing == 1253


def test_all_1253_totals_and_ranks_agree_with_the_protocols(
    scored: list[tuple[Programme, Results]],
) -> None:
    agreeing = 0
    for programme, results in scored:
        found = {s.entry: (s.total, s.rank) for s in results.standings}
        published = {e: (p.total, p.rank) for e, p in programme.published.items()}
        assert found == published, programme.name
        agreeing += len(found)

    assert agreeing == 1253


def test_rounding_once_at_the_end_is_wrong_on_more_than_half_of_the_component_totals(
    scored: list[tuple[Programme, Results]],
) -> None:
    wrong = 0
    for programme, _ in scored[:20]:
        results = score(_rounded_once(programme.scheme), programme.rules, programme.record)
        totals = dict.fromkeys(programme.published, Fraction(0))
        for aspect in results.aspects:
            if aspect.aspect in programme.panels and aspect.award is not None:
                totals[aspect.entry] += aspect.award
        published = programme.published.items()
        wrong += sum(half_up(totals[entry], 2) != p.components for entry, p in published)
    performances = sum(len(programme.published) for programme, _ in scored[:20])

    assert wrong > performances / 2


def test_the_bulk_path_gives_the_same_standings(scored: list[tuple[Programme, Results]]) -> None:
    for programme, results in scored[:20]:
        bulk = standings(programme.scheme, programme.rules, programme.record)
        assert bulk == results.standings


def test_every_programme_is_a_scheme_without_findings(
    scored: list[tuple[Programme, Results]],
) -> None:
    for programme, _ in scored[:20]:
        assert check_scheme(programme.scheme) == []
        assert check_rules(programme.scheme, programme.rules) == []


def _rounded_once(scheme: Scheme) -> Scheme:
    module = scheme.modules[0]
    components, elements = module.criteria
    exact = tuple(
        replace(
            sub, aspects=tuple(replace(a, round_panel=None, round_award=None) for a in sub.aspects)
        )
        for sub in components.sub_criteria
    )
    rounded = replace(components, sub_criteria=exact, round_to=2)
    return replace(scheme, modules=(replace(module, criteria=(rounded, elements)),))
