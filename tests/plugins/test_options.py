"""Options of a contest type: strict numbers, defaults filled in, all findings at once."""

from __future__ import annotations

from typing import Any

import pytest

from core.options import read_options
from plugins import Choice, ContestType, Option, Template, check_sum, text
from plugins.cooking import Cooking
from plugins.drone_surveying import DroneSurveying
from plugins.panel import Panel
from plugins.robotics import Robotics

TYPES = [Cooking(), DroneSurveying(), Panel(), Robotics()]
LANGUAGES = {"zh-Hans", "zh-Hant", "en", "pt"}
T = text("问", "問", "Question", "Pergunta")


class Asked(ContestType):
    code = "asked"
    title = T
    options = (
        Option("judges", "int", T, 5, minimum="1", maximum="9"),
        Option("step", "decimal", T, "0.5", minimum="0.1"),
        Option("blind", "bool", T, True),
        Option("name", "text", T, ""),
        Option("card", "choice", T, "dish", choices=(Choice("dish", T), Choice("pastry", T))),
        Option(
            "rows",
            "table",
            T,
            [{"code": "A"}],
            columns=(Option("code", "text", T, "", required=True), Option("maximum", "decimal", T, "10")),
        ),
    )  # fmt: skip


def codes(raw: dict[str, Any]) -> dict[str, str]:
    return {finding.pointer: finding.code for finding in read_options(Asked(), raw)[1]}


def test_no_answers_give_every_default() -> None:
    options, findings = read_options(Asked(), {})

    assert findings == []
    assert options == {
        "judges": 5,
        "step": "0.5",
        "blind": True,
        "name": "",
        "card": "dish",
        "rows": [{"code": "A", "maximum": "10"}],
    }


def test_everything_wrong_is_told_at_once_with_its_place() -> None:
    found = codes(
        {
            "judges": 12,
            "step": "1,25",
            "blind": "yes",
            "card": "soup",
            "colour": "red",
            "rows": [{"maximum": "x"}, 7],
        }
    )

    assert found == {
        "/judges": "option-too-large",
        "/step": "option-decimal",
        "/blind": "option-truth",
        "/card": "option-choice",
        "/colour": "option-unknown",
        "/rows/0/code": "option-required",
        "/rows/0/maximum": "option-decimal",
        "/rows/1": "option-row",
    }


@pytest.mark.parametrize("given", [0.5, "０.５", "1,25", " 1", "1e2", "+1", "", "½", True, None])
def test_a_decimal_is_refused_unless_it_is_plain(given: Any) -> None:
    assert codes({"step": given}) == ({} if given is None else {"/step": "option-decimal"})


@pytest.mark.parametrize("given", [5.0, "5.0", "５", True, "five"])
def test_a_whole_number_is_refused_unless_it_is_one(given: Any) -> None:
    assert codes({"judges": given}) == {"/judges": "option-whole-number"}


def test_decimals_become_canonical_and_finer_than_thousandths_are_refused() -> None:
    assert read_options(Asked(), {"step": "00.500"})[0]["step"] == "0.5"
    assert codes({"step": "0.0005"}) == {"/step": "option-too-fine"}


def test_an_unknown_option_names_the_nearest_known_one() -> None:
    (finding,) = read_options(Asked(), {"judge": 5})[1]

    assert finding.params["nearest"] == "judges"
    assert "card" in finding.params["known"]


def test_a_sum_that_is_off_names_the_difference() -> None:
    (finding,) = check_sum("/rows", ["40", "59.75"])

    assert (finding.params["sum"], finding.params["difference"]) == ("99.75", "-0.25")


@pytest.mark.parametrize("contest_type", TYPES, ids=lambda t: t.code)
def test_a_type_runs_on_its_defaults_and_on_each_of_its_templates(
    contest_type: ContestType,
) -> None:
    templates = (Template("defaults", T, {}), *contest_type.templates)

    for template in templates:
        options, findings = read_options(contest_type, template.options)
        assert findings == [], template.code
        assert contest_type.scheme(options).modules
        assert contest_type.rules(options).notice_days == 5
        assert contest_type.rules(options).appeal_minutes == 120


@pytest.mark.parametrize("contest_type", TYPES, ids=lambda t: t.code)
def test_every_option_and_choice_is_named_in_four_languages(contest_type: ContestType) -> None:
    def walk(options: tuple[Option, ...]) -> None:
        for option in options:
            assert set(option.title) == LANGUAGES, option.code
            assert set(option.help) in (set(), LANGUAGES), option.code
            assert all(option.title.values())
            for choice in option.choices:
                assert set(choice.title) == LANGUAGES, (option.code, choice.code)
            walk(option.columns)

    walk(contest_type.options)
    assert set(contest_type.title) == set(contest_type.summary) == LANGUAGES


@pytest.mark.parametrize("contest_type", TYPES, ids=lambda t: t.code)
def test_everything_in_the_scheme_and_rules_is_named_in_four_languages(
    contest_type: ContestType,
) -> None:
    options, _ = read_options(
        contest_type, {"tasters": 3} if contest_type.code == "cooking" else {}
    )
    scheme, rules = contest_type.scheme(options), contest_type.rules(options)

    titles = [scheme.title, *(prize.title for award in rules.awards for prize in award.prizes)]
    titles += [award.title for award in rules.awards]
    for module in scheme.modules:
        titles.append(module.title)
        for criterion in module.criteria:
            titles += [criterion.title, *(sub.title for sub in criterion.sub_criteria)]
        for aspect in module.aspects():
            titles += [aspect.title, *aspect.descriptors]
            titles += [defect.title for defect in aspect.defects]

    assert all(set(title) == LANGUAGES for title in titles)
    assert all(all(title.values()) for title in titles)


@pytest.mark.parametrize("contest_type", TYPES, ids=lambda t: t.code)
@pytest.mark.parametrize("method", ["counts", "shares", "ratio", "none"])
def test_prizes_follow_the_chosen_method(contest_type: ContestType, method: str) -> None:
    options, findings = read_options(contest_type, {"prize_method": method})
    amounts = {
        prize.code: str(prize.amount)
        for award in contest_type.rules(options).awards
        if award.code == "prizes"
        for prize in award.prizes
    }

    assert findings == []
    assert (
        amounts
        == {
            "counts": {"first": "1", "second": "2", "third": "5"},
            "shares": {"first": "1/10", "second": "1/5", "third": "3/10"},
            "ratio": {"first": "1", "second": "2", "third": "3", "merit": "0"},
            "none": {},
        }[method]
    )
