"""One leaf against a root: what fits, what may not be bent, and that the other leaves stay closed."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.evidence import Leaf, root
from credentials.encoding import Malformed
from credentials.evidence.leaves import belongs, opened, read, root_above, written


def tree(count: int) -> list[tuple[bytes, str]]:
    return [
        (bytes([n]) * 16, json.dumps({"aspect": f"aspect number {n}", "award": str(n)}))
        for n in range(count)
    ]


def credential_of(leaves: list[tuple[bytes, str]]) -> dict[str, Any]:
    signed = root([Leaf(n, content, salt) for n, (salt, content) in enumerate(leaves)])
    return {"evidence": [{"description": f"sha-256 {signed}"}]}


@given(st.integers(1, 40), st.data())
def test_every_leaf_of_a_tree_leads_to_the_root_that_the_contest_made(
    count: int, data: st.DataObject
) -> None:
    leaves = tree(count)
    position = data.draw(st.integers(0, count - 1))

    leaf = opened(leaves, position)

    assert belongs(leaf, credential_of(leaves))
    assert read(written(leaf)) == leaf
    assert read(json.loads(json.dumps(written(leaf)))) == leaf


def test_an_opened_leaf_holds_no_other_line() -> None:
    leaves = tree(9)

    text = json.dumps(written(opened(leaves, 4)))

    assert "number 4" in text
    for n in (0, 1, 2, 3, 5, 6, 7, 8):
        assert f"number {n}" not in text
        assert leaves[n][0].hex() not in text


def test_a_changed_mark_belongs_nowhere() -> None:
    leaves = tree(5)
    bent = written(opened(leaves, 2))
    bent["content"] = bent["content"].replace('"2"', '"3"')

    assert not belongs(read(bent), credential_of(leaves))
    assert not belongs(opened(leaves, 2), {"evidence": []})
    assert not belongs(opened(leaves, 2), {})


def test_no_byte_moves_from_the_salt_into_the_content() -> None:
    leaf = written(opened([(b"0123456789abcde{", '"a":1}')], 0))

    for salt, content in (("MDEyMzQ1Njc4OWFiY2Rl", '{"a":1}'), (leaf["salt"], leaf["content"])):
        with pytest.raises(Malformed):
            read({**leaf, "salt": salt, "content": content})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda leaf: leaf.pop("salt"),
        lambda leaf: leaf.update(more="x"),
        lambda leaf: leaf.update(salt="A" * 22 + "=="),
        lambda leaf: leaf.update(content="[1]"),
        lambda leaf: leaf.update(content='{"a":1,"a":2}'),
        lambda leaf: leaf.update(content='{"a":"' + "x" * 5000 + '"}'),
        lambda leaf: leaf["path"].append(["up", leaf["path"][0][1]]),
        lambda leaf: leaf["path"].append(["left", "AAAA"]),
        lambda leaf: leaf["path"].extend([leaf["path"][0]] * 30),
        lambda leaf: leaf.update(path="left"),
    ],
)
def test_anything_else_than_a_leaf_is_refused(spoil: Any) -> None:
    leaf = copy.deepcopy(written(opened(tree(4), 1)))
    spoil(leaf)

    with pytest.raises(Malformed):
        read(leaf)


def test_an_inner_node_is_no_leaf() -> None:
    leaves = tree(4)
    whole = opened(leaves, 0)
    half = root_above(opened(leaves[:2], 0))

    assert root_above(whole) != half
    assert whole.path[0][0] == "right"
