"""At home: what a venue has added is verified, appended and made visible; then what tablets sent here
meanwhile is opened, each sheet once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contests.actions.common import allowed, moment, raise_roster
from contests.chain import LogLine, moment_of
from contests.lending.belongings import (
    bring_accounts,
    bring_admissions,
    bring_appointments,
    bring_devices_home,
    keys_in,
)
from contests.lending.checking import log_findings, package_findings
from contests.lending.comparing import check_return, compare_heads
from contests.lending.format import HOME, LoanFile, read_loan
from contests.lending.held import keep_held, open_held
from contests.lending.late import TakenBack, take_back_too_late
from contests.lending.pictures import bring_pictures
from contests.lending.rebuilding import rebuild
from contests.lending.sealing import open_texts
from contests.lending.standing import RECALLED, RETURNED, last_loan
from contests.log import here, read, store
from contests.packages.archive import Files
from contests.packages.format import LOAN, PICTURES, Package
from contests.replay import Replayed, replay
from contests.sheets import unb64
from contests.statements import run
from contests.tables import Contest, Loan, LogText
from contests.texts import keep_salted, text_hash
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, Role

GRANTED = frozenset({str(Role.JUDGE), str(Role.TASTER)})
"""A duty that began at the venue and brings its rights here; for any other the organiser appoints."""


async def take_back(
    by: Actor, files: Files, *, head: str, contest: UUID | None = None, now: datetime | None = None
) -> TakenBack:
    """`head`: the hash that the venue shows, its first 8 characters or more, typed by somebody who
    reads it there. `contest`: the one that it must be. Raises Invalid with everything that is wrong;
    nothing is changed then."""
    loan = read_loan(files, direction=HOME)
    package, findings = package_findings(files)
    if package is None:
        raise Invalid(findings)
    contest = _id(loan, contest)
    scope = await allowed(by, "contest.lend", contest)
    compare_heads(loan, head)
    ours = await read(contest)
    standing = await last_loan(contest)
    if standing is None:
        raise Conflict([Finding("", "not-lent", {})])
    if loan.lender != here():
        params = {"expected": loan.lender, "found": here()}
        findings.append(Finding(f"/{LOAN}/lender", "loan-from-another", params))
    findings += log_findings(package, loan)
    if findings:
        raise Invalid(findings)
    at = moment(now)
    if standing.closed == RECALLED and standing.hash in {line.hash for line in package.log}:
        return await take_back_too_late(by, package, loan, ours[: standing.seq], at=at)
    again = standing.closed == RETURNED
    known_until = standing.closed_seq if again else standing.seq
    check_return(package.log, ours[:known_until], again=again)
    left: list[str] = []
    if not again:
        async with transaction():
            left = await _append(package, loan, standing.borrower, len(ours), at=at)
            after = {"from": standing.borrower, "added": len(package.log) - len(ours)}
            await audit.record(by, "take_back_contest", scope=scope, after=after)
    else:
        async with transaction():
            await keep_held(contest, loan, at)
    notes = await bring_pictures(contest, files.contents.get(PICTURES, b""), at)
    opened = await open_held(contest)
    added = 0 if again else len(package.log) - len(ours)
    return TakenBack(
        contest, package.contest.code, loan.length, loan.head, added, opened, again,
        tuple(left), tuple(notes),
    )  # fmt: skip


def _id(loan: LoanFile, expected: UUID | None) -> UUID:
    try:
        found = UUID(loan.contest)
    except ValueError:
        raise NotFound(kind="contest", id=loan.contest[:60]) from None
    if expected is not None and found != expected:
        raise Invalid([Finding(f"/{LOAN}/contest", "loan-unreadable", {})])
    return found


async def _append(
    package: Package, loan: LoanFile, borrower: str, length: int, *, at: datetime
) -> list[str]:
    contest, log, known = UUID(package.contest.id), package.log, replay(package.log)
    gate = await run(_HOME, loan.head, loan.length, here(), contest, borrower, length)
    if not gate:
        raise Conflict([Finding("", "not-lent", {})])
    await store(contest, log[length:])
    await bring_accounts(loan, at)
    left = await bring_appointments(contest, known, at, roles=GRANTED)
    competition = gate[0]["competition"]
    loan = await bring_devices_home(
        loan, contest=contest, competition=competition, at=at, keys=keys_in(log)
    )
    await bring_admissions(loan, contest=contest, competition=competition, reopen=False)
    await rebuild(contest, log, known)
    await _end_marking(contest, known)
    await _bring_texts(contest, loan, log, length)
    await keep_held(contest, loan, at)
    await raise_roster(contest)
    await Loan.update({Loan.returned_at: at, Loan.returned_head: loan.head}).where(
        Loan.contest == contest, Loan.returned_at.is_null()
    )
    return left


async def _end_marking(contest: UUID, known: Replayed) -> None:
    if known.judging_ended:
        ended = moment_of(known.judging_ended)
        await Contest.update({Contest.judging_ended_at: ended}).where(Contest.id == contest)


async def _bring_texts(contest: UUID, loan: LoanFile, log: Sequence[LogLine], length: int) -> None:
    """Reasons that an entry of the venue names by their hash; anything else stays outside."""
    standing = await last_loan(contest)
    texts = open_texts(loan.texts, str(contest), standing.head if standing else "")
    bodies = "".join(line.body for line in log[length:])
    for one in texts:
        salt, text, digest = unb64(one["salt"]), one["text"], one["hash"]
        if text_hash(text, salt) != digest or digest not in bodies:
            continue
        if not await LogText.exists().where(
            LogText.contest == contest, LogText.text_hash == digest
        ):
            entry = UUID(one["entry"]) if one.get("entry") else None
            await keep_salted(contest, text, salt, entry=entry)


_HOME = (
    "UPDATE contest SET revision = revision + 1, head = {}, length = {}, home = {} WHERE id = {} AND"
    " home = {} AND length = {} RETURNING competition"
)
