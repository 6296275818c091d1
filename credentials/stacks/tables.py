"""Links to employers, their stacks, and what is kept of them for a while, sealed under the stack's key."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class StackInvitation(Table):
    """An invitation. `scope_kind`, `scope_id`: which office made it. `employer`: an organisation's name,
    no person's. `used`: stacks that were begun."""

    id = UUID(primary_key=True, default=None)
    scope_kind = Text()
    scope_id = Text(default="")
    employer = Text()
    secret_hash = Text(unique=True)
    uses = BigInt(default=1)
    used = BigInt(default=0)
    expires_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    closed_at = Timestamptz(null=True, default=None)


class Stack(Table):
    """One stack. `wrapped_key`: the key of all that is sealed here; destroyed when it is forgotten.
    `language`: of its two papers. `genuine` … counts alone are kept."""

    id = UUID(primary_key=True, default=None)
    link = UUID(index=True, default=None)
    wrapped_key = Bytea(null=True, default=None)
    language = Text(default="zh-Hans")
    job = UUID(null=True, default=None)
    files = BigInt(default=0)
    certificates = BigInt(default=0)
    genuine = BigInt(default=0)
    created_at = Timestamptz(default=None)
    made_at = Timestamptz(null=True, default=None)
    forgotten_at = Timestamptz(null=True, default=None)


class StackFile(Table):
    """A file of a stack until its result is made. `sealed_about`: JSON of its name, kind, hash and the
    archive it lay in. `sealed_found`: JSON of what was read so far, `pages` of it."""

    id = UUID(primary_key=True, default=None)
    stack = UUID(index=True, default=None)
    n = BigInt()
    size = BigInt(default=0)
    sealed_about = Bytea()
    sealed_data = Bytea(null=True, default=None)
    sealed_found = Bytea(null=True, default=None)
    pages = BigInt(default=0)
    done_at = Timestamptz(null=True, default=None)


class StackResult(Table):
    """The Excel and the record; id = uuid5(stack | kind). `kind`: "xlsx" or "pdf"."""

    id = UUID(primary_key=True, default=None)
    stack = UUID(index=True, default=None)
    kind = Text()
    size = BigInt(default=0)
    sealed_data = Bytea()


TABLES: list[type[Table]] = [StackInvitation, Stack, StackFile, StackResult]
