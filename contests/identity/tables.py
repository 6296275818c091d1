"""The sealed mappings: entry to persons, code to entry. Sealed under a key per contest, which is
wrapped by the installation's key-encryption key."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class IdentityKey(Table):
    """One contest's sealing key, wrapped. id = the contest's id."""

    id = UUID(primary_key=True, default=None)
    wrapped_key = Bytea(null=True, default=None)
    created_at = Timestamptz(default=None)


class SealedIdentity(Table):
    """One member of an entry; id = uuid5(entry | position). `sealed_person`: the person's id.
    `person_hash`: keyed hash of it, so that erasure and doubled entrants can be found."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    entry = UUID(index=True, default=None)
    position = BigInt(default=0)
    sealed_person = Bytea(null=True, default=None)
    person_hash = Text(index=True, default="")


class SealedTeam(Table):
    """The public name of an entry of several members (JSON Text); id = the entry's id."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    sealed_title = Bytea(null=True, default=None)


class SealedCode(Table):
    """Which entry a code is; id = uuid5(contest | module | code)."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    module = Text()
    code = Text()
    sealed_entry = Bytea(null=True, default=None)


class SealedDraw(Table):
    """The seed of one module's draw, revealed when the codes are opened; the log holds its
    commitment. id = uuid5(contest | "draw" | module)."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    module = Text()
    sealed_seed = Bytea(null=True, default=None)


TABLES: list[type[Table]] = [IdentityKey, SealedIdentity, SealedTeam, SealedCode, SealedDraw]
