"""The demonstration as a spectator runs it, held against what was published of the contest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
import pytest_asyncio

from admin.demonstration.facts import BAY_AREA, MEETINGS, TRYOUT, ZHONGSHAN
from contests import queries
from contests.identity.sealing import persons_of
from contests.log import read
from contests.tables import Competition, Contest, Delegation, Entry, JudgePin
from core import db, settings
from core.privacy import names_of
from core.scoring.model import AwardProposal
from core.settings import load
from core.tables import Person
from credentials.records.explaining import explained
from credentials.records.tables import Proposal
from tests.fixtures.processes import ROOT, free_port

PLAYERS = 108


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What `--json` printed, and the folder that it was played in."""
    folder = tmp_path_factory.mktemp("demonstration") / "data"
    words = ["demo", "--exit", "--json", "--port", str(free_port()), "--data", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout), folder


@pytest_asyncio.fixture
async def afterwards(played: tuple[dict[str, Any], Path]) -> AsyncIterator[None]:
    """The demonstration's own database, open in this process."""
    made = load({"JIANGXIN_DATA": str(played[1])})
    settings.use(made)
    async with db.opened(made):
        yield
    settings.use(None)


def test_every_qr_picture_was_read_back_and_verified(
    played: tuple[dict[str, Any], Path],
) -> None:
    outcome, _ = played

    assert outcome["contests"] == sum(len(meeting.trades) for meeting in MEETINGS)
    assert outcome["entrants"] == sum(t.entrants for m in MEETINGS for t in m.trades)
    assert sum(trade.entrants for trade in BAY_AREA.trades) == PLAYERS
    assert outcome["certificates"] == outcome["verified"] > 0
    assert {sample["kind"] for sample in outcome["samples"]} == {"award", "level", "honour"}


async def test_one_contest_is_left_open_to_try_marking(afterwards: None) -> None:
    row = await Contest.select(Contest.state).where(Contest.code == "tryout-pastry").first()

    assert row is not None
    assert row["state"] == "judging"
    assert await JudgePin.count() >= 5


def test_a_stranger_verifies_the_samples_with_the_published_keys(
    played: tuple[dict[str, Any], Path],
) -> None:
    outcome, _ = played
    keys = {key["kid"]: jwt.PyJWK(key) for key in outcome["jwks"]["keys"]}

    for sample in outcome["samples"]:
        kid = jwt.get_unverified_header(sample["token"])["kid"]
        claims = jwt.decode(sample["token"], keys[kid], algorithms=["ES256"])
        assert claims["jti"] == claims["id"] == sample["qr"].partition("#")[0]


async def test_each_trade_has_the_published_prizes(afterwards: None) -> None:
    for trade in BAY_AREA.trades:
        contest = await contest_of(trade.code)
        won = await prizes(contest)

        counts = {prize: [p for p, _ in won].count(prize) for prize in ("first", "second", "third")}
        assert counts == {"first": 1, "second": 2, "third": 5}
        assert [delegation for _, delegation in won] == list(trade.places)


async def test_a_third_prize_in_pastry_went_to_macao(afterwards: None) -> None:
    assert ("third", "MO") in await prizes(await contest_of("gba-2024-pastry"))


async def test_the_team_award_is_shared_as_published(afterwards: None) -> None:
    row = await Competition.select().where(Competition.code == BAY_AREA.code).first()
    assert row is not None
    standings, _ = await queries.team_standings(row["id"])
    codes = {str(d["id"]): d["code"] for d in await Delegation.select()}

    named = {codes.get(s.delegation, s.delegation): s for s in standings}
    by_prize = {
        prize: {code for code, s in named.items() if s.prize == prize}
        for prize in ("first", "second", "third")
    }
    assert by_prize == {"first": {"DG"}, "second": {"GZ", "ZS"}, "third": {"SZ", "ZQ", "FS"}}
    assert (named["GZ"].rank, named["ZS"].rank, named["GZ"].shared) == (2, 2, True)


async def test_levels_titles_and_medals_are_proposed_for_the_right_persons_and_for_nobody_else(
    afterwards: None,
) -> None:
    """Each prize winner to the level that the trade was set at, each first place to the title, and to the
    medal of its union: the province's for Guangdong's entrants, the town's craftsman in Zhongshan."""
    for meeting, of_the_first in (
        (BAY_AREA, {"technical_expert", "guangdong_may_day_medal"}),
        (ZHONGSHAN, {"technical_expert", "zhongshan_technical_expert", "xiangshan_craftsman"}),
    ):
        for trade in meeting.trades:
            contest = await contest_of(trade.code)
            winners = await in_order(contest)
            wanted = [{"level:3"} for _ in trade.places]
            wanted[0] |= of_the_first
            persons = await persons_of(contest)
            proposals = await Proposal.select().where(Proposal.contest == contest)

            assert Counter((UUID(str(p["entry"])), p["code"]) for p in proposals) == {
                (winner, code): 1
                for winner, codes in zip(winners, wanted, strict=True)
                for code in codes
            }
            for one in proposals:
                assert persons[str(one["entry"])] == (one["person"],)
                why = (await explained(one["id"])).verdict
                assert why is not None
                assert UUID(why.person) == one["person"]
                assert why.checks
                assert all(check.met for check in why.checks)
                assert why.clause["zh-Hans"]
                assert why.source


async def test_no_log_names_an_entrant(afterwards: None) -> None:
    persons = [row["id"] for row in await Person.select(Person.id)]
    names = set((await names_of(persons)).values())
    contests = [row["id"] for row in await Contest.select(Contest.id)]
    lines = [line for contest in contests for line in await read(contest)]
    text = "".join(line.body for line in lines)

    assert (
        len(persons)
        == len(names)
        == PLAYERS + sum(t.entrants for t in (*ZHONGSHAN.trades, *TRYOUT.trades))
    )
    assert not [name for name in names if name in text]


async def contest_of(code: str) -> Any:
    row = await Contest.select(Contest.id).where(Contest.code == code).first()
    assert row is not None
    return row["id"]


async def prizes(contest: Any) -> list[tuple[str, str]]:
    """(prize, delegation) in the order of the places."""
    entries = {
        str(e["id"]): e["delegation"] for e in await Entry.select().where(Entry.contest == contest)
    }
    codes = {d["id"]: d["code"] for d in await Delegation.select()}
    return [(award.prize, codes[entries[award.entry]]) for award in await awards(contest)]


async def in_order(contest: Any) -> list[UUID]:
    """The entries with a prize, in the order of the places."""
    return [UUID(award.entry) for award in await awards(contest)]


async def awards(contest: Any) -> list[AwardProposal]:
    view = await queries.standings(contest)
    ranks = {s.entry: s.rank or 999 for s in view.results.standings}
    return sorted(view.results.awards, key=lambda award: ranks[award.entry])
