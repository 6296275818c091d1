"""Verifying without a network against several installations: the one that a certificate names decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credentials.cwt import open_printed
from credentials.encoding import Malformed
from credentials.lists import Lists
from credentials.offline import verify_with
from credentials.presented import recognised
from credentials.trust import CERTIFICATE, Refused, TrustStore
from credentials.verify import Verdict


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one installation."""

    trust: TrustStore
    lists: Lists


def known_of(stores: Sequence[TrustStore], tokens: Sequence[str], now: datetime) -> list[Known]:
    """With each status list at the installation that signed it. Raises Refused for a list of none."""
    known = [Known(store, Lists(store, now=now)) for store in stores]
    for token in tokens:
        _add(token, known, now)
    return known


def _add(token: str, known: Sequence[Known], now: datetime) -> None:
    reasons = []
    for one in known:
        try:
            return one.lists.add_by_name(token, now=now)
        except Refused as refused:
            reasons.append(refused)
    raise next((r for r in reasons if r.code != "unknown-key"), reasons[0])


def verify_among(
    data: bytes, known: Sequence[Known], now: datetime
) -> tuple[Verdict, Known | None]:
    """The verdict, and the installation that it was found at; None when it names none of them."""
    for one in known:
        if names(data, one.trust):
            return verify_with(data, one.trust, one.lists, now), one
    return verify_with(data, known[0].trust, known[0].lists, now), None


def names(data: bytes, trust: TrustStore) -> bool:
    """Whether a token's header, a QR's address, or the key of a bare QR is this installation's."""
    try:
        presented = recognised(data, trust.addresses)
        if presented.kind == "token":
            return (CERTIFICATE, presented.text.partition(".")[0]) in trust.by_header
        if presented.path_id or (presented.kind == "id" and b"/" in data):
            return True
        return presented.kind == "printed" and open_printed(presented.text).kid in trust.by_kid
    except (Refused, Malformed):
        return False
