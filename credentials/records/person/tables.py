"""Tables of the person's record. What may name somebody is sealed under a key of its own row."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class Learning(Table):
    """Training, or an apprenticeship (师徒). `kind`: training or mentoring. `person`: who learns;
    `master`: who teaches, with mentoring only. `keeper`: code of the organisation that entered it.
    `sealed_title`: what was taught, or the agreement's name. `until_on`: "" while it goes on.
    `taken_out_at`: it was a mistake; what happened to it stays in RecordEvent."""

    id = UUID(primary_key=True, default=None)
    kind = Text()
    person = UUID(index=True, default=None)
    master = UUID(index=True, null=True, default=None)
    keeper = Text(index=True)
    trade = Text(default="")
    wrapped_key = Bytea(null=True, default=None)
    sealed_title = Bytea(null=True, default=None)
    from_on = Text()
    until_on = Text(default="")
    evidence_link = Text(default="")
    evidence_hash = Text(default="")
    taken_out_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)


class RecordJoin(Table):
    """Two records of one person. `stays` stands for both while the state is joined. `state`: asked,
    refused, joined or undone. `goes_open`: `goes` while it is asked for or joined, else the row's own id:
    unique, so that one record is joined to one other. `until`: the last moment to take it back."""

    id = UUID(primary_key=True, default=None)
    stays = UUID(index=True, default=None)
    goes = UUID(index=True, default=None)
    goes_open = UUID(unique=True, default=None)
    state = Text(default="asked")
    wrapped_key = Bytea(null=True, default=None)
    asked_by = UUID(null=True, default=None)
    asked_at = Timestamptz(default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    until = Timestamptz(null=True, default=None)


class KeptFor(Table):
    """How long this installation keeps one kind of data where no authority publishes a figure;
    id = uuid5(kind). `years`: 0 for no end. `source`: what the figure rests on."""

    id = UUID(primary_key=True, default=None)
    kind = Text(unique=True)
    years = BigInt(default=0)
    source = Text(default="")
    changed_by = UUID(null=True, default=None)
    changed_at = Timestamptz(default=None)


class RetentionCase(Table):
    """Something of a person whose time is over; id = uuid5(person | kind | due day). `state`: due, asked,
    kept or erased. `kept_until`: the day until which somebody decided to keep it longer."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    kind = Text()
    last_on = Text()
    due_on = Text()
    state = Text(index=True, default="due")
    kept_until = Text(default="")
    wrapped_key = Bytea(null=True, default=None)
    asked_by = UUID(null=True, default=None)
    asked_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)


class RetentionLook(Table):
    """A day on which what is due was looked for; id = uuid5(day), so that one process does it."""

    id = UUID(primary_key=True, default=None)
    day = Text()
    found = BigInt(default=0)
    looked_at = Timestamptz(default=None)


TABLES: list[type[Table]] = [Learning, RecordJoin, KeptFor, RetentionCase, RetentionLook]
