"""What is marked, how it counts and what came out, as frozen values.

Numbers
    A mark, a maximum or a penalty is a whole number of thousandths (`Milli`; 1.25 is 1250).
    A weight or a factor is a `Fraction`. A raw measured value is a canonical decimal string.
    Nothing here is ever a float.

Everything is data: it is frozen as canonical JSON when marking starts (`codec.py`) and the
engine (`combine.py`, `rank.py`, `awards.py`) reads nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

Milli = int
Text = Mapping[str, str]
"""One sentence or name in several languages: {"zh-Hans": …, "zh-Hant": …, "en": …, "pt": …}."""

ONE = Fraction(1)


class Kind(StrEnum):
    """Who enters an aspect and how it becomes an award."""

    JUDGEMENT = "judgement"
    MEASUREMENT = "measurement"
    POINTS = "points"
    DEDUCTION = "deduction"
    TIME = "time"
    INSTRUMENT = "instrument"
    GIVEN = "given"


class Outcome(StrEnum):
    """What stands in the place of a number. None of these is zero."""

    SCORED = "scored"
    MISSING = "missing"
    DNS = "DNS"
    DNF = "DNF"
    DSQ = "DSQ"
    VOID = "void"
    NOT_QUALIFIED = "not_qualified"


class MissingPolicy(StrEnum):
    """What an absent mark, module or entrant does to the sum above it."""

    BLOCK = "block"
    """The contest can't be closed before it is there."""
    PRESENT = "present"
    """The panel is the marks that are there; with none at all the aspect is missing."""
    ZERO = "zero"
    """Counts nothing, and says so in the explanation."""
    UNRANKED = "unranked"
    """The entrant gets no place."""


# --- the scheme: what is marked ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trim:
    """Drop the `high` highest and `low` lowest marks when at least `minimum` are present."""

    high: int = 0
    low: int = 0
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Calculation:
    """A named calculator with its parameters; numbers in `parameters` are decimal strings."""

    name: str
    version: int = 1
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Defect:
    """One line of a deduction table: what was wrong and the range it may cost (positive Milli)."""

    code: str
    title: Text
    minimum: Milli
    maximum: Milli
    step: Milli = 500
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """How a tablet lets a judge enter the value, declared so that no plugin needs JavaScript.

    widget: "levels", "grid", "number", "count", "choice", "defects", "stopwatch", "file", "none".
    """

    widget: str = "grid"
    step: Milli = 0
    unit: str = ""
    choices: tuple[str, ...] = ()
    labels: tuple[Text, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aspect:
    """The smallest thing that is marked (评分点)."""

    id: str
    kind: Kind
    title: Text
    maximum: Milli | None
    """None only for `given`: decided elsewhere, possibly negative."""
    minimum: Milli = 0
    step: Milli = 10
    panel: str = "referees"
    judges: int = 1
    """How many marks the panel owes; 1 for one agreed value per group."""
    top: Milli = 3000
    """`judgement`: the top of the scale."""
    descriptors: tuple[Text, ...] = ()
    spread: Milli | None = None
    """Largest accepted distance between two marks; None = any. Judgement is 1000 by rule."""
    trim: Trim = Trim()
    calculation: Calculation | None = None
    unit: str = ""
    factor: Fraction = ONE
    round_panel: int | None = None
    """Decimals after the panel's mean, half up; None = keep exact."""
    round_award: int | None = 2
    """Decimals after the factor, half up; None = keep exact."""
    missing: MissingPolicy = MissingPolicy.BLOCK
    defects: tuple[Defect, ...] = ()
    applies_to: tuple[str, ...] = ()
    """Entry ids; empty = every entry. Other entries neither owe nor earn it."""
    section: str = ""
    requirement: str = ""
    control: Control = Control()


@dataclass(frozen=True, slots=True)
class SubCriterion:
    """子标准: a day of marking and a group of judges."""

    id: str
    title: Text
    aspects: tuple[Aspect, ...]
    day: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    id: str
    title: Text
    sub_criteria: tuple[SubCriterion, ...]
    maximum: Milli | None = None
    """The typed sum, when the source states one; compared with the aspects, never believed."""
    round_to: int | None = None


class AttemptRule(StrEnum):
    LAST = "last"
    BEST = "best"
    RULING = "ruling"
    """The chief referee names the attempt that counts; until then several attempts are unresolved."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """Points per started or full unit over the limit; out beyond `exclude_after` seconds over."""

    limit: int
    """Seconds."""
    points: Milli
    unit: int = 60
    per: str = "started"
    """"started" or "full"."""
    exclude_after: int | None = None
    exclusion: Outcome = Outcome.DSQ


@dataclass(frozen=True, slots=True)
class Module:
    """One part of a contest with its own mark: theory, practical, A, B … (模块)."""

    id: str
    title: Text
    maximum: Milli | None
    criteria: tuple[Criterion, ...]
    weight: Fraction = ONE
    """Multiplies the module's score in the total."""
    blind: bool = True
    process: bool = False
    """过程评分: marked while the entrant works, so it can't be blind."""
    round_to: int | None = None
    attempts: AttemptRule = AttemptRule.LAST
    over_time: OverTime | None = None
    missing: MissingPolicy = MissingPolicy.BLOCK

    def aspects(self) -> tuple[Aspect, ...]:
        """Every aspect, in the order of the sheet."""
        return tuple(a for c in self.criteria for s in c.sub_criteria for a in s.aspects)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the occupational standard (WSSS/WSOS section) and its weighting in marks."""

    id: str
    title: Text
    weight: Milli


@dataclass(frozen=True, slots=True)
class Scheme:
    """评分方案: module → criterion → sub-criterion → aspect."""

    code: str
    title: Text
    modules: tuple[Module, ...]
    sections: tuple[Section, ...] = ()

    def module(self, module_id: str) -> Module:
        """KeyError with the known ids when there is none."""
        for module in self.modules:
            if module.id == module_id:
                return module
        raise KeyError(f"{module_id!r}; modules are {[m.id for m in self.modules]}")


# --- the rules: how marks become places and prizes --------------------------------------------


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
    """Trimming for a panel smaller by a recused judge; None = the aspect's own trim."""
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


# --- the record: what happened ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry as scoring may know it: never a name."""

    id: str
    group: str = ""
    delegation: str = ""
    trial: bool = False
    """试评: marked for practice, never counted."""
    reserve: bool = False
    """Waits for a place; counts from the moment that anything is recorded of it."""


@dataclass(frozen=True, slots=True)
class FoundDefect:
    code: str
    points: Milli


@dataclass(frozen=True, slots=True)
class Mark:
    """One judge's (or group's) value for one aspect.

    value: points in Milli (judgement: the 0-3 score in Milli). raw: the measured value as a
    canonical decimal string, or "true"/"false", or a choice. outcome MISSING or VOID: no value.
    """

    value: Milli | None = None
    raw: str | None = None
    defects: tuple[FoundDefect, ...] = ()
    outcome: Outcome = Outcome.SCORED
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one judge (or group) marked for one entry in one module.

    counted False: kept and shown, but set aside for `reason` ("recusal", "trial", "superseded").
    """

    entry: str
    module: str
    judge: str
    marks: Mapping[str, Mark]
    panel: str = "referees"
    attempt: int = 1
    round: int = 1
    counted: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Penalty:
    """scope: "warning", "points", "module" (void), "project" (void) or "disqualify"."""

    id: str
    entry: str
    scope: str
    module: str = ""
    points: Milli = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """Official clock of one attempt, in whole seconds; net = gross - compensation."""

    entry: str
    module: str
    gross: int
    compensation: int = 0
    attempt: int = 1

    @property
    def net(self) -> int:
        return self.gross - self.compensation


@dataclass(frozen=True, slots=True)
class StatusFact:
    """DNS, DNF, DSQ or VOID for an entry (module = "") or for one of its modules."""

    entry: str
    status: Outcome
    module: str = ""


@dataclass(frozen=True, slots=True)
class AttemptRuling:
    entry: str
    module: str
    attempt: int


@dataclass(frozen=True, slots=True)
class PlaceRuling:
    """The chief referee's order among entries that no tie-break separates (`TiePolicy.NONE`)."""

    entries: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that a recount needs, in any order: order never matters."""

    entries: tuple[EntryFacts, ...]
    sheets: tuple[Sheet, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    timings: tuple[Timing, ...] = ()
    statuses: tuple[StatusFact, ...] = ()
    rulings: tuple[AttemptRuling, ...] = ()
    places: tuple[PlaceRuling, ...] = ()
    votes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """panel -> entry -> number of votes."""
    registered: Mapping[str, int] = field(default_factory=dict)
    """group -> number registered, where it differs from the entries listed."""


# --- the results ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AspectScore:
    """How one aspect of one entry came about."""

    entry: str
    module: str
    aspect: str
    outcome: Outcome
    panel: Fraction | None
    """After trim, mean (or calculator) and rounding, in points."""
    award: Fraction | None
    """After factor and rounding, in points."""
    exact: Fraction | None
    """The award before its rounding."""
    used: tuple[tuple[str, Milli], ...] = ()
    dropped: tuple[tuple[str, Milli], ...] = ()
    raw: str | None = None
    attempt: int = 1
    round: int = 1
    reason: str = ""
    """Why there is no award: "absent", "incomplete", "spread", "disagree", "unreadable", "void"."""
    defects: tuple[FoundDefect, ...] = ()
    """Of a `deduction`: everything that was found, by all judges."""


@dataclass(frozen=True, slots=True)
class ModuleScore:
    entry: str
    module: str
    outcome: Outcome
    score: Fraction | None
    """Points after rounding and module penalties; None when nothing counts."""
    exact: Fraction | None
    """The sum before the module's rounding and penalties."""
    penalty: Fraction = Fraction(0)
    attempt: int = 1
    gross: int | None = None
    compensation: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One entry's place. rank None = not ranked, and `status` says why."""

    entry: str
    group: str
    rank: int | None
    total: Fraction | None
    exact: Fraction | None
    status: Outcome
    decided_by: str
    """"total", the tie-break's text such as "module:B" or "time:", "shared", "unresolved",
    "ruling", or the reason for no place: "gate:theory", "module:B", "aspect:B1.2", "penalty:P1",
    "status"."""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class AwardProposal:
    rule: str
    prize: str
    entry: str
    rank: int | None
    flagged: str = ""
    """Why a person has to look: "tie at the boundary", "rounded from 1.33" …"""


@dataclass(frozen=True, slots=True)
class AwardCount:
    """The rounding shown: what the rule asked for and what was proposed."""

    rule: str
    prize: str
    group: str
    base: int
    asked: Fraction
    proposed: int


@dataclass(frozen=True, slots=True)
class TeamStanding:
    delegation: str
    rank: int | None
    total: Fraction | None
    counted: tuple[str, ...]
    shared: bool = False
    prize: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """standings ordered by group, rank, entry; the rest by entry and scheme order."""

    standings: tuple[Standing, ...]
    modules: tuple[ModuleScore, ...]
    aspects: tuple[AspectScore, ...]
    awards: tuple[AwardProposal, ...] = ()
    counts: tuple[AwardCount, ...] = ()
    unresolved: tuple[tuple[str, ...], ...] = ()
    """Groups of entries whose tie `TiePolicy.NONE` forbids."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at one place. `pointer` is a JSON pointer into what was given;
    `code` is a stable slug; `params` fill the sentence that the catalogues hold for it."""

    pointer: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        """Unusual, not wrong: shown, and nothing is refused for it."""
        return self.code.endswith("-warning")
