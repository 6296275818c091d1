"""`jiangxin score`, `recount`, `scheme import`, `export` and `import`: parse, call, print."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from core.commands.output import complain, say, say_json
from core.findings import render
from core.hookspecs import Command
from core.scoring.model import Finding

DONE, TROUBLE, UNUSABLE = 0, 1, 2
T = TypeVar("T")
PlaceOf = Callable[[Finding], str]


def commands() -> list[Command]:
    """What this package adds to the `jiangxin` command."""
    from contests.importing import messages as workbook_messages
    from contests.lending import commands as lending
    from contests.packages import messages

    messages.install()
    workbook_messages.install()
    return [Score(), Recount(), Scheme(), Export(), Import(), *lending.commands()]


class Score:
    word = "score"
    help = "compute the standings of a contest package, without any database"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="a package's folder or zip file")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, arguments: Namespace) -> int:
        """0 scored, 2 when the package has findings."""
        from contests.packages.reading import place, read_package
        from contests.packages.score import score_json, score_package

        scored = score_package(read_package(arguments.package))
        if scored.results is None:
            return report(scored.findings, place, as_json=arguments.json)
        answer = score_json(scored.results)
        if arguments.json:
            notes = {"notes": told(scored.notes, place)} if scored.notes else {}
            say_json(answer | notes)
            return DONE
        for line in _lines(scored.notes, place):
            complain(line)
        _table(
            ["group", "rank", "entry", "total", "status", "decided by"],
            [
                [s["group"], s["rank"], s["entry"], s["total"], s["status"], s["decided_by"]]
                for s in answer["standings"]
            ],
        )
        return DONE


class Recount:
    word = "recount"
    help = "verify a package's log and count everything again from it"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="a package's folder or zip file")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, arguments: Namespace) -> int:
        """0 when everything agrees, 1 when something doesn't."""
        from contests.packages.archive import read_path
        from contests.packages.reading import place
        from contests.packages.recount import recount_files
        from contests.packages.score import score_json

        counted = recount_files(read_path(arguments.package))
        if arguments.json:
            say_json(
                {
                    "contest": counted.contest,
                    "agrees": not counted.findings,
                    "entries": counted.entries,
                    "sheets": counted.sheets,
                    "versions": counted.versions,
                    "head": counted.head,
                    "findings": told(counted.findings, place),
                    "standings": score_json(counted.results)["standings"]
                    if counted.results
                    else [],
                }
            )
        else:
            for line in _lines(counted.findings, place):
                say(line)
            if counted.contest:
                say(
                    f"{counted.contest}: {counted.entries} log entries, "
                    f"{counted.sheets} signed sheets, {counted.versions} result versions; "
                    + ("everything agrees." if not counted.findings else "see above.")
                )
        return TROUBLE if counted.findings else DONE


class Scheme:
    word = "scheme"
    help = "read a marking scheme from a CIS workbook (scheme import FILE.xlsx)"

    def arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(title="words", metavar="WORD", required=True)
        reader = words.add_parser("import", help="read a CIS marking scheme workbook")
        reader.add_argument("file", type=Path, help="an .xlsx file")
        reader.add_argument("--json", action="store_true", help="print one JSON object")
        reader.add_argument("--out", type=Path, help="write the scheme draft to this .json file")

    def run(self, arguments: Namespace) -> int:
        """0 when a scheme can be drafted (warnings or none), 2 when not."""
        from contests.importing.book import place
        from contests.importing.scheme_workbook import read_scheme_workbook, summary
        from core.scoring.codec import canonical

        data = _bytes_of(arguments.file)
        if data is None:
            return UNUSABLE
        result = read_scheme_workbook(data)
        findings = [
            item | {"severity": "warning" if finding.is_warning else "error"}
            for item, finding in zip(told(result.findings, place), result.findings, strict=True)
        ]
        figures = summary(result)
        if arguments.json:
            say_json(figures | {"findings": findings})
        else:
            if figures["criteria"]:
                _figures(figures)
            for item in findings:
                say(f"{item['severity']}: {item['place']}: {item['message']}")
        if arguments.out and result.scheme:
            arguments.out.write_bytes(canonical(result.scheme) + b"\n")
        return DONE if result.scheme else UNUSABLE


class Export:
    word = "export"
    help = "write a contest as a package"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("contest", help="the contest's code or id")
        parser.add_argument(
            "--out", type=Path, help="a .zip file or a new folder; CODE.zip if absent"
        )
        parser.add_argument(
            "--identities", action="store_true", help="with the entrants' names (identities.csv)"
        )

    def run(self, arguments: Namespace) -> int:
        from contests.packages.archive import write_folder, write_zip
        from contests.packages.exporting import export_contest, export_contest_with_identities
        from core.security import SYSTEM

        async def work() -> tuple[str, dict[str, bytes]]:
            export = export_contest_with_identities if arguments.identities else export_contest
            contest = await _contest(arguments.contest)
            return await export(SYSTEM, contest)

        code, contents = _with_database(work)
        out = arguments.out or Path(f"{code}.zip")
        if out.suffix == ".zip":
            out.write_bytes(write_zip(contents))
        else:
            write_folder(out, contents)
        say(f"Wrote {out}: {', '.join(sorted(contents))}")
        return DONE


class Import:
    word = "import"
    help = "take a package in: a finished contest as an archive, any other as a new draft"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="a package's folder or zip file")
        parser.add_argument(
            "--organisation", default="", help="code of the organisation that holds it here"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, arguments: Namespace) -> int:
        """0 taken in, 2 when the package has findings; nothing half-taken stays."""
        from contests.packages.archive import read_path
        from contests.packages.reading import place
        from contests.packages.taking_in import take_in
        from core.errors import Invalid
        from core.security import SYSTEM

        files = read_path(arguments.package)
        try:
            taken = _with_database(
                lambda: take_in(SYSTEM, files, organisation=arguments.organisation)
            )
        except Invalid as error:
            return report(error.findings, place, as_json=arguments.json)
        if arguments.json:
            answer = {"contest": str(taken.contest), "code": taken.code, "state": taken.state}
            say_json(answer | {"entries": taken.entries, "notes": told(taken.notes, place)})
        else:
            for line in _lines(taken.notes, place):
                complain(line)
            say(f"Took in {taken.code} ({taken.state}) with {taken.entries} entries.")
        return DONE


def told(findings: Iterable[Finding], place: PlaceOf) -> list[dict[str, str]]:
    """Findings in English, each with its place."""
    return [{"place": place(f), "message": render(f, "en")} for f in findings]


def report(findings: Sequence[Finding], place: PlaceOf, *, as_json: bool) -> int:
    """All findings at once; returns the exit code of an input that can't be used."""
    if as_json:
        say_json({"findings": told(findings, place)})
    else:
        for line in _lines(findings, place):
            complain(line)
    return UNUSABLE


def _lines(findings: Iterable[Finding], place: PlaceOf) -> list[str]:
    return [f"{item['place']}: {item['message']}" for item in told(findings, place)]


def _figures(figures: dict[str, Any]) -> None:
    judged, measured = figures["judgement"], figures["measurement"]
    say(
        f"{figures['title']}: {figures['criteria']} criteria, {figures['sub_criteria']} sub-criteria"
    )
    say(
        f"  J: {judged['count']} aspects, {judged['marks']} marks, "
        f"{judged['descriptors']} descriptors"
    )
    say(f"  M: {measured['count']} aspects, {measured['marks']} marks")
    say(
        f"  total {figures['total']}; variation {figures['variation']} "
        f"(the workbook says {figures['typed_variation']})"
    )
    for calculator in figures["calculators"]:
        say(f"  calculation {calculator['name']}: {calculator['kind']} per {calculator['per']}")


def _table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    texts = [headings, *[["" if cell is None else str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in texts) for column in range(len(headings))]
    for row in texts:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _bytes_of(path: Path) -> bytes | None:
    """At most what a workbook may have; complains when the file can't be read."""
    from contests.importing.book import LARGEST_FILE

    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as error:
        complain(f"{path} can't be read: {error.strerror}. Give an .xlsx file.")
        return None


def _with_database(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs `work` with this installation's database open."""
    from core.process import ready
    from core.settings import current

    async def run() -> T:
        async with ready(current()):
            return await work()

    return asyncio.run(run())


async def _contest(said: str) -> Any:
    from contests.packages.exporting import find_contest

    return await find_contest(said)
