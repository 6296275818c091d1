"""Tables of the kernel: people, organisations, accounts, the outbox, the audit, long work and undoing.

Ids are UUIDs made by the caller (uuid4, or uuid5 where one fact may have one row only). Instants
are aware UTC. Personal data stands only in columns named `sealed_*` (`privacy.py`).
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class Installation(Table):
    """One row: this database's own identity. `languages`: those chosen when it was set up,
    comma-separated; empty: the setting's."""

    id = UUID(primary_key=True, default=None)
    languages = Text(default="")
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
    assessment body's filing (core.filing). `telephone` and `hours` (JSON of a Text) are shown to the public.
    `demonstration`: labelled as fictional wherever it is shown."""

    id = UUID(primary_key=True, default=None)
    code = Text(unique=True)
    title = Text()
    kind = Text()
    filing = Text(default="")
    contact = Text(default="")
    telephone = Text(default="")
    hours = Text(default="")
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
    created_by = UUID(null=True, default=None)
    """The account that made it; empty: the installation itself."""
    created_at = Timestamptz(default=None)


class Session(Table):
    """A log-in. The cookie or bearer token carries only the id; this row decides. `device`: browser
    and system. `let_in_by`: who made the one-time link that opened it."""

    id = UUID(primary_key=True, default=None)
    account = UUID(index=True, default=None)
    kind = Text(default="browser")
    """"browser" (cookie), "api" (bearer)."""
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    last_seen_at = Timestamptz(null=True, default=None)
    device = Text(default="")
    let_in_by = UUID(null=True, default=None)


class LoginLink(Table):
    """A one-time link. Opening it shows a button; only the button consumes it. `made_by`: the
    account that made it; empty: the installation itself. `released_by`: who vouched for a link into
    a second person's account (`reach.py`)."""

    id = UUID(primary_key=True, default=None)
    account = UUID(index=True, default=None)
    token_hash = Text(unique=True)
    target = Text(default="/")
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(null=True, default=None)
    released_by = UUID(null=True, default=None)
    released_at = Timestamptz(null=True, default=None)


class CodeApp(Table):
    """The app that shows an account's six digits; id = the account's. `last_step`: the half minute
    of the newest code that was taken; none is taken twice."""

    id = UUID(primary_key=True, default=None)
    wrapped_key = Bytea()
    sealed_secret = Bytea()
    last_step = BigInt(default=0)
    created_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(null=True, default=None)


class RecoveryCode(Table):
    """One of the codes for the day on which phone or key are lost. `code_hash`: keyed."""

    id = UUID(primary_key=True, default=None)
    account = UUID(index=True, default=None)
    code_hash = Text(unique=True)
    used_at = Timestamptz(null=True, default=None)


class Passkey(Table):
    """A key of an account's own device. `credential` in base64url, `public_key` as COSE."""

    id = UUID(primary_key=True, default=None)
    account = UUID(index=True, default=None)
    credential = Text(unique=True)
    public_key = Bytea()
    sign_count = BigInt(default=0)
    name = Text(default="")
    created_at = Timestamptz(default=None)
    last_used_at = Timestamptz(null=True, default=None)


class LogInStep(Table):
    """A log-in that waits for its second step, or a passkey's challenge. `purpose`: a word of
    `signing_in/steps.py`."""

    id = UUID(primary_key=True, default=None)
    purpose = Text()
    account = UUID(null=True, default=None)
    token_hash = Text(unique=True)
    target = Text(default="/")
    let_in_by = UUID(null=True, default=None)
    expires_at = Timestamptz(index=True, default=None)


class SetUpCode(Table):
    """The code that a server of an installation without accounts has printed; one a server."""

    id = UUID(primary_key=True, default=None)
    code_hash = Text()
    created_at = Timestamptz(default=None)


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


class Job(Table):
    """Long work (`jobs.py`). `wrapped_key`: the key of what is sealed here, in its failures and in
    its result; destroyed when they are forgotten."""

    id = UUID(primary_key=True, default=None)
    kind = Text()
    account = UUID(null=True, default=None)
    scope_kind = Text()
    scope_id = Text(default="", index=True)
    wrapped_key = Bytea(null=True, default=None)
    sealed_params = Bytea(null=True, default=None)
    state = Text()
    """"asked", "running", "done", "failed" or "cancelled"."""
    done = BigInt(default=0)
    total = BigInt(default=0)
    note = Text(default="")
    """msgid"""
    failures = BigInt(default=0)
    starts = BigInt(default=0)
    created_at = Timestamptz(index=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    cancel_asked_at = Timestamptz(null=True, default=None)
    sealed_error = Bytea(null=True, default=None)


class JobFailure(Table):
    """One item of a job that could not be done. `n`: in the order in which they were met."""

    id = UUID(primary_key=True, default=None)
    job = UUID(index=True, default=None)
    n = BigInt()
    sealed_body = Bytea(null=True, default=None)


class JobResult(Table):
    """The file that a job made; id = the job's, with the parts before its end (`jobs/parts.py`)."""

    id = UUID(primary_key=True, default=None)
    name = Text()
    media = Text()
    size = BigInt(default=0)
    sealed_data = Bytea(null=True, default=None)


class Undo(Table):
    """A bulk action that can be taken back (`undo.py`): until `until`, or without an end. `params`:
    JSON of ids and codes, no personal data. `title`: msgid, filled with `title_params`."""

    id = UUID(primary_key=True, default=None)
    kind = Text()
    account = UUID(null=True, default=None)
    scope_kind = Text()
    scope_id = Text(default="", index=True)
    title = Text()
    title_params = Text(default="{}")
    params = Text()
    made_at = Timestamptz(index=True, default=None)
    until = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    done_by = UUID(null=True, default=None)


TABLES: list[type[Table]] = [
    Installation,
    Person,
    PersonDocument,
    Organisation,
    Account,
    Session,
    LoginLink,
    CodeApp,
    RecoveryCode,
    Passkey,
    LogInStep,
    SetUpCode,
    Grant,
    OutboxMessage,
    AuditEntry,
    Job,
    JobFailure,
    JobResult,
    Undo,
]
