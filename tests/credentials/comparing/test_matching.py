"""What counts as the same: spelling may vary as paper and keyboards do, a letter may not."""

from __future__ import annotations

import pytest

from credentials.comparing.matching import same_grade, same_name, same_number, titles_of

LEVEL = {
    "zh-Hans": "中式面点师 三级/高级工",
    "zh-Hant": "中式麵點師 三級/高級工",
    "en": "Chinese pastry cook, level 3 (senior)",
}
TECHNICIAN = {"zh-Hans": "中式面点师 一级/高级技师", "en": "Chinese pastry cook, level 1"}
PRIZE = {"zh-Hans": "中式面点制作 一等奖", "en": "Chinese Pastry First prize"}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张伟", "张伟"),
        (" 张 伟 ", "张伟"),
        ("阿卜杜热合曼", "阿卜杜·热合曼"),
        ("阿卜杜•热合曼", "阿卜杜·热合曼"),
        ("maria joao dos santos", "Maria João dos Santos"),
        ("MARIA JOÃO", "Maria João"),
        ("𬭎", "𬭎"),
    ],
)
def test_a_name_may_be_typed_as_keyboards_do(typed: str, name: str) -> None:
    assert same_name(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("张玮", "张伟"), ("张", "张伟"), ("张伟伟", "张伟"), ("", ""), ("·", "张伟"), ("张\ue000", "张\ue001")],
)  # fmt: skip
def test_another_letter_is_another_name(typed: str, name: str) -> None:
    assert not same_name(typed, name)


@pytest.mark.parametrize(
    ("typed", "title", "grade"),
    [
        ("三级", LEVEL, "3"),
        ("高级工", LEVEL, "3"),
        ("三级/高级工", LEVEL, "3"),
        ("三級", LEVEL, "3"),
        ("3", LEVEL, "3"),
        ("Level 3", LEVEL, "3"),
        ("中式面点师 三级/高级工", LEVEL, "3"),
        ("一等奖", PRIZE, "first"),
        ("FIRST PRIZE", PRIZE, "first"),
        ("高级技师", TECHNICIAN, "1"),
    ],
)
def test_a_prize_or_level_may_be_named_in_each_of_its_ways(
    typed: str, title: dict[str, str], grade: str
) -> None:
    assert same_grade(typed, titles_of(title, " · ".join(title.values())), grade)


@pytest.mark.parametrize(
    ("typed", "title", "grade"),
    [
        ("二级", LEVEL, "3"),
        ("中式面点师", LEVEL, "3"),
        ("中式面点师 一级/高级技师", LEVEL, "3"),
        ("技师", TECHNICIAN, "1"),
        ("等奖", PRIZE, "first"),
        ("二等奖", PRIZE, "first"),
        ("", PRIZE, ""),
    ],
)
def test_a_part_of_a_word_or_another_level_is_no_match(
    typed: str, title: dict[str, str], grade: str
) -> None:
    assert not same_grade(typed, titles_of(title, " · ".join(title.values())), grade)


def test_both_numbers_of_a_certificate_are_its_number() -> None:
    told = {"public_id": "7K3M9QXT2F4H", "number": "S000011010326263000123"}

    assert same_number("7k3m-9qxt-2f4h", **told)
    assert same_number("s000 0110 1032 6263 0001 23", **told)
    assert not same_number("S000011010326263000124", **told)
    assert not same_number("", **told)
    assert not same_number("", public_id="7K3M9QXT2F4H", number="")
