"""What is handed in here and comes from another installation that is believed here: genuine or not is said
with its keys; whether it counts is known there, and the answer says where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from credentials.identifiers import NOBODY
from credentials.lists import Lists
from credentials.offline import verify_with
from credentials.presented import Presented, recognised
from credentials.trust import TrustStore, read_bundle
from credentials.trusting.actions import accepted_installations, claims_of
from credentials.trusting.among import names
from credentials.verify import CHECKS, Check, State, Verdict

STATUS = "status-elsewhere"


async def verdict_elsewhere(data: bytes, now: datetime) -> Verdict | None:
    """None where it names no installation that is believed here. `elsewhere`: its page there."""
    for trust in await _believed(now):
        if names(data, trust):
            return _verdict(data, trust, now)
    return None


async def _believed(now: datetime) -> Sequence[TrustStore]:
    rows = await accepted_installations()
    return [_store(row["bundle"], row["root"]) for row in rows if row["expires_at"] > now]


@lru_cache(maxsize=32)
def _store(bundle: str, root: str) -> TrustStore:
    """Read once, as of the day that it was made; its last day is looked at each time."""
    return read_bundle(bundle, datetime.fromtimestamp(claims_of(bundle)["iat"], UTC), root=root)


def _verdict(data: bytes, trust: TrustStore, now: datetime) -> Verdict:
    presented = recognised(data, trust.addresses)
    if presented.kind == "id":
        page = trust.addresses.certificate(presented.text)
        unasked = Check("status", None, STATUS, {"host": trust.addresses.host})
        checks = (unasked if id == "status" else Check(id, None, "not-reached") for id in CHECKS)
        return Verdict(State.STATUS_UNKNOWN, tuple(checks), now, elsewhere=page)
    found = verify_with(data, trust, Lists(trust, now=now), now)
    page = _page(presented, found, trust)
    there = tuple(_there(check, trust.addresses.host) for check in found.checks)
    return replace(found, checks=there, elsewhere=page)


def _page(presented: Presented, found: Verdict, trust: TrustStore) -> str:
    """Under the name that was signed; one that moved answers under each of its names."""
    document: Mapping[str, Any] = found.credential or {}
    public_id = found.read.public_id if found.read else presented.path_id
    if not public_id or public_id == NOBODY:
        return ""
    return str(document.get("id", "")) or trust.addresses.certificate(public_id)


def _there(check: Check, host: str) -> Check:
    told = {**check.params, "host": host}
    if check.code == "trusted-key":
        return replace(check, code="trusted-elsewhere", params=told)
    if check.code == "status-unknown":
        return replace(check, code=STATUS, params=told)
    return check
