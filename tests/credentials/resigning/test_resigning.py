"""After a compromise everything that the lost key signed is signed again, over three generations of keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from core import outbox
from core.jobs import jobs_for
from core.security import SYSTEM, Role, Scope, actor_of
from core.settings import Settings
from credentials import actions, keyring, published, queries
from credentials.encoding import from_base64url
from credentials.keys import new_private_key, signed_by
from credentials.partners import actions as partners
from credentials.partners.batch import enrolment, read_unsigned, sign_batch
from credentials.presented import verify
from credentials.queries import certificates_of
from credentials.rendering import payload_of
from credentials.resigning import actions as resigning
from credentials.resigning.notice import TYPE, notice_of
from credentials.trust import TRUST
from credentials.verify import State
from tests.credentials.facts import BODY, CONTEST, ORGANISER, issued
from tests.credentials.test_key_generations import offline, three_generations
from tests.credentials.test_partner_signing import consented, granted, partner
from tests.factories_accounts import bearer, make_account

pytestmark = pytest.mark.engine


async def by_number() -> dict[str, dict[str, Any]]:
    return {one["public_id"]: one for one in await certificates_of(CONTEST)}


async def fetched() -> tuple[str, str]:
    return await published.trust_bundle(), await published.status_list("t", ORGANISER, 1)


def said(payload: dict[str, Any]) -> dict[str, Any]:
    """Everything but when it was signed and where its status stands."""
    kept = {name: value for name, value in payload.items() if name not in ("validFrom", "nbf")}
    kept.pop("credentialStatus")
    return kept


async def test_the_lost_key_s_certificates_count_offline_again_and_the_others_stay_byte_for_byte(
    database: Settings,
) -> None:
    ones, kids = await three_generations()
    lost = kids[1]
    before = await by_number()
    new = await actions.report_compromise(SYSTEM, lost, "The laptop was stolen")
    affected = await resigning.affected_by(lost)

    done = [id async for id in resigning.sign_affected(lost)]
    again = [id async for id in resigning.sign_affected(lost)]
    after, offline_now = await by_number(), await fetched()

    changed = {who for who in before if before[who]["token"] != after[who]["token"]}
    assert done == affected == [ones[1]["public_id"]]
    assert again == []  # a second run has nothing left to do
    assert changed == {ones[1]["public_id"]}
    (who,) = changed
    assert said(payload_of(after[who]["token"])) == said(payload_of(before[who]["token"]))
    for one in after.values():
        for text in (one["token"], one["qr_text"]):
            assert (await verify(text.encode()))[0].state is State.VALID
            assert offline(text, *offline_now) is State.VALID
    assert (await queries.signed_with(new))["current"] >= 1


async def test_the_old_paper_says_why(client: httpx.AsyncClient) -> None:
    ones, kids = await three_generations()
    await actions.report_compromise(SYSTEM, kids[1], "The laptop was stolen")
    [id async for id in resigning.sign_affected(kids[1])]

    answer = await client.post("/api/verify?lang=en", content=ones[1]["qr_text"])
    page = (await client.get(f"/c/{ones[1]['public_id']}?lang=pt")).text

    status = next(one for one in answer.json()["checks"] if one["id"] == "status")
    assert (answer.json()["verdict"], status["code"]) == ("replaced", "status-signed-again")
    assert "its key got into other hands" in status["detail"]
    assert "assinada de novo porque a sua chave caiu em mãos alheias" in page
    assert offline(ones[1]["qr_text"], *await fetched()) is State.UNKNOWN_ISSUER


async def test_an_interrupted_run_goes_on_and_the_signed_notice_counts(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ones, kids = await three_generations()
    more = [await issued(name=name) for name in ("甲", "乙", "丙")]
    await actions.report_compromise(SYSTEM, kids[2], "The laptop was stolen")
    run = resigning.sign_affected(kids[2])
    first = await anext(run)
    await run.aclose()

    part = claims_in(await notice_of(kids[2]))
    rest = [id async for id in resigning.sign_affected(kids[2])]
    token = await notice_of(kids[2])

    assert (part["signed"], part["signedAgain"], part["waiting"]) == (4, 1, 3)
    assert sorted([first, *rest]) == sorted([ones[2]["public_id"], *(o["public_id"] for o in more)])
    signed = claims_in(token)
    header = json.loads(from_base64url(token.split(".")[0]))
    key = (await keyring.trust_store()).by_kid[header["kid"].rpartition("/")[2]]
    assert (key.purpose, header["typ"]) == (TRUST, TYPE)
    assert signed_by(
        key.key, from_base64url(token.split(".")[2]), token.rpartition(".")[0].encode()
    )
    assert (signed["signed"], signed["signedAgain"], signed["waiting"]) == (4, 4, 0)
    assert signed["sub"].endswith(f"/keys/{kids[2]}")


def claims_in(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(from_base64url(token.split(".")[1]))
    return found


async def test_it_runs_in_the_background_for_who_manages_the_keys_and_for_a_lost_key_only(
    client: httpx.AsyncClient,
) -> None:
    _, kids = await three_generations()
    manager = await make_account((Role.ORGANISER, Scope("issuer", ORGANISER)))
    stranger = await make_account((Role.ORGANISER, Scope("issuer", "another")))
    path = f"/api/v1/keys/{kids[0]}/sign-again"
    as_manager, as_stranger = await bearer(manager), await bearer(stranger)

    sound = await client.post(path, headers=as_manager)
    unlisted = await client.get(f"/keys/{kids[0]}/notice")
    await actions.report_compromise(SYSTEM, kids[0], "The laptop was stolen")
    refused = [await client.post(path, headers=one) for one in (as_stranger, {})]
    started = await client.post(path, headers=as_manager)
    await outbox.drain()
    notice = await client.get(f"/keys/{kids[0]}/notice")

    assert (sound.status_code, unlisted.status_code) == (409, 409)
    assert [one.status_code for one in refused] == [403, 401]
    assert started.status_code == 202
    (job,) = await jobs_for(await actor_of(manager), limit=5)
    assert (str(job.id), job.state, job.done) == (started.json()["job"], "done", 1)
    assert claims_in(notice.text)["waiting"] == 0


async def test_a_partner_s_certificates_leave_with_its_next_batch(database: Settings) -> None:
    key, following = new_private_key(), new_private_key()
    lost = await partner(key)
    await consented(*await granted("张伟", "欧阳晓明"))
    batch = read_unsigned(await partners.send_batch(SYSTEM, BODY))
    await partners.take_signed(SYSTEM, sign_batch(batch, key))
    before = await by_number()
    await partners.enrol_partner(SYSTEM, enrolment(BODY, following, datetime.now(UTC)))
    await actions.report_compromise(SYSTEM, lost, "The partner's laptop was stolen")

    done = [id async for id in resigning.sign_affected(lost)]
    left_to_do = await resigning.affected_by(lost)
    again = read_unsigned(await partners.send_batch(SYSTEM, BODY))
    taken = await partners.take_signed(SYSTEM, sign_batch(again, following))

    after = await by_number()
    lists = await published.trust_bundle(), await published.status_list("t", BODY, 1)
    assert (sorted(done), left_to_do, taken) == (sorted(before), [], (2, 0))
    for number, one in after.items():
        assert offline(one["token"], *lists) is State.VALID
        assert offline(before[number]["token"], *lists) is State.UNKNOWN_ISSUER
        assert said(payload_of(one["token"])) == said(payload_of(before[number]["token"]))
    assert claims_in(await notice_of(lost))["signedAgain"] == 2
