"""At the venue: a lent contest is taken in, whole or not at all, and goes on here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from contests.actions.common import moment, raise_roster
from contests.chain import moment_of
from contests.lending.belongings import (
    bring_accounts,
    bring_admissions,
    bring_appointments,
    bring_devices,
)
from contests.lending.checking import log_findings, package_findings
from contests.lending.comparing import check_beginning
from contests.lending.format import OUT, LoanFile, read_loan
from contests.lending.rebuilding import rebuild
from contests.log import here, read, store
from contests.packages.archive import Files
from contests.packages.format import LOAN, Package
from contests.packages.taking_in import (
    bring_delegations,
    bring_entries,
    competition_for,
    json_text,
    organisation_for,
)
from contests.replay import Replayed, replay
from contests.statements import run
from contests.tables import Contest, Loan
from core import audit
from core.db import transaction
from core.errors import Invalid
from core.scoring.model import Finding
from core.security import Actor, Role, Scope, check

ALL_ROLES = frozenset(str(role) for role in Role)


@dataclass(frozen=True, slots=True)
class Borrowed:
    """length, head: what the lender's side shows as well. accounts: who has a duty here now."""

    contest: UUID
    code: str
    length: int
    head: str
    accounts: int
    devices: int


async def borrow_contest(
    by: Actor, files: Files, *, organisation: str = "", now: datetime | None = None
) -> Borrowed:
    """Raises Invalid with everything that is wrong. The same package again changes nothing."""
    check(by, "competition.create")
    loan = read_loan(files, direction=OUT)
    package, findings = package_findings(files)
    if package is None:
        raise Invalid(findings)
    findings += [*_for_us(loan), *log_findings(package, loan)]
    if findings:
        raise Invalid(findings)
    known, at = replay(package.log), moment(now)
    contest = UUID(package.contest.id)
    async with transaction():
        row = (
            await Contest.select(Contest.code, Contest.competition)
            .where(Contest.id == contest)
            .first()
        )
        if row is None:
            competition = await _new(by, package, loan, known, organisation=organisation, at=at)
            await _bring(by, package, loan, known, competition=competition, since=0, at=at)
        elif not await Loan.exists().where(Loan.contest == contest, Loan.head == loan.head):
            since = await _again(package, loan)
            competition = row["competition"]
            await _bring(by, package, loan, known, competition=competition, since=since, at=at)
    return Borrowed(
        contest,
        package.contest.code,
        loan.length,
        loan.head,
        len(loan.accounts),
        len(loan.devices),
    )


def _for_us(loan: LoanFile) -> list[Finding]:
    if loan.borrower == here():
        return []
    params = {"expected": loan.borrower, "found": here()}
    return [Finding(f"/{LOAN}/borrower", "loan-to-another", params)]


async def _new(
    by: Actor,
    package: Package,
    loan: LoanFile,
    known: Replayed,
    *,
    organisation: str,
    at: datetime,
) -> UUID:
    """The contest's row; returns its competition, which may be here from another loan."""
    facts, contest = package.contest, UUID(package.contest.id)
    if await Contest.exists().where(Contest.code == facts.code):
        raise Invalid([Finding(f"/{LOAN}", "loan-here-already", {"code": facts.code})])
    owner = await organisation_for(by, package, organisation, at)
    if owner is None:
        params = {"code": organisation or "-"}
        raise Invalid([Finding("/contest.json", "package-import-organisation-unknown", params)])
    competition = await competition_for(package, owner, at)
    await bring_delegations(competition, facts.delegations)
    await Contest.insert(
        Contest(
            id=contest,
            competition=competition,
            code=facts.code,
            title=json_text(dict(facts.title)),
            state="judging",
            type_code=facts.type.code,
            type_version=facts.type.version,
            options=json_text(dict(facts.options)),
            scheme=json_text(package.scheme),
            rules=json_text(package.rules),
            rules_hash=known.frozen.rules_hash if known.frozen else "",
            facts=json_text(dict(facts.facts)),
            home=here(),
            head=loan.head,
            length=loan.length,
            roster=1,
            created_at=moment_of(package.log[0].at),
        )
    )
    await bring_entries(contest, known.entries, at)
    return competition


async def _again(package: Package, loan: LoanFile) -> int:
    """Lent to us a second time: it goes on from what we gave back. Returns our log's length."""
    contest = UUID(package.contest.id)
    ours = await read(contest)
    check_beginning(package.log, ours)
    gate = await run(_AGAIN, loan.head, loan.length, here(), contest, loan.lender, len(ours))
    if not gate or len(package.log) <= len(ours):
        raise Invalid([Finding(f"/{LOAN}", "loan-here-already", {"code": package.contest.code})])
    return len(ours)


async def _bring(
    by: Actor,
    package: Package,
    loan: LoanFile,
    known: Replayed,
    *,
    competition: UUID,
    since: int,
    at: datetime,
) -> None:
    """Log, people and keys, as far as they are not here yet, and what is read from them."""
    contest = UUID(package.contest.id)
    await store(contest, package.log[since:])
    await bring_accounts(loan, at)
    await bring_appointments(contest, known, at, roles=ALL_ROLES)
    await bring_devices(loan, contest=contest, competition=competition, at=at)
    await bring_admissions(loan, contest=contest, competition=competition, reopen=True)
    await rebuild(contest, package.log, known)
    await raise_roster(contest)
    await Loan.insert(
        Loan(
            id=uuid5(contest, f"loan|{loan.head}"),
            contest=contest,
            installation=here(),
            head=loan.head,
            length=loan.length,
            lent_at=moment_of(package.log[-1].at),
        )
    )
    after = {"from": loan.lender, "length": loan.length}
    scope = Scope("contest", str(contest))
    subject = package.contest.code
    await audit.record(by, "borrow_contest", scope=scope, subject=subject, after=after)


_AGAIN = (
    "UPDATE contest SET revision = revision + 1, head = {}, length = {}, home = {} WHERE id = {} AND"
    " home = {} AND length = {} RETURNING id"
)
