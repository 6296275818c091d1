"""The organiser's API: lists, withdrawals, grants, honours, keys; by the right account only."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from core import enclosing
from core.accounts import create_account, create_session, grant_row
from core.db import transaction
from core.events import Output, ResultFinal
from core.outbox import drain
from core.security import SYSTEM, Role, Scope
from core.settings import Settings
from core.tables import Organisation
from credentials.records.tables import Proposal
from credentials.tables import SigningKey
from tests.credentials.facts import (
    BODY,
    CONTEST,
    FIRST,
    LEVEL,
    ORGANISER,
    issued,
    issuers,
    person,
    result,
    tell,
)
from tests.credentials.test_proposals import NUMBER

pytestmark = pytest.mark.engine


async def account(*grants: tuple[Role, Scope]) -> dict[str, str]:
    """Headers of a bearer session."""
    made = await create_account(SYSTEM, login=f"a{uuid4().hex[:8]}", label="Account")
    for role, scope in grants:
        async with transaction():
            await grant_row(made, role, scope)
    return {"Authorization": f"Bearer {await create_session(made, 'api')}", "Accept-Language": "en"}


@pytest.fixture
async def owner(database: Settings) -> dict[str, str]:
    await issuers()
    return await account(
        (Role.ORGANISER, Scope("issuer", ORGANISER)),
        (Role.ORGANISER, Scope("issuer", BODY)),
        (Role.ORGANISER, Scope("contest", CONTEST)),
    )


async def test_certificates_are_listed_in_pages(
    client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    for _ in range(3):
        await issued()

    first = await client.get(f"/api/v1/certificates?contest={CONTEST}&limit=2", headers=owner)
    after = first.json()["next"]
    rest = await client.get(
        f"/api/v1/certificates?contest={CONTEST}&limit=2&after={after}", headers=owner
    )

    assert [len(page.json()["items"]) for page in (first, rest)] == [2, 1]
    assert rest.json()["next"] is None
    assert "张伟" not in first.text
    assert {item["state"] for item in first.json()["items"]} == {"issued"}


async def test_a_withdrawal_by_the_api(client: httpx.AsyncClient, owner: dict[str, str]) -> None:
    one = await issued()
    address = f"/api/v1/certificates/{one['public_id']}"

    suspended = await client.post(f"{address}/suspend", json={"reason": "Review"}, headers=owner)
    lifted = await client.post(f"{address}/lift", headers=owner)
    revoked = await client.post(f"{address}/revoke", json={"reason": "Fraud"}, headers=owner)
    again = await client.post(f"{address}/revoke", json={"reason": "Fraud"}, headers=owner)

    assert [a.json()["state"] for a in (suspended, lifted, revoked)] == [
        "suspended",
        "issued",
        "revoked",
    ]
    assert again.status_code == 409
    assert again.json()["type"].endswith("already-revoked")
    assert (await client.get(f"/c/{one['public_id']}.json")).json()["verdict"] == "revoked"


async def test_wrong_requests_say_what_is_wrong(
    client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    one = await issued()
    address = f"/api/v1/certificates/{one['public_id']}/revoke"

    empty = await client.post(address, json={"reason": ""}, headers=owner)
    misspelt = await client.post(address, json={"reason": "x", "force": True}, headers=owner)

    assert empty.status_code == 422
    assert empty.json()["findings"][0]["pointer"] == "/reason"
    assert "shown to everybody" in empty.json()["findings"][0]["detail"]
    assert misspelt.status_code in (400, 422)
    assert (await client.get(f"/c/{one['public_id']}.json")).json()["verdict"] == "valid"


async def test_a_granted_proposal_by_the_api(
    client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    holder = await person()
    await tell(ResultFinal(result([holder], FIRST, LEVEL)))

    listed = await client.get(f"/api/v1/proposals?contest={CONTEST}", headers=owner)
    proposal = listed.json()["items"][0]["id"]
    wrong = await client.post(
        f"/api/v1/proposals/{proposal}/grant", json={"granted_on": "x"}, headers=owner
    )
    right = await client.post(
        f"/api/v1/proposals/{proposal}/grant",
        json={"granted_on": "2024-11-01", "number": NUMBER},
        headers=owner,
    )
    await drain()

    assert {f["pointer"] for f in wrong.json()["findings"]} == {"/number", "/granted_on"}
    assert right.status_code == 200
    kinds = await client.get(f"/api/v1/certificates?contest={CONTEST}", headers=owner)
    assert kinds.status_code == 200
    assert {item["kind"] for item in kinds.json()["items"]} == {"award", "level"}


async def test_a_partner_s_own_program_reads_its_levels_and_states_one(
    client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    output = Output("partner", "hkqf_rpl", "", LEVEL.title, "hk_rpl")
    recognised = {"authorities": ("hong_kong",), "details": {}}
    await tell(ResultFinal(result([await person()], output, **recognised)))
    agency = await account((Role.ORGANISER, Scope("issuer", "hk-rpl")))
    listed = await client.get(f"/api/v1/proposals?contest={CONTEST}", headers=owner)
    at = f"/api/v1/proposals/{listed.json()['items'][0]['id']}"

    told = await client.get(f"{at}/explanation", headers=agency)
    wrong, stranger, right = [
        await client.post(f"{at}/grant", json={"granted_on": "2024-11-01", **said}, headers=who)
        for said, who in (({}, agency), ({"level": "3"}, owner), ({"level": "3"}, agency))
    ]

    assert [one["code"] for one in told.json()["levels"]] == [str(n) for n in range(1, 8)]
    assert "output" not in listed.json()["items"][0]
    assert {f["pointer"] for f in wrong.json()["findings"]} == {"/level"}
    assert (stranger.status_code in (403, 404), right.status_code) == (True, 200)


async def test_an_honour_is_recorded_and_shown(
    client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    one = await issued()
    body = {
        "kind": "craftsman",
        "code": "xiangshan-craftsman",
        "title": {"zh-Hans": "香山工匠", "en": "Xiangshan Craftsman"},
        "authority": ORGANISER,
        "granted_on": "2023-12-01",
        "source": "2023-12",
        "disclosed": True,
    }

    before = (await client.get(f"/c/{one['public_id']}")).text
    made = await client.post(f"/api/v1/persons/{one['person']}/honours", json=body, headers=owner)
    after = (await client.get(f"/c/{one['public_id']}")).text
    hidden = {**body, "code": "other", "title": {"en": "Hidden honour"}, "disclosed": False}
    await client.post(f"/api/v1/persons/{one['person']}/honours", json=hidden, headers=owner)

    assert made.status_code == 201
    assert "香山工匠" not in before
    assert "香山工匠" in after
    assert "Hidden honour" not in (await client.get(f"/c/{one['public_id']}")).text


async def test_keys_by_the_api(client: httpx.AsyncClient, owner: dict[str, str]) -> None:
    address = f"/api/v1/issuers/{ORGANISER}/keys"

    made = await client.post(address, json={}, headers=owner)
    kid = made.json()["kid"]
    early = await client.post(f"/api/v1/keys/{kid}/activate", headers=owner)
    lost = await client.post(
        f"/api/v1/keys/{kid}/compromise", json={"reason": "Lost"}, headers=owner
    )
    listed = (await client.get(address, headers=owner)).json()

    assert early.status_code == 409
    assert "24 hours" in early.json()["detail"]
    assert lost.status_code == 200
    assert {key["kid"]: key["state"] for key in listed}[kid] == "compromised"
    assert "private" not in str(listed)


READS = [
    f"/api/v1/certificates?contest={CONTEST}",
    f"/api/v1/proposals?contest={CONTEST}",
    f"/api/v1/issuers/{ORGANISER}/keys",
    f"/api/v1/persons/{UUID(int=1)}/record",
]


@pytest.mark.parametrize("address", READS)
async def test_reading_needs_a_log_in_and_a_right(
    client: httpx.AsyncClient, owner: dict[str, str], address: str
) -> None:
    await issued()
    stranger = await account()

    assert (await client.get(address, headers={"Accept": "application/json"})).status_code == 401
    assert (await client.get(address, headers=stranger)).status_code == 403


async def test_writing_needs_a_log_in_and_a_right(
    client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    one = await issued()
    await tell(ResultFinal(result([await person()], LEVEL)))
    proposal = await Proposal.select(Proposal.id).first()
    key = await SigningKey.select(SigningKey.kid).where(SigningKey.issuer == ORGANISER).first()
    assert proposal is not None
    assert key is not None
    writes: list[tuple[str, dict[str, Any]]] = [
        (f"/api/v1/certificates/{one['public_id']}/revoke", {"reason": "x"}),
        (f"/api/v1/certificates/{one['public_id']}/suspend", {"reason": "x"}),
        (f"/api/v1/certificates/{one['public_id']}/lift", {}),
        (
            f"/api/v1/proposals/{proposal['id']}/grant",
            {"granted_on": "2024-11-01", "number": NUMBER},
        ),
        (f"/api/v1/proposals/{proposal['id']}/refuse", {"reason": "x"}),
        ("/api/v1/issuers", {"organisation": ORGANISER}),
        (f"/api/v1/issuers/{ORGANISER}/keys", {}),
        (f"/api/v1/keys/{key['kid']}/retire", {}),
        (f"/api/v1/keys/{key['kid']}/activate", {}),
        (f"/api/v1/keys/{key['kid']}/compromise", {"reason": "x"}),
    ]
    administrator = await account((Role.ADMINISTRATOR, Scope("installation")))

    for address, body in writes:
        assert (await client.post(address, json=body)).status_code == 401, address
        refused = await client.post(address, json=body, headers=administrator)
        assert refused.status_code == 403, address
    assert (await client.get(f"/c/{one['public_id']}.json")).json()["verdict"] == "valid"


async def test_the_person_s_record_by_the_api(
    client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    one = await issued()
    reader = await account((Role.ORGANISER, Scope("installation")))

    record = (await client.get(f"/api/v1/persons/{one['person']}/record", headers=reader)).json()

    assert [c["public_id"] for c in record["certificates"]] == [one["public_id"]]
    parts = {"certificates", "levels", "honours", "proposals", "earlier_results", "applications"}
    assert set(record) == parts


async def test_an_organisation_s_organiser_acts_for_its_issuer(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    row = await Organisation.select(Organisation.id).where(Organisation.code == ORGANISER).first()
    assert row is not None
    own = await account((Role.ORGANISER, Scope("organisation", str(row["id"]))))

    listed = await client.get(f"/api/v1/issuers/{ORGANISER}/keys", headers=own)
    other = await client.get(f"/api/v1/issuers/{BODY}/keys", headers=own)
    around = await enclosing.scopes(Scope("issuer", ORGANISER))

    assert (listed.status_code, other.status_code) == (200, 403)
    assert around == (Scope("issuer", ORGANISER), Scope("organisation", str(row["id"])))


async def test_the_schema_describes_every_address(
    client: httpx.AsyncClient, database: Settings
) -> None:
    paths = (await client.get("/schema/openapi.json")).json()["paths"]

    assert "requestBody" in paths["/api/verify"]["post"]
    for path in ("/c/{name}", "/status/r/{code}/{block}", "/api/v1/certificates", "/trust/bundle"):
        assert path in paths, path
    assert all(
        operation.get("summary")
        for path, item in paths.items()
        if path.startswith(("/api/v1/cert", "/api/v1/prop", "/api/v1/iss", "/api/v1/keys"))
        for operation in item.values()
    )
