"""How marks become places and prizes; frozen by hash when marking starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from core.scoring.model.basics import Milli, MissingPolicy, Text
from core.scoring.model.scheme import Trim


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition on a module (or on the total, module = "").

    minimum: at least so many points; top: only the best n by this module advance (ties at the
    boundary advance together). Failing it gives `NOT_QUALIFIED`: marked, shown, not ranked.
    carried False: the module's score decides the gate only and is not added to the total.
    """

    module: str
    minimum: Milli | None = None
    top: int | None = None
    carried: bool = True


class TieKey(StrEnum):
    MODULE = "module"
    CRITERION = "criterion"
    ASPECT = "aspect"
    TIME = "time"
    """Net seconds of a module (id) or of all modules (id ""), less is better."""
    UNROUNDED = "unrounded"
    WEIGHTED_MODULES = "weighted_modules"
    """All modules in descending order of weight."""
    COUNT_BEST = "count_best"
    """How many aspects reached their maximum."""


@dataclass(frozen=True, slots=True)
class TieBreak:
    """descending: the larger value is better, which is nearly always meant. TIME ignores it."""

    key: TieKey
    id: str = ""
    descending: bool = True


class TiePolicy(StrEnum):
    SHARED = "shared"
    """Equal on every key: the same place, the next place is skipped."""
    NONE = "none"
    """不设并列名次: a remaining tie is unresolved and blocks closing until ruled."""
    WITHIN = "within"
    """No more than `Rules.tie_within` points apart from the group's first: shared."""


class AwardBase(StrEnum):
    """Whether proportions count everybody registered or everybody who competed."""

    REGISTERED = "registered"
    PRESENT = "present"


class AwardMethod(StrEnum):
    COUNTS = "counts"
    SHARES = "shares"
    RATIO = "ratio"
    MEDALS = "medals"
    VOTE = "vote"


@dataclass(frozen=True, slots=True)
class Prize:
    """code: "first", "second", "third", "merit", "gold" … ; amount: a count, a share or a part."""

    code: str
    title: Text
    amount: Fraction


@dataclass(frozen=True, slots=True)
class AwardRule:
    """How prizes are proposed for one group (or all, group = "").

    COUNTS  amount = number of prizes.
    SHARES  amount = share of the base (1/10 …), each rounded as `rounding` says.
    RATIO   amount = part (1, 2, 3) of at most `cap` of the base; `merit` = share of the base that
            still gets the last prize code "merit" (优胜奖 down to 50 %).
    MEDALS  the WorldSkills points window: places within `within` points share a medal.
            A prize after the third goes to every other entry with at least `amount` points.
    VOTE    the most votes in the panel `panel`; apart from the ranking.
    ties: "together" = equal places get the same, better prize even when the count is exceeded;
          "rule" = the chief referee decides, the proposal is flagged.
    """

    code: str
    title: Text
    method: AwardMethod
    prizes: tuple[Prize, ...]
    group: str = ""
    base: AwardBase = AwardBase.PRESENT
    cap: Fraction | None = None
    merit: Fraction | None = None
    within: Milli = 0
    panel: str = ""
    rounding: str = "half_up"
    """"half_up", "down" or "up"."""
    minimum: Milli | None = None
    """Least total for any prize of this rule."""
    ties: str = "together"


class TeamFormula(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    BEST = "best"
    JOINT = "joint"
    """One joint work a delegation: its one result (the best, should there be several)."""
    PLACE_POINTS = "place_points"
    """Points per place (`points`), summed; beyond the list nothing."""


@dataclass(frozen=True, slots=True)
class TeamRule:
    """A ranking of delegations out of the contests of a competition (团体奖)."""

    code: str
    title: Text
    formula: TeamFormula
    best: int = 0
    """BEST: how many of the delegation's results count."""
    points: tuple[Milli, ...] = ()
    minimum: int = 1
    """A delegation with fewer results is not ranked."""
    tie_policy: TiePolicy = TiePolicy.SHARED
    prizes: tuple[Prize, ...] = ()


class Leaving(StrEnum):
    """How a contest goes on when a judge leaves in the middle; declared before it begins."""

    SUBSTITUTE = "substitute"
    """Somebody else marks from here on; what is signed stays."""
    VOID = "void"
    """Nothing that was marked in this seat counts, for anybody: a smaller panel for all works."""
    SMALLER = "smaller"
    """What is signed stays; the rest is marked by the smaller panel."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides a place; frozen by hash when marking starts."""

    round_total: int | None = 2
    gates: tuple[Gate, ...] = ()
    tie_breaks: tuple[TieBreak, ...] = ()
    tie_policy: TiePolicy = TiePolicy.SHARED
    tie_within: Milli = 0
    dns: MissingPolicy = MissingPolicy.UNRANKED
    """What an entry or module that did not start does to the total: no place (UNRANKED), nothing
    is added (ZERO), or what was marked counts (PRESENT)."""
    dnf: MissingPolicy = MissingPolicy.UNRANKED
    """The same for one that was not finished."""
    dsq: MissingPolicy = MissingPolicy.UNRANKED
    """The same for a disqualified module; a disqualified entry never has a place."""
    void: MissingPolicy = MissingPolicy.ZERO
    """The same for a module declared void; a void entry never has a place."""
    awards: tuple[AwardRule, ...] = ()
    team: TeamRule | None = None
    group_titles: Mapping[str, Text] = field(default_factory=dict)
    recusal_trim: Trim | None = None
    """Trimming for a panel smaller by a recused judge, or by one who has left; None = the aspect's own
    trim."""
    leaving: tuple[Leaving, ...] = (Leaving.SUBSTITUTE,)
    """What the chief referee may choose from when a judge leaves in the middle, the usual way first."""
    lock: str = "session"
    """A judge's own marks may change until the end of the "entry", "round" or "session"."""
    recheck: tuple[Fraction, Fraction, Fraction] = (
        Fraction(3, 10),
        Fraction(15, 100),
        Fraction(5, 100),
    )
    """Top share, sample of the rest, error rate that escalates to all (成绩复核)."""
    appeal_minutes: int = 120
    notice_days: int = 5
    """公示: days of public notice."""
    issue_at: str = "final"
    """"final", or "signed" for certificates at the ceremony."""
