"""Verifying without a database: what is handed in, against a trust bundle and lists at hand."""

from __future__ import annotations

from datetime import datetime

from credentials.presented import recognised
from credentials.trust import Refused, TrustStore
from credentials.verify import StatusSource, Verdict, refusal, verify_printed, verify_token


def verify_with(data: bytes, trust: TrustStore, statuses: StatusSource, now: datetime) -> Verdict:
    """An id alone says nothing here: only signed content can be verified offline."""
    try:
        presented = recognised(data, trust.addresses)
    except Refused as refused:
        return refusal(refused, now)
    if presented.kind == "token":
        return verify_token(presented.text, trust=trust, statuses=statuses, now=now)
    if presented.kind == "id":
        return refusal(Refused("unaltered", "nothing-signed"), now)
    return verify_printed(
        presented.text, trust=trust, statuses=statuses, now=now, path_id=presented.path_id
    )
