"""Links and log-ins of holders, excerpts that they share, corrections that they ask for.

What names a person or was typed by one stands sealed under that person's own key.
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class HolderLink(Table):
    """A link that lets a person in once. `token_hash`: keyed hash of its secret, which is kept
    nowhere. `contests` and `issuers`: JSON lists of what its maker may see of the person; a log-in by
    it shows no more. `ended_at`: a newer one took its place before it was used."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    contest = Text(index=True, default="")
    token_hash = Text(unique=True)
    contests = Text(default="[]")
    issuers = Text(default="[]")
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class HolderSession(Table):
    """A log-in. The cookie carries a secret of which this is the keyed hash. `contests` and `issuers`:
    of every link that was opened in it. The row stays when it is over: it is the person's history."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    link = UUID(default=None)
    token_hash = Text(unique=True)
    contests = Text(default="[]")
    issuers = Text(default="[]")
    device = Text(default="")
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class HolderShare(Table):
    """An excerpt of one certificate, shown to whoever has the link. `fields`: JSON list of codes, none
    of what they say. `root`: of the score sheet that chosen lines are counted in; under another one
    they are not shown. `sealed_label`: for whom it is, in the holder's words."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    certificate = UUID(index=True, default=None)
    secret_hash = Text(unique=True)
    fields = Text(default="[]")
    root = Text(default="")
    sealed_label = Bytea(null=True, default=None)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    opened = BigInt(default=0)
    opened_at = Timestamptz(null=True, default=None)


class HolderRequest(Table):
    """A correction that a holder asks for. `field`: a code. `sealed_body`: JSON of what should stand and
    why. `state`: open, passed_on, done, declined or taken_back."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    certificate = UUID(index=True, default=None)
    contest = Text(index=True, default="")
    field = Text()
    sealed_body = Bytea(null=True, default=None)
    sealed_file = Bytea(null=True, default=None)
    media = Text(default="")
    sealed_answer = Bytea(null=True, default=None)
    state = Text(default="open")
    made_at = Timestamptz(default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)


TABLES: list[type[Table]] = [HolderLink, HolderSession, HolderShare, HolderRequest]
