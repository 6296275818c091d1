"""Tables of the registry of craftsmen and of enterprises' needs.

What names or reaches somebody is sealed: a craftsman's words under the person's own key, an enterprise's
under a key of its own in its row. `organisation` is the union's that keeps the registry. Days are ISO dates
of local time. Levels and honours are nowhere here: they are read from the record.
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class Craftsman(Table):
    """Somebody on an organisation's registry; id = uuid5(organisation | person). Found only while
    `listed_at` is set. `days`: bits of the weekdays, Monday = 1. `services`, `languages`: codes with
    commas around each. `sealed_profile`: JSON of contact and studio."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    person = UUID(index=True, default=None)
    city = Text(default="")
    days = BigInt(default=0)
    from_day = Text(default="")
    until_day = Text(default="")
    services = Text(default="")
    languages = Text(default="")
    sealed_profile = Bytea(null=True, default=None)
    listed_at = Timestamptz(null=True, default=None)
    made_at = Timestamptz(default=None)


class CraftsmanTrade(Table):
    """One occupation of a craftsman, as the record spells it; id = uuid5(craftsman | trade)."""

    id = UUID(primary_key=True, default=None)
    craftsman = UUID(index=True, default=None)
    organisation = UUID(default=None)
    trade = Text()


class CraftsmanConsent(Table):
    """That somebody agreed to be found. `wording`: number of the sentence. `source`: how it was said,
    naming no person. At most one of a craftsman is in force."""

    id = UUID(primary_key=True, default=None)
    craftsman = UUID(index=True, default=None)
    wording = BigInt(default=1)
    source = Text(default="")
    given_at = Timestamptz(default=None)
    given_by = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class ServiceTeam(Table):
    """Craftsmen who go together. `members`: JSON list of ids, the leader's among them. `title` names no
    person."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    title = Text()
    leader = UUID(index=True, default=None)
    members = Text(default="[]")
    made_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class Enterprise(Table):
    """Who may file needs with an organisation. `employer`: its own organisation here, if it has one.
    `sealed_facts`: JSON of its name, under `wrapped_key`, which is emptied to forget it and its needs' words.
    `contact_days`: how long after the end of a need its two sides still see each other's contact."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    employer = UUID(null=True, default=None)
    wrapped_key = Bytea(null=True, default=None)
    sealed_facts = Bytea(null=True, default=None)
    contact_days = BigInt(default=30)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)


class CraftNeed(Table):
    """点单: what an enterprise needs. `state`: of `states.py`. `sealed_words`: JSON of the problem, of
    the enterprise's contact and the craftsman's report, under the enterprise's key. `wanted`: how many craftsmen. `result`: a
    code. `contact_until`: when both sides lose sight of each other; set when it ends."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    enterprise = UUID(index=True, default=None)
    trade = Text()
    city = Text()
    from_day = Text(default="")
    until_day = Text(default="")
    wanted = BigInt(default=1)
    workers = BigInt(default=0)
    sealed_words = Bytea(null=True, default=None)
    state = Text()
    result = Text(default="")
    filed_at = Timestamptz(default=None)
    accepted_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    contact_until = Timestamptz(null=True, default=None)


class Dispatch(Table):
    """派单: a need offered to one craftsman, alone or as the leader of a team. `state`: waiting,
    accepted, declined, taken_back, passed (others went, or the need ended) or left (gave up)."""

    id = UUID(primary_key=True, default=None)
    need = UUID(index=True, default=None)
    craftsman = UUID(index=True, default=None)
    team = UUID(null=True, default=None)
    state = Text()
    sent_by = UUID(null=True, default=None)
    sent_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)


class Visit(Table):
    """One day's work of a craftsman, or of a team, at an enterprise."""

    id = UUID(primary_key=True, default=None)
    need = UUID(index=True, default=None)
    dispatch = UUID(default=None)
    day = Text()
    minutes = BigInt()
    entered_at = Timestamptz(default=None)


class Benefit(Table):
    """What an enterprise says that it gained: `thousandths` of `unit`. `evidence_hash`: SHA-256 of a file
    that stays with the enterprise."""

    id = UUID(primary_key=True, default=None)
    need = UUID(index=True, default=None)
    thousandths = BigInt()
    unit = Text()
    evidence_hash = Text(default="")
    evidence_size = BigInt(default=0)
    stated_at = Timestamptz(default=None)


class MatchingLink(Table):
    """A link that lets one side in once. `side`: enterprise or craftsman, of which `subject` is the id.
    `dispatch`: the offer that it is about. `token_hash`: keyed hash of a secret that is kept nowhere."""

    id = UUID(primary_key=True, default=None)
    side = Text()
    subject = UUID(index=True, default=None)
    dispatch = UUID(null=True, default=None)
    token_hash = Text(unique=True)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class MatchingSession(Table):
    """A log-in by such a link: a cookie of its own kind. It opens nothing but the pages of this room."""

    id = UUID(primary_key=True, default=None)
    side = Text()
    subject = UUID(index=True, default=None)
    token_hash = Text(unique=True)
    device = Text(default="")
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [
    Craftsman,
    CraftsmanTrade,
    CraftsmanConsent,
    ServiceTeam,
    Enterprise,
    CraftNeed,
    Dispatch,
    Visit,
    Benefit,
    MatchingLink,
    MatchingSession,
]
