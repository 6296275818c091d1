"""At the venue: the contest goes home. From then on nothing is written here; what tablets still send is
kept, and can be brought home by asking for the package once more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import allowed, change_contest, moment, raise_roster, who
from contests.chain import instant
from contests.lending.belongings import accounts_of, admissions_of, devices_of
from contests.lending.format import FORMAT, HOME, VERSION, HeldSheet, LoanFile, written
from contests.lending.out import LoanPackage
from contests.lending.pictures import pictures_of
from contests.lending.sealing import seal_texts
from contests.lending.standing import RETURNED, Standing, last_loan
from contests.log import here, writing
from contests.packages.archive import with_sums
from contests.packages.exporting import package_of
from contests.packages.format import LOAN, PICTURES
from contests.packages.writing import files_of
from contests.replay import replay
from contests.sheets import b64
from contests.tables import Contest, Loan, LogText, Quarantine
from contests.texts import texts_of
from core import audit
from core.db import transaction
from core.errors import Conflict
from core.scoring.model import Finding
from core.security import Actor


async def give_back(by: Actor, contest: UUID, *, now: datetime | None = None) -> LoanPackage:
    """Ends the venue's writing the first time; every time it gives the package."""
    scope = await allowed(by, "contest.lend", contest)
    standing = await last_loan(contest)
    if standing is None or standing.borrower != here() or standing.closed == "recalled":
        raise Conflict([Finding("", "not-borrowed", {})])
    at = moment(now)
    if standing.is_out:
        async with transaction():
            async with writing(contest, "judging", now=at) as log:
                body = {"installation": standing.lender, "head": log.head, "by": who(by)}
                line = log.add(RETURNED, body)
            await change_contest(contest, {Contest.home: standing.lender})
            await raise_roster(contest)
            await Loan.update({Loan.returned_at: at, Loan.returned_head: line.hash}).where(
                Loan.contest == contest, Loan.head == standing.hash
            )
            await audit.record(by, "give_back_contest", scope=scope)
    return await _package(contest, standing, at=at)


async def _package(contest: UUID, standing: Standing, *, at: datetime) -> LoanPackage:
    async with transaction():
        package = await package_of(contest)
        known = replay(package.log)
        devices = await devices_of(contest, known)
        texts = seal_texts(await _texts(contest), standing.key, context=str(contest))
        pictures = await pictures_of(contest)
        loan = LoanFile(
            format=FORMAT,
            version=VERSION,
            direction=HOME,
            contest=str(contest),
            lender=standing.lender,
            borrower=standing.borrower,
            length=len(package.log),
            head=package.log[-1].hash,
            at=instant(at),
            accounts=await accounts_of(known),
            devices=devices,
            admissions=await admissions_of(devices),
            held=await _held(contest),
            texts=texts,
        )
    files = {**files_of(package), LOAN: written(loan)}
    files |= {PICTURES: pictures} if pictures else {}
    return LoanPackage(package.contest.code, loan.length, loan.head, with_sums(files))


async def _texts(contest: UUID) -> list[Mapping[str, str]]:
    """Reasons in words, with the salt that ties each to its hash in the log."""
    words = await texts_of(contest)
    rows = await LogText.select(LogText.text_hash, LogText.salt, LogText.entry).where(
        LogText.contest == contest
    )
    return [
        {
            "hash": row["text_hash"],
            "salt": b64(bytes(row["salt"])),
            "text": words[row["text_hash"]],
            "entry": str(row["entry"] or ""),
        }
        for row in rows
        if words.get(row["text_hash"])
    ]


async def _held(contest: UUID) -> tuple[HeldSheet, ...]:
    """What nobody has decided on here: it is decided at home."""
    rows = (
        await Quarantine.select()
        .where(Quarantine.contest == contest, Quarantine.resolution == "")
        .order_by(Quarantine.received_at, Quarantine.id)
    )
    return tuple(_held_sheet(row) for row in rows)


def _held_sheet(row: Mapping[str, Any]) -> HeldSheet:
    return HeldSheet(
        jws=bytes(row["payload"])
        .decode("utf-8", "surrogatepass")
        .encode("ascii", "replace")
        .decode(),
        reason=row["reason"],
        received_at=instant(row["received_at"]),
        kid=row["kid"],
        device_seq=row["device_seq"],
        rid=row["rid"],
        sheet=row["sheet"],
    )
