"""Whole numbers in a scheme or rules that would hang, exhaust or stick whoever computes with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from core.scoring import check_rules, check_scheme
from core.scoring.codec import to_json
from core.scoring.model import Aspect, Module, Scheme
from tests.api.kit import caller, pointers
from tests.factories_contests import dish_rules, dish_scheme, small_contest

HUGE = (10**9, -1)


def with_aspect(scheme: Scheme, **changes: Any) -> Scheme:
    module = scheme.modules[0]
    criterion = module.criteria[0]
    sub = criterion.sub_criteria[0]
    first: Aspect = replace(sub.aspects[0], **changes)
    sub = replace(sub, aspects=(first, *sub.aspects[1:]))
    made: Module = replace(module, criteria=(replace(criterion, sub_criteria=(sub,)),))
    return replace(scheme, modules=(made, *scheme.modules[1:]))


@pytest.mark.parametrize("name", ["round_total", "notice_days", "appeal_minutes"])
@pytest.mark.parametrize("value", HUGE)
def test_rules_with_a_number_outside_of_any_contest_are_refused(name: str, value: int) -> None:
    found = check_rules(dish_scheme(), dish_rules(**{name: value}))
    assert [finding.pointer for finding in found] == [f"/{name}"]
    assert check_rules(dish_scheme(), dish_rules()) == []


@pytest.mark.parametrize("name", ["round_panel", "round_award", "top"])
@pytest.mark.parametrize("value", HUGE)
def test_an_aspect_with_a_number_outside_of_any_contest_is_refused(name: str, value: int) -> None:
    found = check_scheme(with_aspect(dish_scheme(), **{name: value}))
    assert any(finding.pointer.endswith(f"/{name}") for finding in found)


@pytest.mark.parametrize("value", HUGE)
def test_a_modules_and_a_criterions_rounding_is_bounded(value: int) -> None:
    scheme = dish_scheme()
    module = scheme.modules[0]
    criterion = replace(module.criteria[0], round_to=value)
    made = replace(module, round_to=value, criteria=(criterion,))
    found = check_scheme(replace(scheme, modules=(made, *scheme.modules[1:])))
    assert len([f for f in found if f.pointer.endswith("/round_to")]) == 2


async def test_over_the_api_such_rules_are_refused_with_their_place(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    organiser = await caller(client, small.accounts["organiser"])
    path = f"/contests/{small.contest}"
    etag = (await organiser.send("GET", path)).headers["etag"]
    rules = to_json(dish_rules()) | {"round_total": 10**9, "notice_days": 10**12}
    answer = await organiser.put(f"{path}/rules", rules, status=422, headers={"If-Match": etag})
    assert sorted(pointers(answer)) == ["/notice_days", "/round_total"]
