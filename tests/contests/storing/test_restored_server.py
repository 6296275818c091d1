"""The server is restored from an older copy: every tablet sends everything again, and all of it is
there once, in order, with receipts that fit."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import jwt
import pytest

from contests.judging.actions import Answer, accept_revisions, release
from contests.judging.signing import SoftwareDevice, read_public_key, receipt_public_jwk
from contests.log import read
from contests.sheets import jws_hash, payload_of
from contests.tables import Contest, Device, Quarantine, TabletJudge
from core import db
from core.settings import Settings
from tests.contests.storing.kit import (
    MARKS,
    countersign,
    in_batches,
    projection,
    sound,
    tablet,
)
from tests.factories_contests import START, Seat, SmallContest, dish_rules, small_contest
from tests.fixtures import postgres

pytestmark = pytest.mark.engine


@asynccontextmanager
async def older(settings: Settings) -> AsyncIterator[None]:
    """Takes a copy, lets things go on, and puts the copy back at the end."""
    await db.close_database()
    copy = settings.data / "copy.sqlite3"
    name = f"jx_copy_{uuid4().hex[:12]}"
    if settings.embedded:
        shutil.copyfile(settings.sqlite_path, copy)
    else:
        own = settings.database_url.rsplit("/", 1)[1]
        await asyncio.to_thread(postgres.create, settings.database_url, name, template=own)
    await db.open_database(settings)
    yield
    await db.close_database()
    if settings.embedded:
        for path in settings.sqlite_path.parent.glob(settings.sqlite_path.name + "*"):
            path.unlink()
        shutil.copyfile(copy, settings.sqlite_path)
    else:
        own = settings.database_url.rsplit("/", 1)[1]
        await asyncio.to_thread(postgres.drop, settings.database_url, own)
        await asyncio.to_thread(postgres.create, settings.database_url, own, template=name)
        await asyncio.to_thread(postgres.drop, settings.database_url, name)
    await db.open_database(settings)


async def _take(small: SmallContest, sent: list[str], *jws: str) -> list[Answer]:
    sent += jws
    answers = await accept_revisions(jws, kid="courier", now=small.at)
    assert {a.answer for a in answers} == {"accepted"}
    return answers


def _receipt_fits(small: SmallContest, jws: str, answer: Answer, hashes: dict[int, str]) -> None:
    key = jwt.PyJWK(receipt_public_jwk()).key
    told = json.loads(jwt.PyJWS(algorithms=["ES256"]).decode(answer.receipt, key, ["ES256"]))
    assert told["jws_hash"] == jws_hash(jws)
    assert told["hash"] == hashes[told["seq"]]


@pytest.mark.parametrize("order", ["as signed", "backwards", "shuffled"])
async def test_everything_lands_once_after_a_restore(database: Settings, order: str) -> None:
    small = await small_contest(entrants=4, rules=dish_rules(lock="entry"))
    seat, colleague, third = small.judges
    shared = await tablet(seat.account, colleague.account, small.accounts["leader"])
    seat.device = colleague.device = shared
    codes = list((await small.codes())["dish"])
    sent: list[str] = []
    for code in codes[:2]:
        await _take(small, sent, small.sign_sheet(seat, code, {**MARKS, "look": "5"}))
    before = len(await read(small.contest))

    async with older(database):
        await _go_on(small, sent, codes)
        expected = await projection(small)
        length = len(await read(small.contest))
    assert len(await read(small.contest)) == before < length

    resent = list(sent)
    if order == "backwards":
        resent.reverse()
    elif order == "shuffled":
        random.Random(7).shuffle(resent)
    for batch in in_batches(resent, [3, 7, 1]):
        await accept_revisions(batch, kid="courier", now=small.at)
    await _enrol_again(third.device, third)
    await release(kid=third.device.kid)
    await release(contest=small.contest)
    answers = await accept_revisions(sent[-50:], kid="courier", now=small.at)

    assert await projection(small) == expected
    await sound(small)
    lines = await read(small.contest)
    stored = [line for line in lines if line.kind in {"sheet", "conflict"}]
    assert sorted(json.loads(line.body)["jws"] for line in stored) == sorted(sent)
    assert all(json.loads(line.body)["countable"] for line in stored)
    assert {a.answer for a in answers} == {"duplicate"}
    hashes = {line.seq: line.hash for line in lines}
    for jws, answer in zip(sent[-50:], answers, strict=True):
        _receipt_fits(small, jws, answer, hashes)
    assert {r["resolution"] for r in await Quarantine.select()} <= {"taken"}


async def _go_on(small: SmallContest, sent: list[str], codes: list[str]) -> None:
    """The hour that is lost: a countersigned change of an old sheet and of a new one, a swap, a new
    tablet, a judge who signed in, a group that was called back."""
    seat, colleague, third = small.judges
    signed: dict[str, Any] = {"countersign": await countersign(small)}
    await _take(small, sent, small.sign_sheet(seat, codes[0], {**MARKS, "look": "6"}, **signed))
    await _take(small, sent, small.sign_sheet(seat, codes[2], MARKS))
    await _take(small, sent, small.sign_sheet(seat, codes[2], {**MARKS, "look": "7"}, **signed))
    one, two = str(uuid4()), str(uuid4())
    for code in codes[:2]:
        await _take(small, sent, small.sign_sheet(colleague, code, MARKS))
    await _take(
        small,
        sent,
        small.sign_sheet(colleague, codes[0], {**MARKS, "look": "1"}, rid=one, swap=two, **signed),
        small.sign_sheet(colleague, codes[1], {**MARKS, "look": "2"}, rid=two, swap=one, **signed),
    )
    third.device = await tablet(third.account)
    await _take(small, sent, small.sign_sheet(third, codes[0], MARKS))
    for judge, care in ((seat, "0"), (colleague, "2"), (third, "2")):
        await _take(small, sent, small.sign_sheet(judge, codes[3], {**MARKS, "care": care}))
    for judge in small.judges:
        await _take(small, sent, small.sign_sheet(judge, codes[3], {"care": "2"}, round_=2))
    assert all(payload_of(jws).contest == str(small.contest) for jws in sent)


async def _enrol_again(device: SoftwareDevice, seat: Seat) -> None:
    """With the key that it still has."""
    kid, text = read_public_key(device.public_jwk)
    id_ = uuid4()
    await Device.insert(Device(id=id_, kind="tablet", kid=kid, public_jwk=text, enrolled_at=START))
    await TabletJudge.insert(
        TabletJudge(id=uuid4(), device=id_, account=seat.account, admitted_at=START)
    )


async def test_the_log_of_the_copy_goes_on_unbroken(database: Settings) -> None:
    small = await small_contest(entrants=2)
    seat, codes = small.judges[0], list((await small.codes())["dish"])
    first = small.sign_sheet(seat, codes[0], MARKS)
    second = small.sign_sheet(seat, codes[1], MARKS)
    async with older(database):
        lost = await accept_revisions([first, second], kid="courier", now=small.at)

    again = await accept_revisions([second, first], kid="courier", now=small.at)

    assert [a.answer for a in again] == ["accepted", "accepted"]
    assert {a.receipt for a in again}.isdisjoint(a.receipt for a in lost)
    await sound(small)
    row = await Contest.select().where(Contest.id == small.contest).first()
    assert row is not None
    assert row["length"] == len(await read(small.contest))
