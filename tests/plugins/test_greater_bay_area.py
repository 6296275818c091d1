"""Partner rules: cities, documents by their check digits, proposals for the right people only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugins import Output, ResultFacts, text
from plugins.greater_bay_area import partner_rules
from plugins.greater_bay_area.authorities import Guangdong, HongKong, Macao

LANGUAGES = {"zh-Hans", "zh-Hant", "en", "pt"}
T = text("一等奖", "一等獎", "First prize", "Primeiro prémio")


def found(rules: Any, kind: str, number: str) -> list[str]:
    return [finding.code for finding in rules.check_document(kind, number)]


def test_eleven_cities_have_their_codes_and_four_names() -> None:
    cities = [city for rules in partner_rules() for city in rules.cities()]

    assert [city.code for city in cities] == [
        "440100", "440300", "440400", "440600", "440700", "441200", "441300", "441900", "442000",
        "810000", "820000",
    ]  # fmt: skip
    assert all(set(city.title) == LANGUAGES for city in cities)


@pytest.mark.parametrize(
    "number", ["360426199101010071", "120103198806018241", "110101 19900307 459x"]
)
def test_a_right_mainland_number_is_accepted(number: str) -> None:
    assert found(Guangdong(), "mainland_id", number) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("360426199101010072", "mainland-id-check"),
        ("360426199113010071", "mainland-id-date"),
        ("360426199102300071", "mainland-id-date"),
        ("36042619910101007", "mainland-id-format"),
        ("3604261991010100710", "mainland-id-format"),
        ("36042619910101007Y", "mainland-id-format"),
        ("036426199101010071", "mainland-id-format"),
        ("", "mainland-id-format"),
    ],
)
def test_a_wrong_mainland_number_says_what_is_wrong(number: str, code: str) -> None:
    assert code in found(Guangdong(), "mainland_id", number)


@pytest.mark.parametrize(
    "number",
    ["A123456(3)", "AB123456(9)", "E364912(5)", "AB987654(3)", "D288754(2)", "a123456(3)", "A1234563", "Ａ１２３４５６（３）"],
)  # fmt: skip
def test_a_right_hong_kong_number_is_accepted_however_it_is_typed(number: str) -> None:
    assert found(HongKong(), "hkid", number) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("A123456(4)", "hkid-check"),
        ("A123465(3)", "hkid-check"),
        ("AB123456(A)", "hkid-check"),
        ("ABC12345(6)", "hkid-format"),
        ("1234567(8)", "hkid-format"),
        ("A123456", "hkid-format"),
        ("A123456(B)", "hkid-format"),
    ],
)
def test_a_wrong_hong_kong_number_says_what_is_wrong(number: str, code: str) -> None:
    assert found(HongKong(), "hkid", number) == [code]


@pytest.mark.parametrize(
    ("number", "codes"),
    [("1234567(8)", []), ("51234567", []), ("7123456(0)", []), ("21234567", ["macao-bir-warning"]), ("123", ["macao-bir-warning"])],
)  # fmt: skip
def test_an_unusual_macao_number_is_a_warning_and_never_refused(
    number: str, codes: list[str]
) -> None:
    assert found(Macao(), "macao_bir", number) == codes
    assert not next(kind for kind in Macao().documents() if kind.code == "macao_bir").certain


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("H12345678", []),
        ("M1234567800", []),
        ("h1234567801", []),
        ("H1234567", ["home-return-permit-format"]),
        ("T12345678", ["home-return-permit-format"]),
        ("H123456789", ["home-return-permit-format"]),
        ("H123456780011", ["home-return-permit-format"]),
    ],
)
def test_the_home_return_permit_has_eight_digits_and_perhaps_two_more(
    number: str, codes: list[str]
) -> None:
    assert found(Macao(), "home_return_permit", number) == codes


def test_a_renewed_home_return_permit_is_the_same_person() -> None:
    rules = HongKong()

    first = rules.normalise_document("home_return_permit", "H1234567800")
    renewed = rules.normalise_document("home_return_permit", "h12345678 01")

    assert first == renewed == "H12345678"
    assert rules.normalise_document("hkid", " a123456(3) ") == "A1234563"


def test_a_residence_permit_needs_its_region_and_a_mainland_card_must_not_have_it() -> None:
    # 81000019900101001 and 82000019900101001 with their MOD 11-2 check characters
    assert found(HongKong(), "residence_permit", "810000199001010019") == []
    assert found(Macao(), "residence_permit", "820000199001010010") == []
    assert found(Macao(), "residence_permit", "830000199001010012")[0] == "residence-permit-region"
    assert found(HongKong(), "residence_permit", "360426199101010071") == [
        "residence-permit-region"
    ]
    assert found(Guangdong(), "mainland_id", "810000199001010019") == ["mainland-id-is-permit"]


def test_an_unknown_kind_lists_the_known_ones_and_never_repeats_the_number() -> None:
    (finding,) = HongKong().check_document("library_card", "A123456(3)")

    assert finding.pointer == "/kind"
    assert "hkid" in finding.params["known"]
    assert "123456" not in str(finding)


@pytest.mark.parametrize("rules", partner_rules(), ids=lambda r: r.code)
def test_hong_kong_numbers_are_never_disclosed_wherever_their_holder_competes(rules: Any) -> None:
    assert "hkid" in rules.never_disclosed()
    assert all(set(kind.title) == LANGUAGES for kind in rules.documents())


# --- proposals --------------------------------------------------------------------------------


STATED = {"standard_level": "3", "asked:level_3_prizes": "merit"}
"""What the organiser says: the standard, and from which prize on its level may be proposed."""


def result(prize: str = "first", **changes: Any) -> ResultFacts:
    outputs = (Output("award", f"award:{prize}", prize, T, "organiser"),) if prize else ()
    facts = ResultFacts(
        contest="c", contest_code="robots-2024", contest_title=T, competition="k",
        competition_title=T, organiser="organiser", occupation="6-30-99-00", contest_class="gba",
        held_on="2024-10-12", entry="e", persons=("p1",), team={}, group="", delegation="d",
        rank=1, entrants=27, total="91.5", modules=(), outputs=outputs, result_version=1,
        evidence_root="", authorities=("guangdong",),
        details={"delegation_city": "441900", **STATED},
    )  # fmt: skip
    return replace(facts, **changes)


def proposed(facts: ResultFacts) -> list[str]:
    return sorted(draft.code for draft in Guangdong().proposals(facts))


def test_the_gba_winner_from_guangdong_may_get_level_three_and_apply_for_the_medal() -> None:
    assert proposed(result()) == ["guangdong_may_day_medal", "level:3"]


@pytest.mark.parametrize("city", ["810000", "820000", "", "110000"])
def test_the_winner_of_a_delegation_outside_guangdong_is_not_proposed_for_its_medal(
    city: str,
) -> None:
    facts = result(details={"delegation_city": city, **STATED})

    assert proposed(facts) == ["level:3"]


def test_the_province_may_send_a_delegation_of_its_own() -> None:
    facts = result(details={"delegation_city": "440000"})

    assert proposed(facts) == ["guangdong_may_day_medal"]


@pytest.mark.parametrize(("prize", "rank"), [("second", 2), ("third", 8), ("merit", 12)])
def test_other_prize_winners_are_proposed_for_the_level_only(prize: str, rank: int) -> None:
    assert proposed(result(prize, rank=rank)) == ["level:3"]


@pytest.mark.parametrize(
    "changes",
    [
        {"prize": "", "rank": 20},
        {"prize": "", "rank": None},
        {"rank": None},
        {"contest_class": "", "details": {}},
    ],
)
def test_nobody_else_is_proposed_for_anything(changes: dict[str, Any]) -> None:
    assert proposed(result(**changes)) == []


def test_no_level_without_an_occupation_or_a_standard_level() -> None:
    assert proposed(result(rank=2, occupation="")) == []
    assert proposed(result(rank=2, details={})) == []


def xiangshan(prize: str, rank: int, **details: str) -> ResultFacts:
    return result(prize, rank=rank, contest_class="xiangshan_cup", details=details)


def test_technician_is_proposed_only_to_a_first_prize_known_to_hold_level_three() -> None:
    known = xiangshan("first", 2, **{"held_level:p1": "3"})
    unknown = xiangshan("first", 2)
    second = xiangshan("second", 3, **{"held_level:p1": "3"})

    assert proposed(known) == ["level:2", "zhongshan_technical_expert"]
    assert proposed(unknown) == ["level:3", "zhongshan_technical_expert"]
    assert proposed(second) == []


def test_the_worker_in_first_place_may_be_named_xiangshan_craftsman() -> None:
    assert "xiangshan_craftsman" in proposed(xiangshan("first", 1))
    assert "xiangshan_craftsman" not in proposed(xiangshan("first", 2))
    assert "xiangshan_craftsman" not in proposed(replace(xiangshan("first", 1), group="students"))


def test_a_title_is_not_proposed_twice() -> None:
    facts = xiangshan("first", 2, **{"titles:p1": "zhongshan_technical_expert other"})

    assert proposed(facts) == ["level:3"]


def test_in_an_event_of_two_only_the_first_named_may_apply_for_the_provincial_medal() -> None:
    facts = result(contest_class="provincial_2", persons=("p1", "p2"))

    drafts = {draft.code: draft.person for draft in Guangdong().proposals(facts)}

    assert drafts == {
        "level:2": "",
        "guangdong_technical_expert": "",
        "guangdong_may_day_medal": "p1",
    }


def test_in_a_team_only_the_members_who_qualify_are_named() -> None:
    facts = replace(xiangshan("first", 2, **{"held_level:p2": "3"}), persons=("p1", "p2", "p3"))

    drafts = [(draft.code, draft.person) for draft in Guangdong().proposals(facts)]

    assert drafts == [
        ("level:3", "p1"),
        ("level:3", "p3"),
        ("level:2", "p2"),
        ("zhongshan_technical_expert", ""),
    ]


def test_a_level_that_the_regulations_declare_carries_its_issuer_and_is_proposed_once() -> None:
    level = Output("level", "level:3", "3", T, "robot-association")
    facts = result("second", rank=2)

    (draft,) = Guangdong().proposals(replace(facts, outputs=(*facts.outputs, level)))

    assert (draft.code, draft.issuer, draft.source) == (
        "level:3",
        "robot-association",
        "robots-2024",
    )


def test_every_proposal_has_a_clause_in_four_languages_a_source_and_a_known_authority() -> None:
    rules = Guangdong()
    classes = ["gba", "provincial_2", "provincial_worker", "xiangshan_cup", "national_1"]

    drafts = [d for name in classes for d in rules.proposals(result(contest_class=name))]

    assert len(drafts) >= 8
    for draft in drafts:
        assert set(draft.title) == set(draft.clause) == LANGUAGES
        assert draft.source
        assert draft.authority in rules.authorities()
        assert set(rules.authorities()[draft.authority]) == LANGUAGES


def test_hong_kong_and_macao_propose_nothing_from_a_result_alone() -> None:
    assert HongKong().proposals(result()) == Macao().proposals(result()) == []
