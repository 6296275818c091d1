"""Tables of lists that were taken in. What stood in a list is sealed under its own key, `wrapped_key`."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class RecordImport(Table):
    """One list. `origin`: paper (from before the platform, with a scan) or file (of another installation
    or database). `state`: looked, running, done or undone.

    `list_hash`, `evidence_hash`: SHA-256 of the list and of the scan as they came; of a file, the list
    is its own evidence. `sealed_lines` goes once the list is taken in, `sealed_evidence` once the list
    is undone or one of its persons is erased. `taken`: lines that are on record."""

    id = UUID(primary_key=True, default=None)
    keeper = Text(index=True)
    origin = Text()
    state = Text(default="looked")
    account = UUID(null=True, default=None)
    job = UUID(null=True, default=None)
    only_right = Boolean(default=False)
    size = BigInt(default=0)
    taken = BigInt(default=0)
    list_hash = Text()
    evidence_hash = Text(index=True)
    evidence_media = Text(default="")
    evidence_size = BigInt(default=0)
    wrapped_key = Bytea(null=True, default=None)
    sealed_lines = Bytea(null=True, default=None)
    sealed_evidence = Bytea(null=True, default=None)
    created_at = Timestamptz(index=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    undone_at = Timestamptz(null=True, default=None)
    undone_by = UUID(null=True, default=None)


class EarlierResult(Table):
    """A place or prize in a contest that was not judged here. `place`: as the list has it, in figures, or
    "". `taken_in`: the list; `line`: its row there."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    keeper = Text(index=True)
    contest = Text()
    year = Text()
    occupation = Text(default="")
    place = Text(default="")
    prize = Text(default="")
    taken_in = UUID(index=True, default=None)
    line = BigInt(default=0)
    created_at = Timestamptz(default=None)


class PersonReference(Table):
    """What a person is called in files of one body: `id`, which says nothing of the person. `made_by`: the
    list by which the person came on record here."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    keeper = Text(index=True)
    made_by = UUID(index=True, null=True, default=None)


TABLES: list[type[Table]] = [RecordImport, EarlierResult, PersonReference]
