"""Certificates suspended, counted again, withdrawn for good, and that taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core import outbox
from core.errors import Forbidden, Invalid, NotFound
from core.registry import registry
from core.security import SYSTEM, Role, Scope, actor_of
from core.settings import Settings
from core.tables import AuditEntry, OutboxMessage
from core.undo import TooLateToUndo, take_back, undoable_for
from credentials.actions import (
    lift_suspension,
    revoke_certificate,
    suspend_certificate,
)
from credentials.queries import verify_by_id
from credentials.status import Status
from credentials.tables import Certificate
from credentials.verify import State
from credentials.withdrawing import GRACE, suspend_certificates, withdraw_certificates
from tests.admin.certificates_kit import (
    HTML,
    ISSUER,
    both_lists,
    final_contest,
    numbers,
    path,
    press,
    state,
)
from tests.factories_accounts import log_in_browser, make_account


async def test_one_is_suspended_counted_again_and_withdrawn_with_a_reason(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    number = (await numbers())[0]
    token = await log_in_browser(client, small.accounts["organiser"])
    one, states = path(small, f"/{number}"), []

    without = await press(client, f"{one}/withdraw", csrf_token=token, reason=" ")
    states.append(await state(number))
    for verb, reason in (("suspend", "checked"), ("lift", ""), ("withdraw", "wrong person")):
        answer = await press(client, f"{one}/{verb}", csrf_token=token, reason=reason)
        assert answer.status_code == 303
        states.append(await state(number))
    again = await press(client, f"{one}/withdraw", csrf_token=token, reason="once more")
    other = await press(client, f"{one}/burn", csrf_token=token)

    assert without.status_code == 422
    assert 'role="alert"' in without.text
    assert re.search(r'<details class="asks" open>', without.text)
    assert states == ["issued", "suspended", "issued", "revoked"]
    assert (again.status_code, other.status_code) == (409, 404)


async def test_many_are_suspended_after_their_number_was_typed_and_come_back(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    chosen = await numbers()
    token = await log_in_browser(client, small.accounts["organiser"])
    form = {"csrf_token": token, "chosen": chosen, "reason": "under inquiry"}

    wrong = await press(client, path(small, "/suspend"), **form, count="1")
    assert [await state(number) for number in chosen] == ["issued", "issued"]
    right = await press(client, path(small, "/suspend"), **form, count="2")
    suspended = [await state(number) for number in chosen]
    verdict = (await verify_by_id(chosen[0])).state
    page = await client.get(path(small), headers=HTML)
    by = await small.actor("organiser")
    undo = (await undoable_for(by))[0]
    back = await press(client, f"/console/undo/{undo.id}", csrf_token=token)

    assert wrong.status_code == 422
    assert wrong.text.count(" checked") >= 2  # what was chosen is still chosen
    assert 'value="under inquiry"' in wrong.text
    assert (right.status_code, suspended) == (303, ["suspended", "suspended"])
    assert verdict is State.SUSPENDED
    assert f"/console/undo/{undo.id}" in page.text
    assert back.status_code == 303
    assert [await state(number) for number in chosen] == ["issued", "issued"]
    assert (await verify_by_id(chosen[0])).state is State.VALID
    assert await AuditEntry.exists().where(AuditEntry.action == "certificates.lifted")


@pytest.mark.engine
async def test_taking_back_leaves_what_was_withdrawn_for_ever_meanwhile(
    database: Settings,
) -> None:
    registry()  # what a plugin's import declares is known
    small = await final_contest()
    first, second = await numbers()
    by = await small.actor("organiser")
    count, undo = await suspend_certificates(by, ISSUER, [first, second], reason="under inquiry")
    await revoke_certificate(by, first, reason="proved")

    await take_back(by, undo)

    assert count == 2
    assert (await state(first), await state(second)) == ("revoked", "issued")


@pytest.mark.engine
async def test_suspending_many_takes_all_or_none_and_the_issuers_own_grant(
    database: Settings,
) -> None:
    small = await final_contest()
    chosen = await numbers()
    by = await small.actor("organiser")
    elsewhere = (Role.ORGANISER, Scope("organisation", str(small.organisation)))
    stranger = await actor_of(await make_account(elsewhere, Role.ADMINISTRATOR))

    with pytest.raises(NotFound):
        await suspend_certificates(by, ISSUER, [*chosen, "7K3M9QXT2F4H"], reason="x")
    with pytest.raises(Invalid):
        await suspend_certificates(by, ISSUER, chosen, reason=" ")
    with pytest.raises(Invalid):
        await suspend_certificates(by, ISSUER, [], reason="x")
    with pytest.raises(Forbidden):
        await suspend_certificates(stranger, ISSUER, chosen, reason="x")

    assert [await state(number) for number in chosen] == ["issued", "issued"]


async def test_many_are_held_at_once_and_withdrawn_for_good_by_themselves(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    first, second = await numbers()
    await suspend_certificate(SYSTEM, second, reason="checked")
    token = await log_in_browser(client, small.accounts["organiser"])
    form = {"csrf_token": token, "chosen": [first, second], "reason": "issued by mistake"}

    wrong = await press(client, path(small, "/withdraw"), **form, count="3", authority=ISSUER)
    unknown = await press(client, path(small, "/withdraw"), **form, count="2", authority="nobody")
    right = await press(client, path(small, "/withdraw"), **form, count="2", authority=ISSUER)
    await outbox.drain()
    held = [await both_lists(number) for number in (first, second)]
    page = await client.get(f"{path(small)}?lang=en", headers=HTML)
    await OutboxMessage.update(
        {OutboxMessage.not_before: datetime.now(UTC) - timedelta(seconds=1)}
    ).where(OutboxMessage.handler == "credentials.withdraw")
    await outbox.drain()

    assert (wrong.status_code, unknown.status_code, right.status_code) == (422, 422, 303)
    assert held == [(False, Status.SUSPENDED)] * 2
    assert "It takes effect by itself on" in page.text
    assert ">Take back<" in page.text
    assert [await state(number) for number in (first, second)] == ["revoked", "revoked"]
    assert [await both_lists(number) for number in (first, second)] == [(True, Status.REVOKED)] * 2
    verdict = await verify_by_id(first)
    assert verdict.state is State.REVOKED
    assert verdict.answer is not None
    assert verdict.answer.note["authority"] == ISSUER
    assert await AuditEntry.exists().where(AuditEntry.action == "certificates.withdrawn")


@pytest.mark.engine
async def test_a_withdrawal_is_taken_back_until_it_takes_effect_and_never_after(
    database: Settings,
) -> None:
    registry()
    small = await final_contest()
    first, second = await numbers()
    await suspend_certificate(SYSTEM, second, reason="checked")
    by = await small.actor("organiser")

    count, undo = await withdraw_certificates(by, ISSUER, [first, second], reason="mistake")
    await take_back(by, undo)
    await OutboxMessage.update({OutboxMessage.not_before: datetime.now(UTC)}).where(
        OutboxMessage.handler == "credentials.withdraw"
    )
    await outbox.drain()
    as_before = [await state(number) for number in (first, second)]
    row = await Certificate.select().where(Certificate.public_id == second).first()
    again = datetime.now(UTC) - GRACE
    _, late = await withdraw_certificates(by, ISSUER, [first], reason="fraud", now=again)
    await outbox.drain()

    assert (count, as_before) == (2, ["issued", "suspended"])
    assert row is not None
    assert row["reason"] == "checked"
    assert await both_lists(second) == (False, Status.SUSPENDED)
    assert await both_lists(first) == (True, Status.REVOKED)
    with pytest.raises(TooLateToUndo):
        await take_back(by, late)
    with pytest.raises(TooLateToUndo):  # not even when its clock goes wrong
        await take_back(by, late, now=again)


@pytest.mark.engine
async def test_what_is_let_count_again_meanwhile_is_not_withdrawn(database: Settings) -> None:
    registry()
    small = await final_contest()
    first, second = await numbers()
    by = await small.actor("organiser")
    await withdraw_certificates(by, ISSUER, [first, second], reason="mistake")

    await lift_suspension(by, first)
    await OutboxMessage.update({OutboxMessage.not_before: datetime.now(UTC)}).where(
        OutboxMessage.handler == "credentials.withdraw"
    )
    await outbox.drain()

    assert [await state(number) for number in (first, second)] == ["issued", "revoked"]


@pytest.mark.engine
async def test_withdrawing_for_good_takes_a_reason_and_the_issuers_own_grant(
    database: Settings,
) -> None:
    small = await final_contest()
    chosen = await numbers()
    by = await small.actor("organiser")
    elsewhere = (Role.ORGANISER, Scope("organisation", str(small.organisation)))
    stranger = await actor_of(await make_account(elsewhere, Role.ADMINISTRATOR))

    for reason, ids in ((" ", chosen), ("x", [])):
        with pytest.raises(Invalid):
            await withdraw_certificates(by, ISSUER, ids, reason=reason)
    with pytest.raises(NotFound):
        await withdraw_certificates(by, ISSUER, [*chosen, "7K3M9QXT2F4H"], reason="x")
    with pytest.raises(Forbidden):
        await withdraw_certificates(stranger, ISSUER, chosen, reason="x")

    assert [await state(number) for number in chosen] == ["issued", "issued"]
