"""`jiangxin lend`, `borrow`, `give-back` and `take-back`: parse, call, print."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from core.commands.output import complain, say
from core.errors import Conflict, Invalid
from core.findings import render
from core.scoring.model import Finding

DONE, TROUBLE, UNUSABLE = 0, 1, 2
LARGEST = 2 * 1024**3
"""A return brings its photos with it."""
T = TypeVar("T")
LET_IN = ("chief_referee", "group_leader", "clerk", "supervisor")


class Lend:
    word = "lend"
    help = "lend a contest to a venue's server: writes the package that it takes in"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("contest", help="the contest's code or id")
        parser.add_argument(
            "--to", required=True, metavar="INSTALLATION", help="the venue's id (jiangxin doctor)"
        )
        parser.add_argument("--out", type=Path, help="a .zip file; CODE-loan.zip if absent")

    def run(self, arguments: Namespace) -> int:
        from contests.lending.out import lend_contest
        from core.security import SYSTEM

        async def work() -> Any:
            return await lend_contest(SYSTEM, await _contest(arguments.contest), arguments.to)

        package = _told(work)
        if package is None:
            return UNUSABLE
        out = arguments.out or Path(f"{package.code}-loan.zip")
        _write(out, package.files)
        say(f"Wrote {out}. Carry it to the venue; there: jiangxin borrow {out.name}")
        _show(package.length, package.head)
        say("Both must show the same. Sheets that arrive here meanwhile are kept, unopened.")
        return DONE


class Borrow:
    word = "borrow"
    help = "take a lent contest in: at the venue"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="what `jiangxin lend` wrote")
        parser.add_argument(
            "--organisation", default="", help="code of the organisation that holds it here"
        )

    def run(self, arguments: Namespace) -> int:
        from contests.lending.borrowing import borrow_contest
        from contests.packages.archive import read_path
        from core.security import SYSTEM

        files = read_path(arguments.package, largest=LARGEST, unpacked=LARGEST)

        async def work() -> Any:
            said = arguments.organisation
            taken = await borrow_contest(SYSTEM, files, organisation=said)
            return taken, await _links(taken.contest)

        answer = _told(work)
        if answer is None:
            return UNUSABLE
        taken, links = answer
        say(f"Borrowed {taken.code}: {taken.accounts} people, {taken.devices} keys.")
        _show(taken.length, taken.head)
        say("Compare both with what the lender shows.")
        for seat, link in links:
            say(f"  {seat:<20}{link}")
        say("Those links log in once, within twelve hours. Judges get PINs in the control room.")
        return DONE


class GiveBack:
    word = "give-back"
    help = "end a borrowed contest here: writes the package for home"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("contest", help="the contest's code or id")
        parser.add_argument("--out", type=Path, help="a .zip file; CODE-return.zip if absent")

    def run(self, arguments: Namespace) -> int:
        from contests.lending.giving_back import give_back
        from core.security import SYSTEM

        async def work() -> Any:
            return await give_back(SYSTEM, await _contest(arguments.contest))

        package = _told(work)
        if package is None:
            return UNUSABLE
        out = arguments.out or Path(f"{package.code}-return.zip")
        _write(out, package.files)
        say(f"Wrote {out}. This server takes no more sheets of {package.code}.")
        _show(package.length, package.head)
        short = package.head[:12]
        say(
            f"At home, with the hash as it stands here: jiangxin take-back {out.name} --head {short}"
        )
        return DONE


class TakeBack:
    word = "take-back"
    help = "take a lent contest back: at home"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="what `jiangxin give-back` wrote")
        parser.add_argument(
            "--head",
            required=True,
            help="the hash as somebody reads it at the venue, 8 characters or more",
        )

    def run(self, arguments: Namespace) -> int:
        """0 taken back (or taken before), 2 it can't be."""
        from contests.lending.home import take_back
        from contests.packages.archive import read_path
        from core.security import SYSTEM

        files = read_path(arguments.package, largest=LARGEST, unpacked=LARGEST)

        async def work() -> Any:
            return await take_back(SYSTEM, files, head=arguments.head)

        taken = _told(work)
        if taken is None:
            return UNUSABLE
        for note in taken.notes:
            complain(_line(note))
        if taken.again:
            say(f"{taken.code} was taken back already; nothing changed in its log.")
        else:
            say(f"{taken.code} is at home: {taken.added} entries came from the venue.")
        _show(taken.length, taken.head)
        say(f"{taken.sheets} sheets that had arrived here meanwhile were added after them.")
        for seat in taken.left:
            say(f"{seat} got this duty at the venue: appoint again here, if it is still needed.")
        return DONE


def commands() -> list[Any]:
    return [Lend(), Borrow(), GiveBack(), TakeBack()]


def _show(length: int, head: str) -> None:
    say(f"  log: {length} entries, last hash {head[:8]} {head[8:16]} {head[16:24]} {head[24:32]} …")


def _write(out: Path, files: dict[str, bytes]) -> None:
    from contests.packages.archive import write_zip

    out.write_bytes(write_zip(files))


def _told(work: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
    """Every finding at once; None when there are some."""
    from core.process import ready
    from core.settings import as_served, current, use

    async def run() -> T:
        async with ready(current()):
            return await work()

    use(as_served(current()))
    try:
        return asyncio.run(run())
    except (Invalid, Conflict) as error:
        if not error.findings:
            raise
        for finding in error.findings:
            complain(_line(finding))
        return None


def _line(finding: Finding) -> str:
    from contests.packages.reading import place

    return f"{place(finding)}: {render(finding, 'en')}"


async def _contest(said: str) -> UUID:
    from contests.packages.exporting import find_contest

    return await find_contest(said)


async def _links(contest: UUID) -> list[tuple[str, str]]:
    """Who runs the contest in the hall: nobody has a password here."""
    from contests.preparing import appointments_of
    from core.accounts import login_link

    return [
        (one.role, await login_link(UUID(one.account), target=f"/judging/control/{contest}"))
        for one in await appointments_of(contest)
        if one.role in LET_IN and one.account
    ]
