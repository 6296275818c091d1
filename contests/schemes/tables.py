"""Versions of a scheme and of rules that are being written. The contest's own scheme is the last one that
was right; rules that are wrong are never kept."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table


class _Version:
    """id = uuid5(contest | what | number), so that one number is one row: of two who save at once one wins.

    Only added to. `undo_to` and `redo_to` are numbers of versions, 0 = nothing to take back or repeat.
    """

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    number = BigInt()
    at = Timestamptz(default=None)
    account = UUID(null=True, default=None)
    kind = Text()
    """edit, undo, redo, back (to an old one), together (two at once), outside (not made here)."""
    document = Text()
    """JSON of `Document`, or of `Rules`."""
    changes = Text(default="[]")
    """JSON list of findings' shape: what changed, in words."""
    undo_to = BigInt(default=0)
    redo_to = BigInt(default=0)


class SchemeVersion(_Version, Table):
    """The table of the marking scheme."""

    open_places = BigInt(default=0)
    """How many places are to be put right; 0 = it became the contest's scheme."""
    scheme_hash = Text(default="")
    """SHA-256 of the contest's scheme as this version left it: another one was written elsewhere."""


class RulesVersion(_Version, Table):
    """The rules beside it."""

    rules_hash = Text(default="")
    """SHA-256 of the contest's rules as this version left them."""


class SchemeAside(Table):
    """Changes that were made at the same time as somebody else's, until they are put together."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    account = UUID(null=True, default=None)
    at = Timestamptz(default=None)
    base = BigInt()
    """The version that they were made on."""
    document = Text()
    settled_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [SchemeVersion, SchemeAside, RulesVersion]
