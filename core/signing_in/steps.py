"""What a log-in leaves for its next request: that the first step is done, or a passkey's challenge.

Each is a row with the hash of a token that only the browser has; it is taken once.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from core.errors import Unauthenticated
from core.tables import LogInStep

SECOND, SECOND_PASSKEY = "second", "second-passkey"
PASSKEY_LOG_IN, NEW_PASSKEY = "passkey-log-in", "new-passkey"
LIFE = timedelta(minutes=10)


class StepOver(Unauthenticated):
    slug = "log-in-step-over"
    title = "This log-in took too long or was finished already. Start it again."


@dataclass(frozen=True, slots=True)
class Step:
    id: UUID
    account: UUID | None
    target: str
    let_in_by: UUID | None


async def put(
    purpose: str,
    *,
    account: UUID | None = None,
    target: str = "/",
    let_in_by: UUID | None = None,
    token: str = "",
) -> str:
    """The token that leads back to it: a new one, or the challenge given."""
    token = token or secrets.token_urlsafe(32)
    await LogInStep.insert(
        LogInStep(
            id=uuid4(),
            purpose=purpose,
            account=account,
            token_hash=_hash(token),
            target=target,
            let_in_by=let_in_by,
            expires_at=datetime.now(UTC) + LIFE,
        )
    )
    return token


async def look(purpose: str, token: str) -> Step:
    """It stays. Raises StepOver."""
    row = (
        await LogInStep.select()
        .where(
            LogInStep.token_hash == _hash(token),
            LogInStep.purpose == purpose,
            LogInStep.expires_at > datetime.now(UTC),
        )
        .first()
    )
    if row is None:
        raise StepOver
    return Step(row["id"], row["account"], row["target"], row["let_in_by"])


async def take(purpose: str, token: str) -> Step:
    """It is gone. Of two who take it at once one gets it. Raises StepOver."""
    found = await look(purpose, token)
    gone = await LogInStep.raw("DELETE FROM log_in_step WHERE id = {} RETURNING id", found.id)
    if not gone:
        raise StepOver
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token[:200].encode()).hexdigest()
