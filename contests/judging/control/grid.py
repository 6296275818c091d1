"""From the plan and the stored sheets to the grid of works by judges. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contests.judging.control.excused import Excused
from contests.judging.control.plan import Group, ModulePlan, Plan
from contests.judging.control.schemas import (
    Again,
    Cell,
    Column,
    GroupOut,
    Missing,
    ModuleGrid,
    Work,
)
from contests.replay import AppointedFacts
from contests.replay.seats import earlier
from contests.sheets import slot_id

MOST_COLUMNS = 14
"""A panel of more judges (a hundred tasters) is one column that counts."""

_STATES = {"accepted": "stored", "not_countable": "not_countable", "conflict": "conflict"}
STORED = frozenset({"stored", "not_countable", "conflict"})


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A stored sheet without its marks. state: as in `SheetRow`."""

    id: str
    module: str
    code: str
    judge: str
    attempt: int
    round: int
    state: str
    seq: int
    at: str


@dataclass(frozen=True, slots=True)
class CalledBack:
    """A round of marking that is open."""

    module: str
    code: str
    attempt: int
    panel: str
    group: str
    round: int


@dataclass(frozen=True, slots=True)
class Started:
    """sheets: account -> ids of sheets that are begun on a tablet on which that account signs."""

    contest: str = ""
    sheets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def has(self, judge: AppointedFacts, module: str, code: str, attempt: int) -> bool:
        begun = self.sheets.get(judge.account)
        if not begun:
            return False
        return str(slot_id(self.contest, module, code, attempt, 1, judge.id)) in begun


@dataclass(slots=True)
class Grid:
    owed: int = 0
    stored: int = 0
    modules: list[ModuleGrid] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)


def grid_of(
    plan: Plan,
    sheets: Sequence[SheetFacts],
    rounds: Sequence[CalledBack],
    excused: Excused,
    *,
    ended: bool,
    started: Started | None = None,
) -> Grid:
    """ended: marking is over, so everything that is not there is missing. started: what tablets tell."""
    grid = Grid()
    for module in plan.modules:
        _Module(
            module,
            plan,
            {
                (s.code, s.attempt, s.judge, s.round): s
                for s in sheets
                if s.module == module.id and s.judge not in plan.out
            },
            [called for called in rounds if called.module == module.id],
            {code: word for (where, code), word in excused.items() if where == module.id},
            ended,
            started or Started(),
        ).into(grid)
    return grid


@dataclass(slots=True)
class _Module:
    """One module while its cells are made."""

    plan: ModulePlan
    whole: Plan
    sheets: Mapping[tuple[str, int, str, int], SheetFacts]
    rounds: Sequence[CalledBack]
    excused: Mapping[str, str]
    ended: bool
    started: Started
    heads: dict[tuple[str, int, str], SheetFacts] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    """Code -> its place among those that count."""
    reached: dict[str, int] = field(default_factory=dict)
    """Judge -> place of the last work that the judge has handed in."""

    def into(self, grid: Grid) -> None:
        counting = (code for code in self.plan.codes if code not in self.plan.trial)
        self.order = {code: place for place, code in enumerate(counting)}
        for (code, attempt, judge, _), sheet in sorted(self.sheets.items(), key=_by_round):
            self.heads[code, attempt, judge] = sheet
            if code in self.order:
                self.reached[judge] = max(self.order[code], self.reached.get(judge, -1))
        groups = [*self.plan.groups, *self._gone()]
        works = [self._work(code, attempt, groups) for code, attempt in self._rows()]
        columns = [self._column(group, judge) for group in groups for judge in _columns(group)]
        for number, column in enumerate(columns):
            self._count(column, [work.cells[number] for work in works if _counts(work)])
        grid.owed += sum(column.owed for column in columns)
        grid.stored += sum(column.stored for column in columns)
        grid.missing += self._missing(columns, works)
        grid.again += [self._called(called) for called in self.rounds]
        grid.modules.append(
            ModuleGrid(
                self.plan.id,
                dict(self.plan.title),
                columns,
                works,
                [
                    GroupOut(group.panel, group.group, [aspect.id for aspect in group.aspects])
                    for group in self.plan.groups
                ],
            )
        )

    def _gone(self) -> list[Group]:
        """Judges whose appointment has ended and whose sheets stay."""
        planned = {judge.id for group in self.plan.groups for judge in group.judges}
        gone = {judge for _, _, judge in self.heads if judge not in planned}
        return [
            Group(facts.panel, facts.group, (facts,), False, ())
            for id_, facts in self.whole.judges.items()
            if id_ in gone
        ]

    def _rows(self) -> list[tuple[str, int]]:
        """Practice works first, then in the order drawn, each with its attempts."""
        attempts = {(code, 1) for code in self.plan.codes}
        attempts |= {(code, attempt) for code, attempt, _ in self.heads}
        attempts |= {(called.code, called.attempt) for called in self.rounds}

        def place(row: tuple[str, int]) -> tuple[bool, int, str, int]:
            code, attempt = row
            practice = code in self.plan.trial
            return (not practice, self.order.get(code, len(self.order)), code, attempt)

        return sorted(attempts, key=place)

    def _work(self, code: str, attempt: int, groups: Sequence[Group]) -> Work:
        cells = []
        for group in groups:
            owing = self._owing(group, code, attempt)
            made = {judge.id: self._cell(group, judge, code, attempt, owing)
                    for judge in group.judges}  # fmt: skip
            cells += list(made.values()) if len(made) <= MOST_COLUMNS else [_together(made)]
        return Work(code, attempt, code in self.plan.trial, self.excused.get(code, ""), cells)

    def _owing(self, group: Group, code: str, attempt: int) -> frozenset[str]:
        """Who owes this sheet. One on which a group agrees is owed by whoever gave it, else by the
        first of the group."""
        active = [judge.id for judge in group.judges if judge.id not in self.whole.ended]
        if not group.agreeing:
            called = self._open_round(group, code, attempt)
            least = called.round if called else 1
            return frozenset(
                judge for judge in active if not self._signed_before(judge, code, attempt, least)
            )
        gave = [judge for judge in active if (code, attempt, judge) in self.heads]
        return frozenset(gave or active[:1])

    def _signed_before(self, judge: str, code: str, attempt: int, least: int) -> bool:
        """Whether somebody who left and in whose place this judge marks had signed the sheet."""
        heads = [
            self.heads.get((code, attempt, before)) for before in earlier(judge, self.whole.judges)
        ]
        return any(h is not None and h.state == "accepted" and h.round >= least for h in heads)

    def _cell(
        self, group: Group, judge: AppointedFacts, code: str, attempt: int, owing: frozenset[str]
    ) -> Cell:
        head = self.heads.get((code, attempt, judge.id))
        called = self._open_round(group, code, attempt)
        if called and judge.id in owing and (head is None or head.round < called.round):
            return Cell("again", round=called.round)
        if head is not None:
            decide = head.id if head.state == "conflict" else ""
            state = _STATES[head.state]
            return Cell(state, head.round, head.seq, head.at, decide)  # type: ignore[arg-type]
        if judge.id not in owing:
            return Cell()
        if code in self.excused:
            return Cell("excused")
        if self._late(group, judge, code, attempt):
            return Cell("missing")
        begun = self.started.has(judge, self.plan.id, code, attempt)
        return Cell("started" if begun else "open")

    def _open_round(self, group: Group, code: str, attempt: int) -> CalledBack | None:
        own = (code, attempt, group.panel, group.group)
        found = [r for r in self.rounds if (r.code, r.attempt, r.panel, r.group) == own]
        return max(found, key=lambda called: called.round, default=None)

    def _late(self, group: Group, judge: AppointedFacts, code: str, attempt: int) -> bool:
        if self.ended:
            return True
        if code in self.plan.trial:
            return False
        if any((code, attempt, other.id) in self.heads for other in group.judges):
            return True
        place = self.order.get(code, len(self.order))
        return attempt == 1 and self.reached.get(judge.id, -1) > place

    def _column(self, group: Group, judge: AppointedFacts | None) -> Column:
        if judge is not None:
            return Column(judge.id, judge.seat, group.panel, group.group, 1, 0, 0)
        id_ = f"{group.panel}/{group.group}"
        return Column(id_, "", group.panel, group.group, len(group.judges), 0, 0)

    def _count(self, column: Column, cells: Sequence[Cell]) -> None:
        for cell in cells:
            if cell.state == "panel":
                column.owed += cell.of
                column.stored += cell.stored
            elif cell.state not in {"", "excused"}:
                column.owed += 1
                column.stored += cell.state in STORED or cell.state == "again"

    def _missing(self, columns: Sequence[Column], works: Sequence[Work]) -> list[Missing]:
        found = []
        for number, column in enumerate(columns):
            codes = [w.code for w in works if w.cells[number].state == "missing" and not w.trial]
            if codes:
                found.append(Missing(self.plan.id, column.seat, list(dict.fromkeys(codes))))
        return found

    def _called(self, called: CalledBack) -> Again:
        waiting = [
            judge.seat
            for group in self.plan.groups
            if (group.panel, group.group) == (called.panel, called.group)
            for judge in group.judges
            if judge.id in self._owing(group, called.code, called.attempt)
            and (called.code, called.attempt, judge.id, called.round) not in self.sheets
        ]
        return Again(
            called.module,
            called.code,
            called.attempt,
            called.round,
            called.panel,
            called.group,
            waiting,
        )


def _by_round(item: tuple[tuple[str, int, str, int], SheetFacts]) -> int:
    return item[0][3]


def _columns(group: Group) -> Sequence[AppointedFacts | None]:
    return group.judges if len(group.judges) <= MOST_COLUMNS else (None,)


def _together(cells: Mapping[str, Cell]) -> Cell:
    owed = [cell for cell in cells.values() if cell.state not in {"", "excused"}]
    there = sum(cell.state in STORED for cell in owed)
    return Cell("panel", stored=there, of=len(owed)) if owed else Cell()


def _counts(work: Work) -> bool:
    """First attempts that are no practice: what `owed` and `stored` count."""
    return work.attempt == 1 and not work.trial
