"""The pure parts: chain, draw, evidence."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contests.chain import (
    GENESIS,
    LogLine,
    chained,
    entry_hash,
    instant,
    moment_of,
    verify_chain,
)
from contests.drawing import commitment, draw
from contests.evidence import Leaf, path, root
from contests.sheets import b64, unb64

CONTEST = "5f0c8a4e-3c2b-4f5e-9a51-6f3f2a7d6c11"


def _log(length: int = 6) -> list[LogLine]:
    lines: list[LogLine] = []
    for seq in range(1, length + 1):
        prev = lines[-1].hash if lines else GENESIS
        at = instant(datetime(2024, 10, 10, tzinfo=UTC) + timedelta(seconds=seq))
        body = f'{{"n":{seq}}}'
        lines.append(chained(CONTEST, seq=seq, kind="note", at=at, body=body, prev=prev))
    return lines


def _named(lines: list[LogLine], **more: str) -> list[tuple[str, str]]:
    return [(f.code, f.params["seq"]) for f in verify_chain(lines, **more)]


def test_a_whole_log_has_no_finding() -> None:
    assert verify_chain(_log(), contest=CONTEST, head=_log()[-1].hash) == []
    assert verify_chain([], head=GENESIS) == []


@pytest.mark.parametrize("name", ["body", "kind", "at", "hash"])
def test_a_changed_entry_is_named_by_number(name: str) -> None:
    lines = _log()
    lines[2] = replace(lines[2], **{name: getattr(lines[2], name)[:-1] + "7"})

    assert ("log-altered", "3") in _named(lines)


def test_a_rewritten_entry_breaks_the_chain_after_it() -> None:
    lines = _log()
    old = lines[2]
    lines[2] = chained(CONTEST, seq=3, kind="note", at=old.at, body="{}", prev=old.prev)

    assert _named(lines) == [("log-not-chained", "4")]


def test_a_missing_entry_is_named_by_number() -> None:
    lines = _log()
    del lines[2]

    assert _named(lines) == [("log-missing", "3")]


def test_several_missing_entries_are_named_from_the_first_to_the_last() -> None:
    lines = _log()
    del lines[2:4]

    finding = verify_chain(lines)[0]
    assert (finding.code, dict(finding.params)) == ("log-missing", {"seq": "3", "last": "4"})


def test_reordered_and_doubled_entries_are_named() -> None:
    swapped, doubled = _log(), _log()
    swapped[1], swapped[2] = swapped[2], swapped[1]
    doubled.insert(3, doubled[2])

    assert ("log-reordered", "2") in _named(swapped)
    assert ("log-doubled", "3") in _named(doubled)


def test_an_entry_of_another_contest_is_named() -> None:
    lines = _log()
    lines[4] = replace(lines[4], contest="another")

    assert ("log-other-contest", "5") in _named(lines)


def test_an_end_that_was_cut_off_is_noticed() -> None:
    lines = _log()

    assert _named(lines[:-1], head=lines[-1].hash) == [("log-head-differs", "5")]


def test_instants_are_spelt_in_one_way_only() -> None:
    shanghai = datetime(2024, 10, 10, 16, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))

    assert instant(shanghai) == "2024-10-10T08:00:00.000005Z"
    assert moment_of(instant(shanghai)) == shanghai
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2024, 10, 10))  # noqa: DTZ001 - the naive one is the point


def test_the_hash_covers_every_part() -> None:
    parts = [CONTEST, 1, "note", "2024", "{}", ""]
    changed = [["x", 1, "note", "2024", "{}", ""], [CONTEST, 2, "note", "2024", "{}", ""]]
    changed += [[*parts[:i], "x", *parts[i + 1 :]] for i in range(2, 6)]

    hashes = {entry_hash(*some) for some in [parts, *changed]}  # type: ignore[arg-type]

    assert len(hashes) == 7


@given(st.sets(st.uuids().map(str), max_size=40), st.binary(min_size=32, max_size=32))
def test_everybody_gets_one_unused_code(entries: set[str], seed: bytes) -> None:
    taken = {"123", "456"}

    codes = draw(seed, "A", entries, taken)

    assert set(codes.values()) == entries
    assert len(codes) == len(entries)
    assert not taken & set(codes)
    assert codes == draw(seed, "A", sorted(entries, reverse=True), taken)


def test_a_thousand_entrants_get_longer_codes() -> None:
    codes = draw(b"s" * 32, "A", [str(n) for n in range(1000)], [])

    assert len(codes) == 1000
    assert {len(code) for code in codes} == {4}


def test_modules_are_drawn_apart() -> None:
    entries = [str(n) for n in range(30)]
    first, second = draw(b"s" * 32, "A", entries, []), draw(b"s" * 32, "B", entries, [])

    assert {v: k for k, v in first.items()} != {v: k for k, v in second.items()}


def test_the_commitment_binds_seed_contest_and_module() -> None:
    made = {
        commitment(seed, contest, module)
        for seed in (b"a", b"b")
        for contest in ("c", "d")
        for module in ("e", "f")
    }

    assert len(made) == 8


@settings(max_examples=30)
@given(st.integers(min_value=1, max_value=17))
def test_every_leaf_leads_to_the_root(count: int) -> None:
    leaves = [Leaf(n, f'{{"n":{n}}}', bytes([n] * 16)) for n in range(count)]

    for leaf in leaves:
        here = leaf.hash
        for side, sibling in path(leaves, leaf.position):
            other = unb64(sibling)
            pair = here + other if side == "right" else other + here
            here = hashlib.sha256(b"\x01" + pair).digest()
        assert b64(here) == root(leaves)


def test_a_changed_line_or_salt_changes_the_root() -> None:
    leaves = [Leaf(n, f"{n}", bytes(16)) for n in range(5)]

    assert root([*leaves[:4], Leaf(4, "5", bytes(16))]) != root(leaves)
    assert root([*leaves[:4], Leaf(4, "4", b"s" * 16)]) != root(leaves)
    assert root([]) == ""
