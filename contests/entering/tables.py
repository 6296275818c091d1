"""What is kept of imports, and photos. Everything that names somebody is sealed."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class PeopleImport(Table):
    """One file that was handed in: its bytes as they came, what was made of it, and what it did.
    `wrapped_key` opens the sealed columns; without it only the figures stay."""

    id = UUID(primary_key=True, default=None)
    kind = Text()
    """entrants, staff (of a contest) or delegations (of a competition)."""
    competition = UUID(index=True, default=None)
    contest = UUID(null=True, index=True, default=None)
    state = Text(default="checking")
    """checking, imported, undone, dropped."""
    file_hash = Text(default="")
    """Hex SHA-256 of the file as it came."""
    file_size = BigInt(default=0)
    wrapped_key = Bytea(null=True, default=None)
    sealed_file = Bytea(null=True, default=None)
    sealed_draft = Bytea(null=True, default=None)
    """JSON of `draft.Draft`: cells, columns, what was mended."""
    sealed_outcome = Bytea(null=True, default=None)
    """JSON: what was made and what was changed from what, so that it can be undone."""
    counts = Text(default="{}")
    """JSON: how many were made, changed, left out."""
    revision = BigInt(default=0)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    done_by = UUID(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    undone_by = UUID(null=True, default=None)
    undone_at = Timestamptz(null=True, default=None)


class ImportedPerson(Table):
    """Whom an import's file speaks of, so that erasing a person erases the file.
    id = uuid5(import | person hash)."""

    id = UUID(primary_key=True, default=None)
    people_import = UUID(index=True, default=None)
    person_hash = Text(index=True)


class ColumnMemory(Table):
    """How the columns of a table with these headings were read by hand the last time.
    id = uuid5(competition | kind and headings)."""

    id = UUID(primary_key=True, default=None)
    competition = UUID(index=True, default=None)
    columns = Text()
    """JSON: position of the column -> field."""
    set_at = Timestamptz(default=None)


class PersonPhoto(Table):
    """A person's photo, made anew from what was sent, sealed under the person's own key.
    id = the person."""

    id = UUID(primary_key=True, default=None)
    person_hash = Text(index=True)
    sealed_photo = Bytea(null=True, default=None)
    set_at = Timestamptz(default=None)


TABLES: list[type[Table]] = [PeopleImport, ImportedPerson, ColumnMemory, PersonPhoto]
