"""Tables of employers. No name of a holder has a place here, and nothing that was typed or uploaded.

`organisation` is the employer's. Secrets stand as hashes, or sealed where we sign with them.
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class EmployerInvitation(Table):
    """A one-time link by which somebody of an employer makes an account. Opening it uses nothing up."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    token_hash = Text(unique=True)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
    used_by = UUID(null=True, default=None)
    """The account that was made with it."""


class EmployerKey(Table):
    """A key for programs: `jx_PREFIX_SECRET`. `secret_hash`: SHA-256 of the whole key, of which 256
    bits are random. `scopes`: comma-separated. `replaced_by`: the key that a rotation made."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    prefix = Text(unique=True)
    secret_hash = Text()
    name = Text()
    scopes = Text()
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    last_used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    replaced_by = UUID(null=True, default=None)


class Following(Table):
    """A certificate that an employer follows; id = uuid5(organisation | certificate). `state` and
    `version`: as the employer knows them."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    certificate = UUID(index=True, default=None)
    state = Text()
    version = BigInt()
    followed_at = Timestamptz(default=None)
    changed_at = Timestamptz(null=True, default=None)


class Webhook(Table):
    """An address of an employer's that hears of changes. `sealed_secret`: what messages are signed with,
    under `wrapped_key`. `failing_since`: of the first failure after the last success."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    address = Text()
    wrapped_key = Bytea(default=None)
    sealed_secret = Bytea(default=None)
    made_at = Timestamptz(default=None)
    failing_since = Timestamptz(null=True, default=None)
    disabled_at = Timestamptz(null=True, default=None)


class WebhookDelivery(Table):
    """One message to one address. `body`: JSON as it is signed. `answer`: the status, or a word of why
    there was none. Exactly one of the two last instants is set once it is settled."""

    id = UUID(primary_key=True, default=None)
    webhook = UUID(index=True, default=None)
    change = Text()
    certificate = Text(default="")
    body = Text()
    made_at = Timestamptz(default=None)
    attempts = BigInt(default=0)
    tried_at = Timestamptz(null=True, default=None)
    answer = Text(default="")
    next_at = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    given_up_at = Timestamptz(null=True, default=None)


class EmployerChecks(Table):
    """How many certificates an employer had checked on one day; id = uuid5(organisation | day)."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    day = Text()
    checks = BigInt(default=0)


TABLES: list[type[Table]] = [
    EmployerInvitation,
    EmployerKey,
    Following,
    Webhook,
    WebhookDelivery,
    EmployerChecks,
]
