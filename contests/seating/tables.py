"""Tables of the judges' pool and of the draw of judges. Names, employers and contacts stand only in
sealed columns, under a key of each judge."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class PoolJudge(Table):
    """Somebody who may be drawn as a judge (裁判库). competition null: of the organisation's pool,
    offered to every competition of it."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    competition = UUID(null=True, index=True, default=None)
    account = UUID(null=True, index=True, default=None)
    """Made when the judge is appointed or gets a link."""
    wrapped_key = Bytea(null=True, default=None)
    sealed_facts = Bytea(null=True, default=None)
    """JSON: name, number (of the qualification), employer, school, trainer, studio, phone, mail."""
    match_hash = Text(index=True, default="")
    """Keyed hash of name and employer, so that nobody is entered twice."""
    trades = Text(default="[]")
    """JSON list of occupation codes or names; empty = any."""
    qualification = Text(default="")
    """技师, 高级技师, 裁判员证 …"""
    level = Text(default="")
    """national, provincial, city or empty."""
    valid_until = Text(default="")
    """ISO date; empty = without end."""
    leads = Boolean(default=False)
    """Qualified to lead a group (小组长)."""
    delegations = Text(default="[]")
    """JSON list of codes of the delegations that the judge belongs to."""
    languages = Text(default="[]")
    removed_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)


class Interest(Table):
    """A declared conflict of interest of a judge (回避申报)."""

    id = UUID(primary_key=True, default=None)
    judge = UUID(index=True, default=None)
    """Of the pool."""
    competition = UUID(null=True, index=True, default=None)
    kind = Text()
    """delegation, employer, school, trainer, studio, relation or declared."""
    delegation = UUID(null=True, default=None)
    entry = UUID(null=True, default=None)
    """Set by the organiser alone: the judge never learns who competes."""
    wrapped_key = Bytea(null=True, default=None)
    sealed_value = Bytea(null=True, default=None)
    """Whom or what it is about, in the judge's words."""
    declared_by_judge = Boolean(default=False)
    declared_by = UUID(null=True, default=None)
    declared_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class JudgesDraw(Table):
    """One drawing of a contest's judges. id = uuid5(contest | number). The seed is made with the first
    preview and kept through every further one, so that nobody looks until he likes what he sees."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    number = BigInt(default=1)
    seed = Bytea()
    state = Text(default="open")
    """open, confirmed or undone."""
    plan = Text(default="")
    """JSON: what was asked for and who was drawn, by ids of the pool."""
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(null=True, default=None)


TABLES = [PoolJudge, Interest, JudgesDraw]
