"""A wrong name on a certificate, countersigned and issued anew."""

from __future__ import annotations

import httpx
import pytest

from contests.actions.renaming import correct_name
from contests.tables import Approval
from core import outbox
from core.errors import TwoPersons
from core.registry import registry
from core.security import SYSTEM
from core.settings import Settings
from credentials import rendering
from credentials.actions import (
    suspend_certificate,
)
from credentials.presented import verify
from credentials.queries import stored
from credentials.status import Status
from credentials.verify import State
from tests.admin.certificates_kit import HTML, both_lists, final_contest, numbers, path, press
from tests.factories_accounts import log_in_browser


async def test_a_wrong_name_is_countersigned_and_the_old_version_says_replaced(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    first, second = await numbers()
    before = await stored(first)
    assert before is not None
    old_token = rendering.token_of(before)
    token = await log_in_browser(client, small.accounts["organiser"])

    asked = await press(
        client,
        path(small, f"/{first}/name"),
        csrf_token=token,
        name="张伟",
        reason="typing mistake",
    )
    approval = (await Approval.select())[0]
    own = await press(
        client, f"/console/approvals/{approval['id']}", csrf_token=token, approve="yes"
    )
    untouched = rendering.token_of((await stored(first)) or {})
    other = await log_in_browser(client, small.accounts["chief"])
    inbox = await client.get("/console/approvals", headers=HTML)
    agreed = await press(
        client, f"/console/approvals/{approval['id']}", csrf_token=other, approve="yes"
    )
    await outbox.drain()
    after = await stored(first)
    assert after is not None
    verdict, _ = await verify(rendering.token_of(after).encode())
    replaced, _ = await verify(old_token.encode())

    assert (asked.status_code, own.status_code, agreed.status_code) == (303, 403, 303)
    assert untouched == old_token
    assert "张伟" in inbox.text
    assert "张伟" not in approval["body"]
    assert rendering.name_in(rendering.token_of(after)) == "张伟"
    assert (after["version"], verdict.state, replaced.state) == (2, State.VALID, State.REPLACED)
    assert await both_lists(first) == (False, Status.VALID)
    unchanged = await stored(second)
    assert unchanged is not None
    assert unchanged["version"] == 1


@pytest.mark.engine
async def test_a_corrected_name_changes_nothing_else_of_what_is_signed(database: Settings) -> None:
    registry()
    small = await final_contest()
    first = (await numbers())[0]
    old = await stored(first)
    assert old is not None
    before = rendering.payload_of(rendering.token_of(old))
    await suspend_certificate(SYSTEM, first, reason="checked")
    by, witness = await small.actor("organiser"), await small.actor("supervisor")

    await correct_name(
        by, witness, small.contest, person=old["person"], name="欧阳娜娜", reason="typing mistake"
    )
    await outbox.drain()
    await outbox.drain()
    new = await stored(first)
    assert new is not None
    after = rendering.payload_of(rendering.token_of(new))

    changed = {key for key in before if before[key] != after[key]}
    dates = {"validFrom", "nbf"}  # the same when both signings fall into one second
    assert changed | dates == {*dates, "credentialSubject", "credentialStatus"}
    assert after["validFrom"] >= before["validFrom"]
    assert list(after) == list(before)
    assert {
        **after["credentialSubject"],
        "identifier": before["credentialSubject"]["identifier"],
    } == (before["credentialSubject"])
    assert (new["version"], new["state"], new["reason"]) == (2, "suspended", "checked")
    assert await both_lists(first) == (False, Status.SUSPENDED)


async def test_a_name_is_not_corrected_alone_nor_to_what_it_is(client: httpx.AsyncClient) -> None:
    small = await final_contest()
    first = (await numbers())[0]
    row = await stored(first)
    assert row is not None
    name = rendering.name_in(rendering.token_of(row))
    by = await small.actor("organiser")
    token = await log_in_browser(client, small.accounts["organiser"])

    with pytest.raises(TwoPersons):
        await correct_name(by, by, small.contest, person=row["person"], name="张伟", reason="x")
    for typed in ({"name": name, "reason": "x"}, {"name": "张伟", "reason": " "}):
        answer = await press(client, path(small, f"/{first}/name"), csrf_token=token, **typed)
        assert answer.status_code == 422
        assert f'value="{typed["name"]}"' in answer.text
    assert not await Approval.exists()
