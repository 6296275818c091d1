"""PURE: what a message to an employer says, and how it is signed. No personal data is ever in one.

    Jiangxin-Signature: t=1764525600,v1=HEX      v1 = HMAC-SHA256(secret, "1764525600." + body)

The time stands in what is signed, so that a message that somebody repeats later shows its age.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from credentials import keyring
from credentials.employers.states import Stands
from credentials.encoding import to_instant, to_text

SIGNATURE, DELIVERY = "Jiangxin-Signature", "Jiangxin-Delivery"
TEST = "test"


def body_of(
    delivery: UUID, state: Stands, change: str, *, old: tuple[str, int], now: datetime
) -> str:
    return to_text(
        {
            "delivery": str(delivery),
            "change": change,
            "id": state.id,
            "old": {"state": old[0], "version": old[1]},
            "new": {"state": state.word, "version": state.version},
            "at": to_instant(now),
            "url": keyring.addresses().certificate(state.id),
        }
    )


def trial_body(delivery: UUID, now: datetime) -> str:
    return to_text({"delivery": str(delivery), "change": TEST, "at": to_instant(now)})


def signature(secret: str, body: str, at: datetime) -> str:
    """The value of the header for a message that is sent now."""
    seconds = int(at.timestamp())
    signed = f"{seconds}.{body}".encode()
    return f"t={seconds},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
