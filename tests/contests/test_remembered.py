"""The replay that a process keeps says what a fresh one says, however the log grows or is replaced."""

from __future__ import annotations

from contests import remembered
from contests.actions.check_in import check_in
from contests.actions.running import record_penalty
from contests.log import read
from contests.remembered import replayed
from contests.replay import replay
from contests.tables import Contest, LogEntry
from tests.factories_contests import SmallContest, small_contest


async def same(small: SmallContest) -> bool:
    return await replayed(small.contest) == replay(await read(small.contest))


async def test_it_follows_the_log_entry_by_entry(database: object) -> None:
    small = await small_contest(entrants=2)
    chief = await small.actor("chief")
    assert await same(small)
    code = await small.code_of(small.entries[0])
    await record_penalty(
        chief, small.contest, scope="warning", module="dish", code=code, reason="late"
    )
    assert await same(small)
    await small.judge_everything()
    assert await same(small)
    await small.close()

    assert await same(small)
    assert await replayed(small.contest) is await replayed(small.contest)


async def test_a_log_that_is_another_one_is_read_from_its_beginning(database: object) -> None:
    small = await small_contest(entrants=2, until="drawn")
    chief = await small.actor("chief")
    await check_in(chief, small.contest, {small.entries[0]: "present"}, now=small.at)
    before = await replayed(small.contest)
    last = (await read(small.contest))[-1]
    await LogEntry.delete().where(LogEntry.contest == small.contest, LogEntry.seq == last.seq)
    await Contest.update({Contest.head: last.prev, Contest.length: last.seq - 1}).where(
        Contest.id == small.contest
    )
    assert await same(small)
    await check_in(chief, small.contest, {small.entries[1]: "late"}, now=small.at)

    assert await same(small)
    assert before.codes == (await replayed(small.contest)).codes


async def test_only_so_many_contests_are_kept(database: object) -> None:
    for _ in range(remembered.MOST + 2):
        small = await small_contest(entrants=1, until="ready")
        await replayed(small.contest)

    assert len(remembered._kept) <= remembered.MOST
