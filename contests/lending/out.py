"""Lending: the contest's log gets its last entry here, and a package goes to the venue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from contests.actions.common import allowed, change_contest, contest_row, moment, raise_roster, who
from contests.chain import instant
from contests.lending.belongings import accounts_of, admissions_of, devices_of
from contests.lending.format import FORMAT, OUT, VERSION, LoanFile, written
from contests.lending.sealing import loan_key
from contests.lending.standing import LENT, last_loan
from contests.log import here, read, writing
from contests.packages.archive import with_sums
from contests.packages.exporting import package_of
from contests.packages.format import LOAN
from contests.packages.writing import files_of
from contests.replay import Replayed, replay
from contests.tables import Contest, Loan
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotReady
from core.scoring.model import Finding
from core.security import Actor


@dataclass(frozen=True, slots=True)
class LoanPackage:
    """length, head: what the other side must show as well."""

    code: str
    length: int
    head: str
    files: dict[str, bytes]


async def lend_contest(
    by: Actor, contest: UUID, installation: str, *, now: datetime | None = None
) -> LoanPackage:
    """From here on only that installation writes this log. Asked again for the same one it gives the
    same contest again, because the first package may be lost."""
    scope = await allowed(by, "contest.lend", contest)
    borrower = _installation(installation)
    standing = await last_loan(contest)
    if standing is not None and standing.is_out and standing.borrower == borrower:
        return await _package(contest, at=moment(now))
    at = moment(now)
    async with transaction():
        async with writing(contest, "judging", now=at) as log:
            _ready(replay(await read(contest)))
            body = {"installation": borrower, "from": here(), "head": log.head, "by": who(by)}
            line = log.add(LENT, {**body, "key": loan_key(str(contest), log.head)})
        await change_contest(contest, {Contest.home: borrower})
        await raise_roster(contest)
        await Loan.insert(
            Loan(
                id=uuid5(contest, f"loan|{line.hash}"),
                contest=contest,
                installation=borrower,
                head=line.hash,
                length=line.seq,
                lent_by=by.account,
                lent_at=at,
            )
        )
        await audit.record(by, "lend_contest", scope=scope, after={"to": borrower})
    return await _package(contest, at=at)


def _installation(text: str) -> str:
    try:
        found = str(UUID(text.strip()))
    except ValueError:
        params = {"value": text[:60]}
        raise Invalid([Finding("/installation", "loan-installation", params)]) from None
    if found == here():
        raise Invalid([Finding("/installation", "loan-to-itself", {})])
    return found


def _ready(known: Replayed) -> None:
    if known.judging_ended:
        raise Conflict([Finding("", "loan-judging-ended", {})])
    scheme = known.frozen.scheme if known.frozen else None
    undrawn = [m.id for m in scheme.modules if m.id not in known.codes] if scheme else []
    if undrawn:
        raise NotReady([Finding("/codes", "loan-open-codes", {"module": m}) for m in undrawn])


async def _package(contest: UUID, *, at: datetime) -> LoanPackage:
    async with transaction():
        package = await package_of(contest)
        known = replay(package.log)
        row = await contest_row(contest)
        devices = await devices_of(contest, known)
        loan = LoanFile(
            format=FORMAT,
            version=VERSION,
            direction=OUT,
            contest=str(contest),
            lender=here(),
            borrower=row["home"],
            length=len(package.log),
            head=package.log[-1].hash,
            at=instant(at),
            accounts=await accounts_of(known),
            devices=devices,
            admissions=await admissions_of(devices),
        )
    files = {**files_of(package), LOAN: written(loan)}
    return LoanPackage(package.contest.code, loan.length, loan.head, with_sums(files))


async def loans_of(by: Actor, contest: UUID) -> list[dict[str, object]]:
    """Newest first, for who may lend."""
    await allowed(by, "contest.lend", contest)
    rows: list[dict[str, object]] = (
        await Loan.select().where(Loan.contest == contest).order_by(Loan.lent_at, ascending=False)
    )
    return rows
