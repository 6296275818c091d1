"""A contest that is lent, taken in, given back and called back."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest

from contests.chain import verify_chain
from contests.lending.borrowing import Borrowed, borrow_contest
from contests.lending.home import take_back
from contests.lending.late import TakenBack
from contests.lending.out import LoanPackage, lend_contest
from contests.log import read
from contests.packages.archive import Files
from contests.replay import replay
from contests.sheets import payload_of
from contests.tables import SheetRow
from core.errors import Conflict, Forbidden, Invalid, NotReady
from core.security import SYSTEM
from tests.contests.lending.two_houses import House, carried
from tests.factories_contests import Seat, SmallContest, make_account

MARKS = {"look": "18", "taste": "35.5", "care": "2"}


async def lent(small: SmallContest, venue: House) -> LoanPackage:
    small.at += timedelta(minutes=1)
    organiser = await small.actor("organiser")
    return await lend_contest(organiser, small.contest, venue.id, now=small.at)


async def borrowed(venue_files: LoanPackage) -> Borrowed:
    return await borrow_contest(SYSTEM, carried(venue_files.files))


async def home_again(package: LoanPackage, **more: object) -> TakenBack:
    return await take_back(SYSTEM, carried(package.files), head=package.head[:12])


async def rows(contest: UUID) -> dict[str, tuple[object, ...]]:
    """What the projection says of every slot."""
    found = await SheetRow.select().where(SheetRow.contest == contest)
    return {
        str(row["id"]): (
            row["revision"], row["state"], row["countable"], row["marks"], row["seq"], row["hash"],
        )
        for row in found
    }  # fmt: skip


async def rids(contest: UUID) -> list[str]:
    lines = await read(contest)
    assert verify_chain(lines) == []
    return [payload_of(json.loads(line.body)["jws"]).rid for line in lines if line.kind == "sheet"]


async def sheet(small: SmallContest, seat: Seat, place: int, **more: object) -> str:
    codes = list((await small.codes())["dish"])
    return small.sign_sheet(seat, codes[place], MARKS, **more)  # type: ignore[arg-type]


async def findings(work: object) -> list[str]:
    with pytest.raises((Invalid, Conflict, NotReady)) as caught:
        await work  # type: ignore[misc]
    return [finding.code for finding in caught.value.findings]


def altered(package: LoanPackage, name: str, old: bytes, new: bytes) -> Files:
    from contests.packages.archive import with_sums

    contents = {k: v for k, v in package.files.items() if k != "SHA256SUMS"}
    assert old in contents[name]
    contents[name] = contents[name].replace(old, new, 1)
    return carried(with_sums(contents))


async def recalled(small: SmallContest, reason: str = "The laptop was stolen") -> None:
    from contests.actions.approvals import decide_approval, request_approval

    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")
    body = {"reason": reason}
    asked = await request_approval(organiser, small.contest, "recall_contest", body)
    with pytest.raises(Forbidden):
        await decide_approval(organiser, asked, approve=True)
    assert await decide_approval(supervisor, asked, approve=True) == "approved"


async def replayed(small: SmallContest):  # type: ignore[no-untyped-def]
    return replay(await read(small.contest))


async def drawn(small: SmallContest) -> tuple[str, ...]:
    """At the venue codes are known, their owners are not."""
    return (await replayed(small)).codes["dish"]


def organising(small: SmallContest):  # type: ignore[no-untyped-def]
    from core.security import Role, Scope

    return [(Role.ORGANISER, Scope("contest", str(small.contest)))]


async def people_appoint(small: SmallContest, name: str) -> None:
    from contests.actions import people

    account = await make_account(name)
    await people.appoint(
        await small.actor("organiser"), small.contest, account, "group_leader", now=small.at
    )
