"""The rooms of partners who sign on their own machines, and of other installations that are believed here."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from admin.console.signers import messages
from core.security import Role, Scope
from core.settings import Settings
from core.tables import AuditEntry
from core.web.i18n import LANGUAGES, SOURCE, read_catalogue
from credentials.encoding import to_json
from credentials.identifiers import Addresses
from credentials.keys import new_private_key, public_jwk, thumbprint_of
from credentials.partners.batch import enrolment, read_unsigned, sign_batch
from credentials.queries import certificates_of
from credentials.trust import BUNDLE_TYPE, bundle_payload, store_of
from credentials.trusting import ending_again
from credentials.trusting.actions import accepted_installations
from credentials.trusting.authorisation import Request, authorise
from tests.credentials.facts import BODY, CONTEST
from tests.credentials.kit import make_issuer
from tests.credentials.test_partner_signing import consented, granted, partner
from tests.factories_accounts import log_in_browser, make_account

HTML = {"Accept": "text/html", "Accept-Language": "en"}
OTHER = "https://cert.example.mo"
FOLDER = Path(messages.__file__).parent
ASKED = re.compile(r'_\("((?:[^"\\]|\\.)+)"')
PLACES = re.compile(r"\{(\w+)\}")


def other_installation() -> tuple[str, str]:
    """(bundle, thumbprint of its root)."""
    now, root, trust = datetime.now(UTC), new_private_key(), make_issuer("", "trust")
    keys = [trust.trusted, make_issuer("centre").trusted]
    asked = Request(n=1, origins=(OTHER,), keys=(public_jwk(trust.trusted.key),))
    addresses = Addresses(OTHER)
    payload = bundle_payload(
        store_of(addresses, keys, now), now, authorisation=authorise(asked, root, now, days=30)
    )
    bundle = trust.signer.at(addresses).sign(to_json(payload), typ=BUNDLE_TYPE)
    return bundle, thumbprint_of(public_jwk(root.public_key()))


async def test_an_installation_is_looked_at_accepted_under_its_root_and_ended_with_a_way_back(
    client: httpx.AsyncClient,
) -> None:
    bundle, root = other_installation()
    _, stranger = other_installation()
    csrf = await log_in_browser(client, await make_account(Role.ADMINISTRATOR))
    path = "/console/installations"

    async def typed(**fields: str) -> httpx.Response:
        return await client.post(path, data={"csrf_token": csrf, **fields}, headers=HTML)

    empty = await typed(bundle="", root="abc", seen="yes")
    wrong = await typed(bundle=bundle, root=stranger, seen="yes")
    seen = await typed(bundle=bundle, root=root)
    before = await accepted_installations()
    accepted = await typed(bundle=bundle, root=root, seen="yes")
    (row,) = await accepted_installations()
    listed = await client.get(path, headers=HTML)
    mistyped = await client.post(
        f"{path}/end", data={"csrf_token": csrf, "origin": OTHER, "host": "x"}, headers=HTML
    )
    still = await accepted_installations()
    ended = await client.post(
        f"{path}/end",
        data={"csrf_token": csrf, "origin": OTHER, "host": "cert.example.mo"},
        headers=HTML,
    )
    gone = await accepted_installations()
    page = await client.get(path, headers=HTML)
    undo = re.search(r'action="(/console/undo/[^"]+)"', page.text)
    assert undo is not None
    back = await client.post(undo[1], data={"csrf_token": csrf}, headers=HTML)

    assert empty.status_code == 422
    assert "Paste the trust bundle" in empty.text
    assert "these are 3" in empty.text
    assert wrong.status_code == 409
    assert bundle in wrong.text  # nothing typed is lost
    assert (seen.status_code, before) == (200, [])
    assert "Nothing is accepted yet" in seen.text
    assert accepted.status_code == 303
    assert (row["origin"], row["root"]) == (OTHER, root)
    assert "cert.example.mo" in listed.text
    assert root in listed.text
    assert (mistyped.status_code, len(still)) == (422, 1)
    assert (ended.status_code, gone) == (303, [])
    assert back.status_code == 303
    assert await accepted_installations() == [row]
    said = await AuditEntry.select(AuditEntry.action).where(AuditEntry.subject == OTHER)
    assert [one["action"] for one in said].count("installation.accept") == 2


async def test_only_an_administrator_decides_whom_to_believe(client: httpx.AsyncClient) -> None:
    await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", BODY))))

    answer = await client.get("/console/installations", headers=HTML)

    assert answer.status_code == 403


async def test_a_batch_leaves_and_comes_back_by_clicks(client: httpx.AsyncClient) -> None:
    key, following = new_private_key(), new_private_key()
    await partner(key)
    await consented(*await granted("张伟"))
    csrf = await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", BODY))))
    base = "/console/partners"

    async def upload(path: str, content: bytes) -> httpx.Response:
        files = {"file": ("file.json", content, "application/json")}
        return await client.post(
            f"{base}/{path}", data={"csrf_token": csrf}, files=files, headers=HTML
        )

    before = await client.get(base, headers=HTML)
    left = await client.post(f"{base}/{BODY}/batches", data={"csrf_token": csrf}, headers=HTML)
    out = await client.get(base, headers=HTML)
    batch = read_unsigned(left.content)
    again = await client.post(f"{base}/{BODY}/batches", data={"csrf_token": csrf}, headers=HTML)
    bent = await upload("signed", b"{}")
    came = await upload("signed", sign_batch(batch, key))
    enrolled = await upload("keys", enrolment(BODY, following, datetime.now(UTC)).encode())
    after = await client.get(base, headers=HTML)

    assert "Ready to leave, because their holders agreed: 1" in before.text
    assert left.headers["content-disposition"] == 'attachment; filename="batch.json"'
    assert "out to be signed" in out.text
    assert (again.status_code, bent.status_code) == (409, 409)
    assert (came.status_code, enrolled.status_code) == (303, 303)
    assert "came back" in after.text
    assert "published in advance" in after.text
    assert len(await certificates_of(CONTEST)) == 1


async def test_a_lost_batch_is_recalled_and_a_stranger_reaches_nothing(
    client: httpx.AsyncClient,
) -> None:
    await partner(new_private_key())
    await consented(*await granted("张伟"))
    csrf = await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", BODY))))
    base = "/console/partners"
    form: dict[str, Any] = {"data": {"csrf_token": csrf}, "headers": HTML}
    batch: UUID = read_unsigned((await client.post(f"{base}/{BODY}/batches", **form)).content).batch

    recalled = await client.post(f"{base}/batches/{batch}/recall", **form)
    page = await client.get(base, headers=HTML)
    csrf = await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", "x"))))
    form = {"data": {"csrf_token": csrf}, "headers": HTML}
    foreign = await client.post(f"{base}/{BODY}/batches", **form)
    seen = await client.get(base, headers=HTML)

    assert recalled.status_code == 303
    assert "Ready to leave, because their holders agreed: 1" in page.text
    assert foreign.status_code == 403
    assert "Ready to leave" not in seen.text


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE])
def test_every_sentence_of_both_rooms_is_translated(language: str, settings: Settings) -> None:
    templates = "".join(path.read_text("utf-8") for path in (FOLDER / "templates").glob("*.html"))
    known = read_catalogue(FOLDER / f"locale/{language}.po")

    wanted = {*ASKED.findall(templates), *messages.FINDINGS.values(), ending_again.ENDED}
    assert len(wanted) > 40
    assert wanted - set(known) == set()
    for msgid, text in known.items():
        assert set(PLACES.findall(text)) == set(PLACES.findall(msgid)), msgid
