"""Certificates handed out at the ceremony, while objections are still possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contests.actions import closing
from contests.actions.approvals import decide_approval, request_approval
from core import outbox
from core.settings import Settings
from credentials.queries import verify_by_id
from credentials.tables import Certificate
from credentials.verify import State
from tests.journeys.cascade_kit import by_lists, half_a_mark, played, tokens

ENTRANTS = 8
NOTICE = 6
"""Days of the public notice: from the third day to the ninth."""


async def numbers() -> dict[str, str]:
    """Entry -> public id of the certificate that it has now."""
    rows = await Certificate.select().where(Certificate.state != "revoked")
    return {row["entry"]: row["public_id"] for row in rows}


async def seen(at: datetime, signed: dict[str, str]) -> dict[str, set[State]]:
    """Entry -> what the page and both lists say at that moment."""
    shown = await numbers()
    return {
        entry: {(await verify_by_id(shown[entry], at)).state, *(await by_lists(token, at)).values()}
        for entry, token in signed.items()
    }


async def test_ceremony_on_day_3_objection_on_day_5_and_all_others_valid_on_day_10(
    database: Settings,
) -> None:
    small = await played(ENTRANTS, 2, 3, issue_at="signed", notice_days=NOTICE)
    ceremony = datetime.now(UTC)
    day_5, day_10, day_12 = (ceremony + timedelta(days=n) for n in (2, 7, 9))
    small.at = ceremony

    await small.sign()
    await small.publish()
    await outbox.drain()
    printed = await tokens()
    handed_out = await seen(ceremony + timedelta(hours=1), printed)

    appeal = await closing.file_appeal(
        await small.actor("organiser"),
        small.contest,
        entry=small.entries[2],
        grounds="A 4 was read as a 9.",
        now=day_5,
    )
    arbitration = await small.actor("arbitration")
    await closing.rule_appeal(arbitration, appeal, ruling="upheld", reason="It was.", now=day_5)
    organiser, supervisor = await small.actor("organiser"), await small.actor("supervisor")
    body = await half_a_mark(small, 2)
    approval = await request_approval(organiser, small.contest, "correct_mark", body, now=day_5)
    await decide_approval(supervisor, approval, True, now=day_5)
    await outbox.drain()
    corrected = await tokens()
    changed = {entry for entry in printed if printed[entry] != corrected[entry]}
    others = {entry: token for entry, token in printed.items() if entry not in changed}

    on_day_10 = await seen(day_10, corrected)
    await closing.finalise_contest(organiser, small.contest, now=day_12)
    await outbox.drain()

    assert len(printed) == ENTRANTS
    assert set().union(*handed_out.values()) == {State.IN_NOTICE}
    assert changed == {str(small.entries[1]), str(small.entries[2])}
    assert {entry: on_day_10[entry] for entry in others} == {key: {State.VALID} for key in others}
    for entry in changed:
        assert on_day_10[entry] == {State.IN_NOTICE}  # objections to the correction are possible
        assert set((await by_lists(printed[entry], day_10)).values()) == {
            State.REVOKED,
            State.REPLACED,
        }
    assert await tokens() == corrected  # nothing is printed again when the results are final
    assert set().union(*(await seen(day_12, corrected)).values()) == {State.VALID}
