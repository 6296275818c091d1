"""Tables of honours. What may name somebody is sealed under a key of its own row, `wrapped_key`.

Titles are JSON of a Text; days are ISO dates."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class HonourCase(Table):
    """One honour for one holder. `state`: proposed, notice (in public notice), granted, declined or
    withdrawn. `holder`: person, unit, team or studio; `sealed_holder`: its name where it is no person.

    `elsewhere`: granted before or by somebody else, and only on record here. `taken_in`: the list that it
    came with; `paper`: from before the platform, not judged here. `authority`: code of the
    organisation that grants it. `asked_by`: who asked to withdraw it, until another person confirms.
    `reason` is shown to everybody and names nobody."""

    id = UUID(primary_key=True, default=None)
    code = Text(index=True)
    family = Text()
    tier = Text()
    city = Text(default="")
    year = BigInt(index=True, default=0)
    title = Text()
    holder = Text(default="person")
    person = UUID(index=True, null=True, default=None)
    studio = UUID(null=True, default=None)
    wrapped_key = Bytea(null=True, default=None)
    sealed_holder = Bytea(null=True, default=None)
    authority = Text(index=True)
    authority_title = Text(default="{}")
    state = Text(default="proposed")
    elsewhere = Boolean(default=False)
    document = Text(default="")
    granted_on = Text(default="")
    evidence_link = Text(default="")
    evidence_hash = Text(default="")
    notice_from = Text(default="")
    notice_until = Text(default="")
    proposal = UUID(index=True, null=True, default=None)
    honour = UUID(null=True, default=None)
    asked_by = UUID(null=True, default=None)
    asked_at = Timestamptz(null=True, default=None)
    reason = Text(default="")
    withdrawal_document = Text(default="")
    withdrawn_on = Text(default="")
    created_at = Timestamptz(index=True, default=None)
    taken_in = UUID(index=True, null=True, default=None)
    paper = Boolean(default=False)


class RecordEvent(Table):
    """What happened to an honour or an application, when and by whom. `note`: days, numbers and
    codes. `sealed_text`: why, under the key of what it is about."""

    id = UUID(primary_key=True, default=None)
    about = UUID(index=True, default=None)
    at = Timestamptz(default=None)
    account = UUID(null=True, default=None)
    kind = Text()
    note = Text(default="")
    sealed_text = Bytea(null=True, default=None)


class Objection(Table):
    """异议: filed while a public notice runs, with its answer. `about`: an honour or a step of an
    application. `state`: open, rejected or upheld.

    `receipt`: of one that came by the public form, else ""; `sealed_sender`: the name and how to reach
    whoever filed it, where it was given."""

    id = UUID(primary_key=True, default=None)
    about = UUID(index=True, default=None)
    filed_on = Text()
    filed_at = Timestamptz(default=None)
    filed_by = UUID(null=True, default=None)
    state = Text(default="open")
    sealed_text = Bytea(null=True, default=None)
    sealed_answer = Bytea(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
    answered_by = UUID(null=True, default=None)
    receipt = Text(default="")
    sealed_sender = Bytea(null=True, default=None)


class EvidenceFile(Table):
    """A document or picture behind an honour or an application, as it was handed in. `about`: the honour or
    application, whose key seals name and content. `hash`: SHA-256 of the content; `size` in bytes."""

    id = UUID(primary_key=True, default=None)
    about = UUID(index=True, default=None)
    media = Text()
    size = BigInt()
    hash = Text()
    sealed_name = Bytea(null=True, default=None)
    sealed_content = Bytea(null=True, default=None)
    added_at = Timestamptz(default=None)
    added_by = UUID(null=True, default=None)


class Studio(Table):
    """创新工作室. `keeper`: code of the organisation that keeps its record. `level`: national,
    provincial, municipal, district or enterprise. `branch`: of the alliance of the Greater Bay Area."""

    id = UUID(primary_key=True, default=None)
    keeper = Text(index=True)
    wrapped_key = Bytea(null=True, default=None)
    sealed_name = Bytea(null=True, default=None)
    level = Text()
    city = Text(default="")
    branch = Text(default="")
    founded_on = Text(default="")
    ended_on = Text(default="")
    created_at = Timestamptz(default=None)


class StudioMember(Table):
    """`role`: leader or member. `until_on`: "" for today's."""

    id = UUID(primary_key=True, default=None)
    studio = UUID(index=True, default=None)
    person = UUID(index=True, default=None)
    role = Text()
    from_on = Text()
    until_on = Text(default="")


class StudioResult(Table):
    """成果: a patent, a method, a saving. `figure`: as it was stated, with its unit."""

    id = UUID(primary_key=True, default=None)
    studio = UUID(index=True, default=None)
    day = Text()
    sealed_title = Bytea(null=True, default=None)
    figure = Text(default="")
    evidence = Text(default="")
    created_at = Timestamptz(default=None)


TABLES: list[type[Table]] = [
    HonourCase,
    RecordEvent,
    Objection,
    EvidenceFile,
    Studio,
    StudioMember,
    StudioResult,
]
