"""Signed text on a page: nothing in it may run, hide, turn round or go on for ever."""

from __future__ import annotations

import pytest

from credentials.pages.display import LONGEST, day, masked, number_label, shown


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("张伟", "张*"),
        ("欧阳晓明", "欧***"),
        ("Maria João", "M**** J***"),
        ("X", "*"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_mask_leaves_the_first_letters(name: str, mask: str) -> None:
    assert masked(name) == mask


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\0", "\x1b", "\u2028", "\ue000"]
)
def test_letters_that_hide_or_turn_text_are_left_out(hidden: str) -> None:
    assert shown(f"张{hidden}伟") == "张伟"


def test_a_text_is_never_endless() -> None:
    assert len(shown("长" * 10_000)) == LONGEST
    assert shown("短") == "短"


def test_dates_are_written_as_the_reader_writes_them() -> None:
    assert day("2026-05-18", "zh-Hans") == "2026年5月18日"
    assert day("2026-05-18T00:00:00Z", "en") == "18 May 2026"
    assert day("2026-05-18", "pt") == "18 de maio de 2026"
    assert day("<b>", "en") == "<b>"


def test_the_number_of_an_honour_is_its_authoritys_document() -> None:
    assert number_label({"kind": "honour"}) == "Number of the authority's document"
    assert number_label({"kind": "level"}) == number_label({}) == "Level certificate no."
