"""Tables of an application's way; the application itself stands in `credentials.records.tables`."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class ApplicationStep(Table):
    """One body's turn. `round`: rises when the application is handed in again. `body`: code of the
    organisation whose turn it is. `state`: waiting, open, notice, agreed, refused or sent_back."""

    id = UUID(primary_key=True, default=None)
    application = UUID(index=True, default=None)
    round = BigInt(default=1)
    n = BigInt()
    code = Text()
    title = Text()
    level = Text()
    body = Text(index=True)
    notice = Boolean(default=True)
    state = Text(default="waiting")
    sealed_opinion = Bytea(null=True, default=None)
    notice_from = Text(default="")
    notice_until = Text(default="")
    decided_on = Text(default="")
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)


class ApplicationPaper(Table):
    """A piece of evidence: a link or the SHA-256 of a file that the unit keeps."""

    id = UUID(primary_key=True, default=None)
    application = UUID(index=True, default=None)
    sealed_title = Bytea(null=True, default=None)
    link = Text(default="")
    hash = Text(default="")
    added_at = Timestamptz(default=None)
    added_by = UUID(null=True, default=None)


TABLES: list[type[Table]] = [ApplicationStep, ApplicationPaper]
