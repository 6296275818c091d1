"""From a package's files to its values: everything wrong is found in one pass, with file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from contests.chain import LogLine
from contests.packages.archive import Files, read_path, read_zip
from contests.packages.csv_tables import Row, Table, read_table
from contests.packages.format import (
    CONTEST,
    ENTRANTS,
    FORMAT,
    IDENTITIES,
    JUDGES,
    LOG,
    MARKS,
    PENALTIES,
    PLACES,
    REQUIRED,
    RESULTS,
    RULES,
    RULINGS,
    SCHEME,
    STATUSES,
    TABLES,
    TIMINGS,
    VACANT,
    VERSION,
    VOTES,
    ContestFacts,
    JudgeFacts,
    MemberFacts,
    Package,
    Reading,
    StoredResults,
)
from core.scoring.codec import load, read
from core.scoring.model import (
    AttemptRuling,
    EntryFacts,
    Finding,
    Mark,
    Outcome,
    Penalty,
    PlaceRuling,
    Record,
    Rules,
    Scheme,
    Sheet,
    StatusFact,
    Timing,
    VacantSeat,
)

T = TypeVar("T")
SheetKey = tuple[str, str, str, str, int, int]


def read_package(path: Path) -> Reading:
    """A folder or zip on this machine."""
    return read_files(read_path(path))


def read_package_bytes(data: bytes) -> Reading:
    """A zip that somebody sent."""
    return read_files(read_zip(data))


def read_files(files: Files) -> Reading:
    """What the files say, or what is wrong with all of them."""
    reader = _Reader(files, findings=list(files.findings), notes=list(files.notes))
    return reader.read()


@dataclass
class _Reader:
    files: Files
    findings: list[Finding]
    notes: list[Finding]
    tables: dict[str, Table] = field(default_factory=dict)
    lines: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def read(self) -> Reading:
        contents = self.files.contents
        if not contents and self.findings:
            return Reading(None, tuple(self.findings), tuple(self.notes))
        damaged = {f.pointer for f in self.findings}
        for name in REQUIRED:
            if name not in contents and f"/{name}" not in damaged:
                self.findings.append(Finding(f"/{name}", "package-file-missing", {}))
        contest, scheme = self.json(CONTEST, ContestFacts), self.json(SCHEME, Scheme)
        rules, results = self.json(RULES, Rules), self.json(RESULTS, StoredResults)
        self.check_version(contest)
        for name in TABLES:
            self.table(name)
        record = self.record(contest, scheme)
        log = self.log()
        package = None
        if contest and scheme and rules and not self.findings:
            package = Package(
                contest,
                scheme,
                rules,
                record,
                judges=tuple(_judge(row) for row in self.rows(JUDGES)),
                members=tuple(MemberFacts(**row.values) for row in self.rows(IDENTITIES)),
                log=log,
                results=results,
            )
        return Reading(package, tuple(self.findings), tuple(self.notes), self.lines)

    # --- files ---

    def json(self, name: str, cls: type[T]) -> T | None:
        if name not in self.files.contents:
            return None
        value, findings = load(self.files.contents[name])
        if not findings:
            value, findings = read(cls, value)
        self.findings.extend(Finding(f"/{name}{f.pointer}", f.code, f.params) for f in findings)
        return None if findings else value

    def check_version(self, contest: ContestFacts | None) -> None:
        if contest and contest.format != FORMAT:
            params = {"found": contest.format[:40], "expected": FORMAT}
            self.findings.append(Finding(f"/{CONTEST}/format", "package-format", params))
        if contest and not 1 <= contest.version <= VERSION:
            params = {"found": str(contest.version), "expected": str(VERSION)}
            self.findings.append(Finding(f"/{CONTEST}/version", "package-version", params))

    def table(self, name: str) -> None:
        if name in self.files.contents:
            table = read_table(name, self.files.contents[name])
            self.tables[name] = table

    def rows(self, name: str) -> list[Row]:
        return self.tables[name].rows if name in self.tables else []

    def log(self) -> tuple[LogLine, ...]:
        """One JSON object a line; the chain is verified by `recount`, not here."""
        lines, findings = read_log(self.files.contents.get(LOG, b""))
        self.findings.extend(findings)
        return lines

    # --- tables ---

    def record(self, contest: ContestFacts | None, scheme: Scheme | None) -> Record:
        entries = self.entries()
        modules = {m.id: {a.id for a in m.aspects()} for m in scheme.modules} if scheme else None
        record = Record(
            entries=tuple(entries.values()),
            sheets=self.sheets(entries, modules),
            penalties=self.each(PENALTIES, lambda v: Penalty(**{**v, "points": v["points"] or 0})),
            timings=self.each(TIMINGS, lambda v: Timing(**v)),
            statuses=self.each(
                STATUSES, lambda v: StatusFact(v["entry"], v["status"], v["module"])
            ),
            rulings=self.each(RULINGS, lambda v: AttemptRuling(**v)),
            places=self.each(PLACES, lambda v: PlaceRuling(v["entries"], v["reason"])),
            votes=self.votes(),
            vacant=self.each(VACANT, lambda v: VacantSeat(**v)),
            registered=dict(contest.registered) if contest else {},
        )
        self.unique(JUDGES, ("judge",))
        self.unique(PENALTIES, ("id",))
        self.unique(TIMINGS, ("entry", "module", "attempt"))
        self.unique(RULINGS, ("entry", "module"))
        self.unique(STATUSES, ("entry", "module"))
        self.unique(VACANT, ("judges", "module"))
        self.check_references(entries, modules, contest)
        for table in self.tables.values():
            self.findings.extend(table.findings)
            self.notes.extend(table.notes)
        return record

    def each(self, name: str, make: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
        return tuple(make(row.values) for row in self.rows(name))

    def entries(self) -> dict[str, EntryFacts]:
        found: dict[str, EntryFacts] = {}
        first: dict[str, int] = {}
        for row in self.rows(ENTRANTS):
            values = dict(row.values)
            facts = EntryFacts(id=values.pop("entry"), **values)
            if facts.id in found:
                self.tables[ENTRANTS].wrong(
                    row.line, "package-entry-twice", "entry", entry=facts.id, first=first[facts.id]
                )
            found.setdefault(facts.id, facts)
            first.setdefault(facts.id, row.line)
        return found

    def sheets(
        self, entries: Mapping[str, EntryFacts], modules: Mapping[str, set[str]] | None
    ) -> tuple[Sheet, ...]:
        """Lines with the same entry, module, judge, panel, attempt and round are one sheet."""
        marks: dict[SheetKey, dict[str, Mark]] = {}
        aside: dict[SheetKey, str] = {}
        judges = (
            {row.values["judge"] for row in self.rows(JUDGES)} if JUDGES in self.tables else None
        )
        for row in self.rows(MARKS):
            values = row.values
            key = sheet_key(values)
            self.check_mark(row, modules, judges)
            first = self.lines.setdefault((*key, values["aspect"]), row.line)
            if first != row.line:
                self.tables[MARKS].wrong(
                    row.line, "package-mark-twice", aspect=values["aspect"], first=first
                )
            sheet = marks.setdefault(key, {})
            sheet[values["aspect"]] = _mark(values)
            if aside.setdefault(key, values["set_aside"]) != values["set_aside"]:
                self.tables[MARKS].wrong(row.line, "package-mark-set-aside-partly", "set_aside")
        return tuple(
            Sheet(
                entry=key[0],
                module=key[1],
                judge=key[2],
                marks=found,
                panel=key[3],
                attempt=key[4],
                round=key[5],
                counted=not aside[key],
                reason=aside[key],
            )
            for key, found in marks.items()
        )

    def check_mark(
        self, row: Row, modules: Mapping[str, set[str]] | None, judges: set[str] | None
    ) -> None:
        table, values = self.tables[MARKS], row.values
        given = [n for n in ("value", "raw", "outcome", "defects") if values[n] is not None]
        if len(given) > 1:
            table.wrong(row.line, "package-mark-several", columns=", ".join(given))
        elif not given:
            table.wrong(row.line, "package-mark-empty")
        if judges is not None and values["judge"] not in judges:
            table.wrong(row.line, "package-judge-unknown", "judge", judge=values["judge"])
        aspects = (modules or {}).get(values["module"])
        if aspects is not None and values["aspect"] not in aspects:
            near = ", ".join(sorted(aspects)[:8]) + (" …" if len(aspects) > 8 else "")
            table.wrong(
                row.line, "package-aspect-unknown", "aspect", aspect=values["aspect"], known=near
            )

    def votes(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for row in self.rows(VOTES):
            panel = found.setdefault(row.values["panel"], {})
            if row.values["entry"] in panel:
                self.tables[VOTES].wrong(row.line, "package-row-twice", columns="panel, entry")
            panel[row.values["entry"]] = row.values["votes"]
        return found

    def unique(self, name: str, columns: tuple[str, ...]) -> None:
        seen: set[tuple[Any, ...]] = set()
        for row in self.rows(name):
            key = tuple(row.values[column] for column in columns)
            if key in seen:
                self.tables[name].wrong(row.line, "package-row-twice", columns=", ".join(columns))
            seen.add(key)

    def check_references(
        self,
        entries: Mapping[str, EntryFacts],
        modules: Mapping[str, set[str]] | None,
        contest: ContestFacts | None,
    ) -> None:
        """Entries, modules and delegations that a table names must exist."""
        whole = ENTRANTS in self.tables and not self.tables[ENTRANTS].findings
        for name, table in self.tables.items():
            for row in table.rows if whole and name != ENTRANTS else ():
                named = row.values.get("entries") or (row.values.get("entry"),)
                for entry in named:
                    if entry is not None and entry not in entries:
                        table.wrong(row.line, "package-entry-unknown", "entry", entry=entry)
            for row in table.rows if modules is not None else ():
                for module in row.values.get("modules") or (row.values.get("module"),):
                    if module and module not in (modules or {}):
                        known = ", ".join(modules or {})
                        table.wrong(
                            row.line, "package-module-unknown", "module", module=module, known=known
                        )
        delegations = {d.code for d in contest.delegations} if contest else set()
        for row in self.rows(ENTRANTS) if delegations else ():
            code = row.values["delegation"]
            if code and code not in delegations:
                self.tables[ENTRANTS].wrong(
                    row.line, "package-delegation-unknown", "delegation", delegation=code
                )


def sheet_key(values: Mapping[str, Any]) -> SheetKey:
    return (
        values["entry"],
        values["module"],
        values["judge"],
        values["panel"],
        values["attempt"],
        values["round"],
    )


def read_log(data: bytes) -> tuple[tuple[LogLine, ...], list[Finding]]:
    """Entries in the order of the file; unreadable ones are findings at their number."""
    lines: list[LogLine] = []
    findings: list[Finding] = []
    for number, text in enumerate(data.split(b"\n"), start=1):
        if not text.strip():
            if text or number <= data.count(b"\n"):
                findings.append(
                    Finding(f"/{LOG}/{number}", "package-log-empty", {"seq": str(number)})
                )
            continue
        try:
            value, problems = load(text.decode("utf-8"))
        except UnicodeDecodeError:
            value, problems = None, [Finding("", "json-unreadable", {})]
        line = None
        if not problems:
            line, problems = read(LogLine, value)
        if line is None:
            findings.append(
                Finding(f"/{LOG}/{number}", "package-log-unreadable", {"seq": str(number)})
            )
        else:
            lines.append(line)
    return tuple(lines), findings


def _mark(values: Mapping[str, Any]) -> Mark:
    return Mark(
        value=values["value"],
        raw=values["raw"],
        defects=values["defects"] or (),
        outcome=values["outcome"] or Outcome.SCORED,
        note=values["note"],
        source=values["source"],
    )


def _judge(row: Row) -> JudgeFacts:
    return JudgeFacts(**row.values)


def place(finding: Finding) -> str:
    """CSV and log pointers are file, line, column; JSON ones go on inside the file."""
    parts = [p.replace("~1", "/").replace("~0", "~") for p in finding.pointer.split("/")[1:]]
    if not parts:
        return "package"
    if parts[0] == "entries":  # what keeps the contest open: "entry 12, module A, aspect A1.J1"
        kinds = ("entry", "module", "aspect")
        return ", ".join(f"{kind} {name}" for kind, name in zip(kinds, parts[1::2], strict=False))
    name, rest = parts[0], parts[1:]
    if rest and (name in TABLES or name == LOG):
        counted = "entry" if name == LOG else "line"
        return ", ".join([f"{name} {counted} {rest[0]}", *rest[1:]])
    return f"{name} /{'/'.join(rest)}" if rest else name
