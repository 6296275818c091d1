"""Tables of the kernel: people, organisations, accounts, the outbox and the audit.

Ids are UUIDs made by the caller (uuid4, or uuid5 where one fact may have one row only). Instants
are aware UTC. Personal data stands only in columns named `sealed_*` (`privacy.py`).
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class Installation(Table):
    """One row: this database's own identity."""

    id = UUID(primary_key=True, default=None)
    created_at = Timestamptz(default=None)


class Person(Table):
    """A human being. `wrapped_key` is the person's data key, wrapped by the key-encryption key;
    erasure empties it and every sealed column is noise from then on."""

    id = UUID(primary_key=True, default=None)
    wrapped_key = Bytea(null=True, default=None)
    sealed_name = Bytea(null=True, default=None)
    sealed_facts = Bytea(null=True, default=None)
    """JSON: romanised name, employer, contact, birth date, languages …"""
    erased_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)


class PersonDocument(Table):
    """One identity document of a person. `match_hash`: keyed hash of kind and normalised number,
    unique, so that one document is one person."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    kind = Text()
    match_hash = Text(unique=True)
    sealed_number = Bytea(null=True, default=None)
    created_at = Timestamptz(default=None)


class Organisation(Table):
    """Organiser, assessment body, authority, employer. `title` is canonical JSON of a Text.
    `kind`: "organiser", "assessment_body", "authority", "employer". `filing`: JSON of an
    assessment body's filing. `demonstration`: labelled as fictional wherever it is shown."""

    id = UUID(primary_key=True, default=None)
    code = Text(unique=True)
    title = Text()
    kind = Text()
    filing = Text(default="")
    contact = Text(default="")
    demonstration = Boolean(default=False)
    created_at = Timestamptz(default=None)


class Account(Table):
    """Somebody who logs in. `label` is what colleagues see (a role or a name that the person
    chose for work), never an entrant's name."""

    id = UUID(primary_key=True, default=None)
    login = Text(unique=True)
    label = Text(default="")
    password_hash = Text(null=True, default=None)
    disabled_at = Timestamptz(null=True, default=None)
    language = Text(default="")
    created_at = Timestamptz(default=None)


class Session(Table):
    """A log-in. The cookie or bearer token carries only the id; this row decides."""

    id = UUID(primary_key=True, default=None)
    account = UUID(index=True, default=None)
    kind = Text(default="browser")
    """"browser" (cookie), "api" (bearer)."""
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    last_seen_at = Timestamptz(null=True, default=None)


class LoginLink(Table):
    """A one-time link. Opening it shows a button; only the button consumes it."""

    id = UUID(primary_key=True, default=None)
    account = UUID(index=True, default=None)
    token_hash = Text(unique=True)
    target = Text(default="/")
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class Grant(Table):
    """A role within a scope; id = uuid5(account | role | scope kind | scope id)."""

    id = UUID(primary_key=True, default=None)
    account = UUID(index=True, default=None)
    role = Text()
    scope_kind = Text()
    """"installation", "organisation", "competition", "contest" or "issuer"."""
    scope_id = Text(default="")
    granted_by = UUID(null=True, default=None)
    created_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)


class OutboxMessage(Table):
    """One event for one handler. Never deleted before it is done; stuck rows stay visible."""

    id = UUID(primary_key=True, default=None)
    handler = Text()
    event = Text()
    body = Text()
    created_at = Timestamptz(default=None)
    not_before = Timestamptz(default=None)
    attempts = BigInt(default=0)
    last_error = Text(default="")
    leased_until = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    stuck_at = Timestamptz(null=True, default=None)


class AuditEntry(Table):
    """Who changed what, when, from what to what (JSON without personal data)."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(index=True, default=None)
    account = UUID(null=True, default=None)
    action = Text()
    scope_kind = Text(default="")
    scope_id = Text(default="", index=True)
    subject = Text(default="")
    before = Text(default="")
    after = Text(default="")


TABLES: list[type[Table]] = [
    Installation,
    Person,
    PersonDocument,
    Organisation,
    Account,
    Session,
    LoginLink,
    Grant,
    OutboxMessage,
    AuditEntry,
]
