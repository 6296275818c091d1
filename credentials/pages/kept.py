"""Pages drawn once for each thing that they say, with the time of the check put in at each request.

Nothing that is checked is kept: every request reads the row, opens the token and verifies it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from credentials import keyring
from credentials.pages.display import moment
from credentials.pages.render import render
from credentials.pages.view import page_of
from credentials.verify import Verdict

MOST = 2_000
"""About ten megabytes."""
_TIME = "\x1fchecked at\x1f"
_CHANGING = ("version_id", "state", "reason", "authority", "changed_at", "erased_at")

_kept: OrderedDict[object, tuple[bytes, bytes]] = OrderedDict()


def verify_page(
    verdict: Verdict,
    language: str,
    *,
    row: Mapping[str, Any] | None = None,
    honours: Sequence[Mapping[str, Any]] = (),
    history: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    key = _key(verdict, language, row, honours, history)
    before, after = _kept.get(key) or _drawn(key, verdict, language, row, honours, history)
    return b"".join((before, moment(verdict.checked_at).encode(), after))


def _key(
    verdict: Verdict,
    language: str,
    row: Mapping[str, Any] | None,
    honours: Sequence[Mapping[str, Any]],
    history: Sequence[Mapping[str, Any]],
) -> object:
    """Everything that a page says: the signed content by its signature, the rest by its value."""
    # "at" differs at each request and is shown as the time of the check alone
    said = tuple(
        (check.code, check.ok, check.params.get("kid"), check.params.get("date"))
        for check in verdict.checks
    )
    changing = tuple(row[name] for name in _CHANGING) if row else ()
    more = (repr(honours), repr(history)) if honours or history else ()
    signed = verdict.read.body if verdict.read else ""
    return language, verdict.state, said, changing, hash(signed), more, keyring.addresses()


def _drawn(key: object, verdict: Verdict, language: str, *about: Any) -> tuple[bytes, bytes]:
    row, honours, history = about
    page = page_of(
        verdict,
        language=language,
        addresses=keyring.addresses(),
        checked_at=_TIME,
        row=row,
        honours=honours,
        history=history,
    )
    before, _, after = render(page).partition(_TIME)
    _kept[key] = before.encode(), after.encode()
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return _kept[key]
