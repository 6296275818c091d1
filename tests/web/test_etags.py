"""Conditional requests, and lists that come in pages."""

from __future__ import annotations

import pytest
from litestar.testing import RequestFactory

from core.security import Connection
from core.settings import Settings
from core.web.etag import etag_of, unchanged
from core.web.paging import page


def request(**headers: str) -> Connection:
    return RequestFactory().get("/", headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_the_same_content_has_the_same_tag_and_another_another() -> None:
    assert etag_of("a") == etag_of(b"a")
    assert etag_of("a") != etag_of("b")
    assert etag_of("a").startswith('"')


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (etag_of("a"), True),
        ("W/" + etag_of("a"), True),
        (f'"x", {etag_of("a")}', True),
        ("*", True),
        (etag_of("b"), False),
        ("", False),
    ],
)
def test_a_reader_who_has_it_already_is_known(settings: Settings, sent: str, known: bool) -> None:
    headers = {"if_none_match": sent} if sent else {}

    assert unchanged(request(**headers), etag_of("a")) == known


def test_a_page_names_the_next_one_only_when_there_is_one() -> None:
    assert page([1, 2, 3], 2, str).next == "2"
    assert page([1, 2, 3], 2, str).items == [1, 2]
    assert page([1, 2], 2, str).next is None
    assert page([], 2, str).next is None
