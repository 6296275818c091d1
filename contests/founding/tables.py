"""Tables of founding: the programme, saved templates, uploaded files that wait for a decision, and
what was made together."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class Venue(Table):
    """赛点: a place of a competition, in whatever city. Nothing here names a person."""

    id = UUID(primary_key=True, default=None)
    competition = UUID(index=True, default=None)
    title = Text()
    city = Text(default="")
    address = Text(default="")
    created_at = Timestamptz(default=None)


class ProgrammeSession(Table):
    """场次: a venue's hours on one day, for a contest and perhaps one module of it. Local time."""

    id = UUID(primary_key=True, default=None)
    competition = UUID(index=True, default=None)
    venue = UUID(index=True, default=None)
    contest = UUID(null=True, index=True, default=None)
    """Null: of the whole competition, such as the opening."""
    module = Text(default="")
    day = Text()
    """ISO date."""
    starts = Text()
    """HH:MM, and `ends` after it on the same day."""
    ends = Text()
    note = Text(default="")
    created_at = Timestamptz(default=None)


class ContestTemplate(Table):
    """What an organisation has saved of a contest, to start others from. No person, no date."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    title = Text()
    type_code = Text()
    type_version = BigInt(default=1)
    options = Text(default="{}")
    scheme = Text()
    rules = Text()
    facts = Text(default="{}")
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz(default=None)


class FoundingFile(Table):
    """A file between its upload and the decision: the preview is made from it, then the contests.

    contest: whose scheme it is to replace, or null."""

    id = UUID(primary_key=True, default=None)
    competition = UUID(index=True, default=None)
    contest = UUID(null=True, index=True, default=None)
    account = UUID(null=True, default=None)
    kind = Text()
    """many, scheme or package."""
    name = Text()
    sha256 = Text()
    """Lower-case hex."""
    content = Bytea()
    created_at = Timestamptz(default=None)


class FoundingBatch(Table):
    """Contests that were made in one step, so that they can be taken back in one."""

    id = UUID(primary_key=True, default=None)
    competition = UUID(index=True, default=None)
    account = UUID(null=True, default=None)
    file_name = Text(default="")
    sha256 = Text(default="")
    contests = Text(default="[]")
    """JSON list of ids."""
    created_at = Timestamptz(default=None)
    undone_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [
    Venue,
    ProgrammeSession,
    ContestTemplate,
    FoundingFile,
    FoundingBatch,
]
