"""Certificates of a contest: previewed, issued with what is held up, handed out, withdrawn, taken back."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pypdfium2
import pytest
from PIL import Image

from admin.console.certificates import faces
from contests.actions.renaming import correct_name
from contests.tables import Approval
from core import jobs, outbox
from core.db import transaction
from core.errors import Forbidden, Invalid, NotFound, TwoPersons
from core.events import NameCorrected
from core.outbox import put
from core.privacy import change_person
from core.registry import registry
from core.security import SYSTEM, Role, Scope, actor_of
from core.settings import Settings
from core.tables import AuditEntry, OutboxMessage
from core.undo import TooLateToUndo, take_back, undoable_for
from credentials import rendering
from credentials.actions import (
    create_issuer,
    lift_suspension,
    revoke_certificate,
    suspend_certificate,
)
from credentials.issuance import issuance_of, try_again
from credentials.layouts import Layout, keep_layout, layout_of
from credentials.layouts import usual as usual_layout
from credentials.presented import verify
from credentials.published import status_list
from credentials.queries import stored, verify_by_id
from credentials.status import Status, bit_at, read_bitstring, read_token_list, split, status_at
from credentials.tables import Certificate, CertificateVersion
from credentials.verify import State
from credentials.withdrawing import GRACE, suspend_certificates, withdraw_certificates
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import SmallContest, make_organisation, small_contest

HTML = {"Accept": "text/html"}
ISSUER = "federation"
FOREVER = "Withdraw it for ever"


async def final_contest(*, issued: bool = True) -> SmallContest:
    """Two prizes, so two certificates."""
    await make_organisation(ISSUER)
    if issued:
        await create_issuer(SYSTEM, ISSUER)
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.finish()
    await outbox.drain()
    return small


async def numbers() -> list[str]:
    query = Certificate.select(Certificate.public_id).order_by(Certificate.public_id)
    return list(await query.output(as_list=True))


async def state(number: str) -> str:
    row = await Certificate.select().where(Certificate.public_id == number).first()
    assert row is not None
    return str(row["state"])


def path(small: SmallContest, rest: str = "") -> str:
    return f"/console/contests/{small.contest}/certificates{rest}"


def preview(which: str, **chosen: str) -> str:
    typed = {"form": "landscape", "language-1": "zh-Hans", "seal": "issuer", **chosen}
    return f"/preview/{which}?{urlencode(typed)}"


async def test_what_is_issued_is_listed_with_names_and_files(client: httpx.AsyncClient) -> None:
    small = await final_contest()
    await log_in_browser(client, small.accounts["organiser"])

    page = await client.get(path(small), headers=HTML)

    assert page.status_code == 200
    for number in await numbers():
        assert f'href="/c/{number}"' in page.text
        assert f'href="/c/{number}.svg"' in page.text
    assert "选手0-0" in page.text
    assert "every 2s" not in page.text  # everything is issued, nothing to wait for


async def test_a_clerk_sees_the_list_without_a_name_and_without_a_button(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    await log_in_browser(client, small.accounts["clerk"])

    page = await client.get(f"{path(small)}?lang=en", headers=HTML)
    picture = await client.get(path(small, "/preview/longest?form=landscape&language-1=en"))

    assert page.status_code == 200
    assert "选手" not in page.text
    assert FOREVER not in page.text
    assert picture.status_code == 403


async def test_the_preview_is_a_page_with_the_longest_or_the_shortest_name(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    await log_in_browser(client, small.accounts["organiser"])

    sizes = {}
    for layout in ("landscape", "portrait"):
        answer = await client.get(path(small, preview("longest", form=layout)))
        assert answer.headers["content-type"] == "image/png"
        sizes[layout] = Image.open(io.BytesIO(answer.content)).size
    shortest = await client.get(path(small, preview("shortest")))
    unknown = [
        await client.get(path(small, rest))
        for rest in (preview("longest", form="x"), preview("longest", seal="x"), preview("x"))
    ]

    assert sizes["landscape"][0] > sizes["landscape"][1]
    assert sizes["portrait"] == tuple(reversed(sizes["landscape"]))
    assert shortest.status_code == 200
    assert [answer.status_code for answer in unknown] == [404, 404, 404]


async def test_names_are_looked_for_when_the_preview_is_asked_for_and_not_with_the_page(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    await log_in_browser(client, small.accounts["organiser"])

    page = await client.get(f"{path(small)}?lang=en", headers=HTML)
    piece = await client.get(path(small, "/preview"))

    assert 'hx-trigger="load"' in page.text
    assert "选手" not in page.text
    assert piece.text.count("选手") >= 2


async def test_what_is_held_up_says_why_and_is_tried_again(client: httpx.AsyncClient) -> None:
    small = await final_contest(issued=False)
    organiser = small.accounts["organiser"]
    token = await log_in_browser(client, organiser)
    await OutboxMessage.update({"stuck_at": small.at, "attempts": 12}, force=True).where(
        OutboxMessage.handler == "credentials.issue_final", OutboxMessage.done_at.is_null()
    )
    before = await issuance_of(small.contest, ISSUER)

    page = await client.get(f"{path(small)}?lang=en", headers=HTML)
    made = await client.post(path(small, "/issuer"), data={"csrf_token": token}, headers=HTML)
    one = str(before.held[0].id)
    wrong = await client.post(
        path(small, "/again"), data={"csrf_token": token, "only": str(UUID(int=1))}, headers=HTML
    )
    again = await client.post(
        path(small, "/again"), data={"csrf_token": token, "only": one}, headers=HTML
    )
    alone = await OutboxMessage.count().where(
        OutboxMessage.stuck_at.is_null(),
        OutboxMessage.attempts == 0,
        OutboxMessage.done_at.is_null(),
    )
    rest = await client.post(path(small, "/again"), data={"csrf_token": token}, headers=HTML)
    await outbox.drain()
    after = await issuance_of(small.contest, ISSUER)

    assert (before.signing, before.certificates) == (False, 0)
    assert before.stuck == len(before.held) > 0
    assert "sign certificates yet" in page.text
    assert "Tried 12 times without success." in page.text
    assert page.text.count("can&#39;t sign yet. Let it sign certificates, then try again.") == len(
        before.held
    )
    assert page.text.count(">Try again<") == len(before.held)
    assert all(name in page.text for name in ("选手0-0", "选手1-0", "一等奖"))
    assert "Unavailable" not in page.text  # no word of the program's own
    assert (made.status_code, again.status_code, rest.status_code) == (303, 303, 303)
    assert (wrong.status_code, alone) == (404, 1)
    assert (after.signing, after.certificates, after.held) == (True, 2, ())
    assert after.done == after.asked


async def test_only_who_issues_tries_again(database: Settings) -> None:
    small = await final_contest(issued=False)
    before = await issuance_of(small.contest, ISSUER)
    organisers = (Role.ORGANISER, Scope("organisation", str(small.organisation)))
    for by in (await small.actor("clerk"), await actor_of(await make_account(organisers))):
        with pytest.raises(Forbidden):
            await try_again(by, small.contest, ISSUER)

    assert before.held
    assert await issuance_of(small.contest, ISSUER) == before


async def test_all_of_a_contest_is_one_file_made_in_the_background(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    first, second = await numbers()
    await suspend_certificate(SYSTEM, second, reason="checked")
    organiser = small.accounts["organiser"]
    token = await log_in_browser(client, organiser)

    answer = await client.post(path(small, "/file"), data={"csrf_token": token}, headers=HTML)
    await outbox.drain()
    job = UUID(answer.headers["location"].rsplit("/", 1)[1])
    by = await actor_of(organiser)
    file = await jobs.result_of(by, job)
    failures = await jobs.failures_of(by, job)

    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        names = archive.namelist()
        assert archive.read(names[names.index(f"qr/{first}.svg")]).startswith(b"<svg")
        assert archive.read("print/certificates-00001.pdf").startswith(b"%PDF")
        listed = archive.read("list.csv").decode("utf-8-sig")
    assert sorted(names) == [
        "list.csv",
        "print/calling.pdf",
        "print/certificates-00001.pdf",
        f"qr/{first}.png",
        f"qr/{first}.svg",
    ]
    assert "选手" in listed
    assert second not in listed
    assert [(one.item, one.finding.code) for one in failures] == [(second, "certificate-suspended")]
    with pytest.raises(NotFound):
        await jobs.result_of(await small.actor("clerk"), job)


async def press(client: httpx.AsyncClient, address: str, **fields: Any) -> httpx.Response:
    return await client.post(address, data=fields, headers=HTML)


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


async def test_a_certificate_of_another_contest_is_not_there(client: httpx.AsyncClient) -> None:
    small = await final_contest()
    other = await small_contest(until="draft")
    number = (await numbers())[0]
    token = await log_in_browser(client, other.accounts["organiser"])

    one = await press(client, path(other, f"/{number}/withdraw"), csrf_token=token, reason="x")
    many = await press(
        client, path(other, "/suspend"), csrf_token=token, reason="x", chosen=number, count="1"
    )
    foreign = await client.get(path(small), headers=HTML)

    assert (one.status_code, many.status_code, foreign.status_code) == (404, 404, 403)
    assert await state(number) == "issued"


# --- the layout --------------------------------------------------------------------------------

CHOSEN = {
    "form": "portrait",
    "language-1": "pt",
    "language-2": "zh-Hant",
    "language-3": "",
    "language-4": "en",
    "seal": "middle",
    "photo": "yes",
}


async def tokens() -> list[bytes]:
    rows = await CertificateVersion.select(CertificateVersion.sealed_token).order_by(
        CertificateVersion.id
    )
    return [bytes(row["sealed_token"]) for row in rows]


def size_of(pdf: bytes) -> tuple[float, float]:
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return float(width), float(height)


async def test_the_chosen_layout_is_kept_for_preview_download_and_file_and_signs_nothing_anew(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    number, signed = (await numbers())[0], await tokens()
    token = await log_in_browser(client, small.accounts["organiser"])
    usual = await client.get(path(small, f"/{number}/pdf"))

    kept = await press(client, path(small, "/layout"), csrf_token=token, **CHOSEN)
    page = await client.get(path(small), headers=HTML)
    chosen = await client.get(path(small, f"/{number}/pdf"))
    answer = await press(client, path(small, "/file"), csrf_token=token)
    await outbox.drain()
    job = UUID(answer.headers["location"].rsplit("/", 1)[1])
    by = await small.actor("organiser")
    with zipfile.ZipFile(io.BytesIO((await jobs.result_of(by, job)).data)) as archive:
        printed = archive.read("print/certificates-00001.pdf")
    failures = await jobs.failures_of(by, job)

    assert kept.status_code == 303
    assert await layout_of(small.contest, ISSUER) == Layout(
        "portrait", ("pt", "zh-Hant", "en"), photo=True, seal="middle"
    )
    layout = "form=portrait&amp;language-1=pt&amp;language-2=zh-Hant"
    for part in ("", "/longest", "/shortest"):
        assert f"/preview{part}?{layout}" in page.text
    assert size_of(usual.content)[0] > size_of(usual.content)[1]
    assert size_of(chosen.content) == size_of(printed) == tuple(reversed(size_of(usual.content)))
    assert {one.finding.code for one in failures} == {"certificate-without-photo"}
    assert await tokens() == signed
    said = await AuditEntry.select().where(AuditEntry.action == "certificates.layout").first()
    assert said is not None
    assert '"form":"landscape"' in said["before"]
    assert '"languages":["pt","zh-Hant","en"]' in said["after"]


async def test_a_layout_that_does_not_exist_keeps_what_was_typed(client: httpx.AsyncClient) -> None:
    small = await final_contest()
    token = await log_in_browser(client, small.accounts["organiser"])
    wrong = {**CHOSEN, "seal": "sky", "language-2": "pt", "language-4": "tlh"}

    answer = await press(client, f"{path(small, '/layout')}?lang=en", csrf_token=token, **wrong)

    assert answer.status_code == 422
    assert "This language stands further up already." in answer.text
    assert "tlh is no language here." in answer.text
    assert "This layout has no place sky for a seal." in answer.text
    assert re.search(r'value="portrait" checked', answer.text)
    assert await layout_of(small.contest, ISSUER) == usual_layout()


@pytest.mark.engine
async def test_only_who_issues_for_the_issuer_chooses_its_layout(database: Settings) -> None:
    registry()
    faces.register()
    small = await final_contest()
    layout = Layout("portrait", ("en",), photo=False, seal="none")
    elsewhere = (Role.ORGANISER, Scope("organisation", str(small.organisation)))
    stranger = await actor_of(await make_account(elsewhere, Role.ADMINISTRATOR))

    with pytest.raises(Forbidden):
        await keep_layout(stranger, small.contest, ISSUER, layout)
    for one in (layout, replace(layout, seal="issuer")):
        await keep_layout(await small.actor("organiser"), small.contest, ISSUER, one)

    assert (await layout_of(small.contest, ISSUER)).seal == "issuer"
    assert await layout_of(small.contest, "somebody-else") == usual_layout()


async def test_a_name_that_no_font_can_draw_stops_its_own_paper_alone(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    first, second = await numbers()
    row = await Certificate.select().where(Certificate.public_id == first).first()
    assert row is not None
    async with transaction():
        await change_person(row["person"], name="张\U000f0000")
        await put(NameCorrected(str(small.contest), str(row["person"]), ISSUER))
    await outbox.drain()
    token = await log_in_browser(client, small.accounts["organiser"])

    answer = await press(client, f"{path(small, '/file')}?lang=en", csrf_token=token)
    await outbox.drain()
    by = await small.actor("organiser")
    job = UUID(answer.headers["location"].rsplit("/", 1)[1])
    failures = await jobs.failures_of(by, job)
    room = await client.get(f"{path(small)}?lang=en", headers=HTML)

    assert [(one.item, one.finding.code) for one in failures] == [(first, "certificate-unprinted")]
    assert "No font here draws" in room.text
    assert room.text.count("Make the file again") == 1
    with zipfile.ZipFile(io.BytesIO((await jobs.result_of(by, job)).data)) as archive:
        assert "print/certificates-00001.pdf" in archive.namelist()
        assert f"qr/{second}.svg" in archive.namelist()


# --- withdrawing for good ----------------------------------------------------------------------


async def both_lists(number: str) -> tuple[bool, Status]:
    """Whether the list of one bit says withdrawn, and what the list of two bits says."""
    rows = await Certificate.raw(
        "SELECT v.position FROM certificate c JOIN certificate_version v ON v.id = c.current"
        " WHERE c.public_id = {}",
        number,
    )
    block, index = split(rows[0]["position"])
    one = rendering.payload_of(await status_list("r", ISSUER, block))
    two = rendering.payload_of(await status_list("t", ISSUER, block))
    bits = read_bitstring(one["credentialSubject"]["encodedList"])
    return bit_at(bits, index), status_at(read_token_list(two["status_list"]), index)


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


# --- a wrong name ------------------------------------------------------------------------------


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
