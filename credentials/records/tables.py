"""Tables of a person's record. Everything that an outside authority confers starts as a Proposal.

`title`, `clause` and `authority_title` are JSON of a Text.
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table

from credentials.records.applications import tables as applications
from credentials.records.exchange import tables as exchange
from credentials.records.honours import tables as honours


class Proposal(Table):
    """拟授: what a rule lets an authority confer; id = uuid5(entry | person | authority | kind | code |
    grade). `state`: proposed, granted, refused, withdrawn (a correction took its ground away), or
    questioned (granted, and its ground was taken away afterwards: the authority must decide).

    `kind`: level, title, medal, honour or partner. `facts`: JSON of the ResultFacts it rests on."""

    id = UUID(primary_key=True, default=None)
    contest = Text(index=True)
    entry = Text(index=True)
    person = UUID(index=True, default=None)
    kind = Text()
    code = Text()
    grade = Text()
    title = Text()
    authority = Text(index=True)
    issuer = Text()
    occupation = Text(default="")
    clause = Text(default="{}")
    source = Text(default="")
    rules_version = Text(default="")
    explained = Text(default="")
    """JSON of the RuleVerdict that it rests on, as it was when the proposal was made; "" without one."""
    output = Text(default="")
    """Of kind partner: JSON of the PartnerOutput, as its issuer worded it then; "" of every other."""
    facts = Text()
    result_version = BigInt(default=1)
    state = Text(default="proposed")
    reason = Text(default="")
    granted_on = Text(default="")
    valid_until = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)


class HeldLevel(Table):
    """A skill level somebody holds. `number_hash`: keyed hash, unique for ever; `number` itself is
    emptied by erasure. `issuer`: code of the organisation here that certified it, or the name of one
    elsewhere. `keeper`: code of the organisation that entered it, else "". `taken_in`: the list that it
    came with; `paper`: from before the platform, not judged here."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    occupation = Text()
    level = Text()
    title = Text()
    issuer = Text()
    number_hash = Text(unique=True)
    number = Text(default="")
    granted_on = Text()
    source = Text(default="")
    certificate = UUID(null=True, default=None)
    proposal = UUID(null=True, default=None)
    keeper = Text(default="", index=True)
    evidence_link = Text(default="")
    evidence_hash = Text(default="")
    list_id = UUID(null=True, default=None, index=True)
    """Of the body's list of numbers that granted it."""
    created_at = Timestamptz(default=None)
    taken_in = UUID(index=True, null=True, default=None)
    paper = Boolean(default=False)


class Honour(Table):
    """A craftsman's or model worker's honour, or another. `kind`: craftsman, model_worker,
    technical_expert, medal or other. `disclosed`: the authority lets the verify page show it. `paper`: from
    a list of before the platform, not judged here."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    kind = Text()
    code = Text()
    once = Text(default="")
    """The code of a title that is not granted twice, else "". One row of a person has it until it is
    withdrawn: a unique index sees to it where two grant at the same moment."""
    grade = Text(default="")
    """national, provincial, municipal, district or enterprise."""
    title = Text()
    authority = Text()
    authority_title = Text(default="{}")
    granted_on = Text()
    source = Text(default="")
    disclosed = Boolean(default=False)
    certificate = UUID(null=True, default=None)
    proposal = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    paper = Boolean(default=False)


class Application(Table):
    """个人申报: a unit asks an authority for a person's honour, on the ground of a proposal. `state`:
    open, sent_back, withdrawn, refused, or passed (every step agreed; the authority decides on the
    proposal). `unit`: code of the organisation that filed it. `sealed_file`: JSON of what was gathered,
    under the row's own key."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    kind = Text()
    code = Text()
    authority = Text(default="")
    state = Text(default="filed")
    reason = Text(default="")
    filed_at = Timestamptz(default=None)
    decided_at = Timestamptz(null=True, default=None)
    title = Text(default="{}")
    unit = Text(default="", index=True)
    city = Text(default="")
    proposal = UUID(null=True, default=None, index=True)
    round = BigInt(default=1)
    wrapped_key = Bytea(null=True, default=None)
    sealed_file = Bytea(null=True, default=None)


TABLES: list[type[Table]] = [
    Proposal,
    HeldLevel,
    Honour,
    Application,
    *honours.TABLES,
    *applications.TABLES,
    *exchange.TABLES,
]
