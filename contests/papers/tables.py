"""The scans of signed papers. They show signatures and, after the opening, names: so they are sealed."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class PaperScan(Table):
    """One signed paper as it came from the scanner, sealed under a key of its own. A newer scan of the
    same paper replaces it in the lists; it stays."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    paper = Text()
    """Code of the kind of paper (`kinds.py`)."""
    part = Text(default="")
    """Which of several: a module, a result version, a correction's number; empty = there is one."""
    sha256 = Text()
    """Hex, of the file as it came."""
    media_type = Text()
    size = BigInt(default=0)
    wrapped_key = Bytea(null=True, default=None)
    sealed_content = Bytea(null=True, default=None)
    account = UUID(null=True, default=None)
    received_at = Timestamptz(default=None)
    replaced_at = Timestamptz(null=True, default=None)
    replaced_by = UUID(null=True, default=None)


TABLES: list[type[Table]] = [PaperScan]
