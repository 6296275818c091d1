"""A partner signs on its own machine: what leaves, what comes back, and what never passes here."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.db import transaction
from core.errors import Forbidden, Invalid
from core.events import NameCorrected, ResultFinal
from core.outbox import drain, put
from core.privacy import change_person, erase_person
from core.security import SYSTEM, Actor, GrantFacts, Role, Scope
from core.settings import Settings
from core.tables import Organisation
from credentials import keyring, published
from credentials.actions import SignsElsewhere, create_issuer, report_compromise, rotate_key
from credentials.encoding import from_json, to_base64url, to_json
from credentials.key_files import read_key_file
from credentials.keys import Signer, kid_of, new_private_key, public_jwk
from credentials.partners import actions as partners
from credentials.partners.batch import (
    BatchRefused,
    enrolment,
    read_unsigned,
    sign_batch,
    told,
)
from credentials.partners.tables import PartnerConsent, UnsignedCertificate
from credentials.presented import verify
from credentials.queries import certificates_of
from credentials.records import actions as records
from credentials.records.tables import Proposal
from credentials.rendering import payload_of
from credentials.tables import Certificate, SigningKey
from credentials.trust import CERTIFICATE, read_bundle
from credentials.trusting.among import known_of, verify_among
from credentials.verify import State
from tests.credentials import facts
from tests.credentials.facts import BODY, CONTEST, LEVEL, ORGANISER, person, result, tell
from tests.credentials.key_forms import contents, forms
from tests.fixtures.processes import Jiangxin

NUMBERS = ("S000044010326243000123", "S000044010326243000131", "S000044010326243000158")
EVERYTHING = ("name", "number", "scores", "evidence")


async def partner(key: Any) -> str:
    """An organiser who signs here, and an assessment body that has just enrolled this key."""
    async with transaction():
        organiser = facts._organisation(ORGANISER, "organiser", "测试组委会", "Committee", "")
        body = facts._organisation(
            BODY, "assessment_body", "测试评价机构", "Assessment", facts.FILING
        )
        await Organisation.insert(organiser, body)
    await create_issuer(SYSTEM, ORGANISER)
    return await partners.enrol_partner(SYSTEM, enrolment(BODY, key, datetime.now(UTC)))


async def granted(*names: str) -> list[UUID]:
    """So many levels that the body has granted; the ids under which they wait for its signature."""
    for name, number in zip(names, NUMBERS, strict=False):
        holder = await person(name)
        await tell(ResultFinal(result([holder], LEVEL, details={"disclosure": "modules"})))
        proposal = await Proposal.select(Proposal.id).where(Proposal.person == holder).first()
        assert proposal is not None
        await records.grant_proposal(SYSTEM, proposal["id"], number=number, granted_on="2024-11-01")
    await drain()
    rows = await UnsignedCertificate.select(UnsignedCertificate.id).order_by(
        UnsignedCertificate.noted_at
    )
    return [row["id"] for row in rows]


async def consented(*ids: UUID, fields: tuple[str, ...] = EVERYTHING) -> None:
    for id in ids:
        await partners.consent(SYSTEM, id, fields, source="Form 12")


@pytest.mark.engine
async def test_a_partner_s_certificates_wait_until_its_own_machine_has_signed_them(
    database: Settings,
) -> None:
    key = new_private_key()
    kid = await partner(key)
    await consented(*await granted("张伟", "欧阳晓明"))
    assert await Certificate.count() == 0

    file = await partners.send_batch(SYSTEM, BODY)
    batch = read_unsigned(file)
    stored = await partners.take_signed(SYSTEM, sign_batch(batch, key))

    ones = await certificates_of(CONTEST)
    asked = {to_base64url(one.document.encode()) for one in batch.certificates}
    assert stored == (2, 0)
    assert {one["token"].split(".")[1] for one in ones} == asked
    assert await partners.waiting_for(SYSTEM, BODY) == []
    assert told(batch)[0] == f"2 certificates of {batch.issuer}:"
    now = datetime.now(UTC)
    trust = read_bundle(await published.trust_bundle(), now)
    known = known_of([trust], [await published.status_list("t", BODY, 1)], now)
    for one in ones:
        for text in (one["token"], one["qr_text"]):
            assert (await verify(text.encode()))[0].state is State.VALID
            assert verify_among(text.encode(), known, now)[0].state is State.VALID
    assert trust.by_kid[kid].issuer == BODY
    with pytest.raises(partners.NotSignable):
        await partners.take_signed(SYSTEM, sign_batch(batch, key))


async def test_only_the_fields_consented_to_leave(database: Settings) -> None:
    await partner(new_private_key())
    first, second, third = await granted("张伟", "欧阳晓明", "热合曼")
    await consented(first, fields=("name",))
    await consented(
        second, fields=("number", "scores")
    )  # without the name there is nothing to sign
    await consented(third, fields=("name", "number"))
    await partners.withdraw_consent(SYSTEM, third)

    file = await partners.send_batch(SYSTEM, BODY)

    (one,) = read_unsigned(file).certificates
    document = from_json(one.document.encode())
    assert "张伟" in one.document
    assert NUMBERS[0] not in file.decode()
    assert "evidence" not in document
    assert "result" not in document["credentialSubject"]
    assert "resultDescription" not in document["credentialSubject"]["achievement"]
    for absent in ("欧阳晓明", "热合曼", *NUMBERS, "86.50"):
        assert absent not in file.decode()
    with pytest.raises(partners.NothingToSign, match="2 wait"):
        await partners.send_batch(SYSTEM, BODY)
    with pytest.raises(Invalid, match=r"consent-field.*consent-source"):
        await partners.consent(SYSTEM, first, ["shoe size"], source=" ")


async def test_nothing_is_taken_unless_it_is_byte_for_byte_what_was_asked(
    database: Settings,
) -> None:
    key, stranger = new_private_key(), new_private_key()
    await partner(key)
    await consented(*await granted("张伟", "欧阳晓明"))
    batch = read_unsigned(await partners.send_batch(SYSTEM, BODY))
    good = json.loads(sign_batch(batch, key))
    first = good["certificates"][0]
    signer = Signer(kid_of(public_jwk(key.public_key())), batch.kid, key)
    other = Signer(signer.kid, batch.kid, stranger)
    document = from_json(batch.certificates[0].document.encode())
    spaced = json.dumps(document, ensure_ascii=False).encode()  # equal as JSON, not as bytes
    raised = to_json({**document, "name": "焊工 一级"})
    plain = batch.certificates[0].document.encode()

    for spoilt in (
        {**first, "token": signer.sign(spaced)},
        {**first, "token": signer.sign(raised)},
        {**first, "token": other.sign(plain)},
        {**first, "token": signer.sign(plain, typ="statuslist+jwt")},
        {**first, "token": first["token"][:-4] + "AAAA"},
        {**first, "token": "no token"},
        {**first, "paper": good["certificates"][1]["paper"]},
        good["certificates"][1],
    ):
        returned = {**good, "certificates": [spoilt, good["certificates"][1]]}
        with pytest.raises(Invalid, match="/certificates/"):
            await partners.take_signed(SYSTEM, to_json(returned))
    with pytest.raises(Invalid, match="returned-missing"):
        await partners.take_signed(SYSTEM, to_json({**good, "certificates": [first]}))
    for nothing in (
        b"",
        b"{}",
        b"[]",
        to_json({**good, "format": "x"}),
        to_json({**good, "batch": 1}),
    ):
        with pytest.raises(partners.FileRefused):
            await partners.take_signed(SYSTEM, nothing)
    assert await Certificate.count() == 0

    assert await partners.take_signed(SYSTEM, to_json(good)) == (2, 0)


async def test_the_partner_s_machine_signs_nothing_but_certificates_of_its_own_issuer(
    database: Settings,
) -> None:
    key = new_private_key()
    await partner(key)
    await consented(*await granted("张伟", "欧阳晓明"))
    file = await partners.send_batch(SYSTEM, BODY)
    body = json.loads(file)
    document = json.loads(body["certificates"][0]["document"])
    papers = [one["paper"] for one in body["certificates"]]

    def with_first(**changes: Any) -> bytes:
        first = {**body["certificates"][0], **changes}
        return to_json({**body, "certificates": [first]})

    def text(**changes: Any) -> str:
        return to_json({**document, **changes}).decode()

    foreign = body["issuer"].replace(BODY, ORGANISER)
    for slipped_in in (
        with_first(document=text(iss=foreign)),
        with_first(document=text(type=["VerifiableCredential"])),
        with_first(document='{"sid":"a session"}'),
        with_first(document="no JSON"),
        with_first(paper=papers[1]),
        with_first(paper="AAAA"),
        to_json({**body, "issuer": foreign}),
        to_json({**body, "kid": body["kid"].replace("http", "https")}),
        to_json({**body, "certificates": "x"}),
        to_json({**body, "format": "x"}),
        b"\xff",
    ):
        with pytest.raises(BatchRefused):
            read_unsigned(slipped_in)
    with pytest.raises(BatchRefused, match="asks for key"):
        sign_batch(read_unsigned(file), new_private_key())


@pytest.mark.engine
async def test_what_was_corrected_or_erased_while_it_was_away_is_not_taken(
    database: Settings,
) -> None:
    key = new_private_key()
    await partner(key)
    ids = await granted("张伟", "欧阳晓明", "热合曼")
    await consented(*ids)
    batch = read_unsigned(await partners.send_batch(SYSTEM, BODY))
    owners = {
        row["id"]: row["person"] for row in await UnsignedCertificate.select().order_by("noted_at")
    }

    async with transaction():
        await change_person(owners[ids[0]], name="张玮")
    await erase_person(owners[ids[1]])
    stored = await partners.take_signed(SYSTEM, sign_batch(batch, key))

    assert stored == (1, 2)
    assert [row["person"] for row in await Certificate.select()] == [owners[ids[2]]]
    assert await PartnerConsent.count() == 2
    again = read_unsigned(await partners.send_batch(SYSTEM, BODY))
    assert ["张玮" in one.document for one in again.certificates] == [True]
    await partners.recall_batch(SYSTEM, again.batch)
    assert len(read_unsigned(await partners.send_batch(SYSTEM, BODY)).certificates) == 1


async def test_a_corrected_name_leaves_with_the_next_batch_and_replaces_the_wrong_paper(
    database: Settings,
) -> None:
    key = new_private_key()
    await partner(key)
    await consented(*await granted("张伟"))
    first = await partners.send_batch(SYSTEM, BODY)
    await partners.take_signed(SYSTEM, sign_batch(read_unsigned(first), key))
    (wrong,) = await certificates_of(CONTEST)
    with pytest.raises(partners.NothingToSign):
        await partners.send_batch(SYSTEM, BODY)

    async with transaction():
        await change_person(UUID(wrong["person"]), name="张玮")
        await put(NameCorrected(CONTEST, wrong["person"], BODY))
    await drain()
    assert (await verify(wrong["token"].encode()))[0].state is State.VALID  # until it is signed
    second = await partners.send_batch(SYSTEM, BODY)
    await partners.take_signed(SYSTEM, sign_batch(read_unsigned(second), key))

    (right,) = await certificates_of(CONTEST)
    assert right["public_id"] == wrong["public_id"]
    assert "张玮" in str(payload_of(right["token"]))
    assert (await verify(right["qr_text"].encode()))[0].state is State.VALID
    assert (await verify(wrong["qr_text"].encode()))[0].state is State.REPLACED


async def test_the_platform_can_neither_sign_nor_make_a_key_for_a_partner(
    database: Settings,
) -> None:
    key, later = new_private_key(), new_private_key()
    kid = await partner(key)
    everywhere = Actor(
        None, "administrator", tuple(GrantFacts(role, Scope("installation")) for role in Role)
    )

    with pytest.raises(SignsElsewhere):
        await rotate_key(SYSTEM, BODY, CERTIFICATE)
    with pytest.raises(Exception, match="own machine"):
        await keyring.signer_of(BODY, CERTIFICATE)
    with pytest.raises(partners.KeyKnown):
        await partners.enrol_partner(SYSTEM, enrolment(BODY, key, datetime.now(UTC)))
    borrowed = enrolment(BODY, key, datetime.now(UTC)).rpartition(".")[0]
    with pytest.raises(partners.FileRefused):
        await partners.enrol_partner(SYSTEM, f"{borrowed}.{'A' * 86}")
    with pytest.raises(partners.SignsHere):
        await partners.send_batch(SYSTEM, ORGANISER)
    with pytest.raises(Forbidden):
        await partners.send_batch(everywhere, BODY)

    spare = await partners.enrol_partner(SYSTEM, enrolment(BODY, later, datetime.now(UTC)))
    await consented(*await granted("张伟"))
    batch = read_unsigned(await partners.send_batch(SYSTEM, BODY))
    assert await report_compromise(SYSTEM, kid, "Its laptop was stolen") == spare
    with pytest.raises(partners.NotSignable, match="compromised"):
        await partners.take_signed(SYSTEM, sign_batch(batch, key))


async def test_no_private_key_of_a_partner_was_ever_in_our_database_files_or_copies(
    database: Settings, jiangxin: Jiangxin, tmp_path: Path
) -> None:
    laptop, desk, copies = tmp_path / "laptop", tmp_path / "desk", tmp_path / "copies"
    laptop.mkdir()
    desk.mkdir()
    words, pem = laptop / "words", laptop / "key.pem"
    words.write_text("correct horse battery\n")
    there = {"JIANGXIN_DATA": str(laptop / "data")}
    with_key = ("--key", str(pem), "--passphrase-file", str(words))
    made = jiangxin("sign", "--make", "--enrol", BODY, *with_key, **there)
    assert made.returncode == 0, made.stderr
    key = read_key_file(pem, b"correct horse battery")

    async with transaction():
        body = facts._organisation(BODY, "assessment_body", "测试评价机构", "A", facts.FILING)
        await Organisation.insert(body)
    (desk / "enrolment").write_text(made.stdout)
    assert jiangxin("partners", "enrol", str(desk / "enrolment")).returncode == 0
    keyring.forget_trust_store()
    for id in await granted("张伟", "欧阳晓明"):
        told = jiangxin("partners", "consent", str(id), "--fields", "name", "--source", "Form 12")
        assert told.returncode == 0, told.stderr
    assert "no consent" not in jiangxin("partners", "waiting", BODY).stdout
    sent = jiangxin("partners", "send", BODY, "--out", str(desk / "batch.json"))
    assert sent.returncode == 0, sent.stderr
    unasked = jiangxin("sign", str(desk / "batch.json"), *with_key, **there)
    signed = jiangxin("sign", str(desk / "batch.json"), *with_key, "--yes", **there)
    taken = jiangxin("partners", "take", str(desk / "batch.signed.json"))
    copied = jiangxin("backup", "--to", str(copies))

    assert (unasked.returncode, signed.returncode) == (1, 0), signed.stderr
    assert "2 certificates of" in signed.stderr
    assert "张伟" in signed.stderr
    assert taken.returncode == 0, taken.stderr
    assert copied.returncode == 0, copied.stderr
    assert not (laptop / "data").exists()
    for one in await certificates_of(CONTEST):
        assert (await verify(one["qr_text"].encode()))[0].state is State.VALID
        assert payload_of(one["token"])["issuer"]["id"].endswith(BODY)
    row = (
        await SigningKey.select()
        .where(SigningKey.issuer == BODY, SigningKey.purpose == CERTIFICATE)
        .first()
    )
    assert row is not None
    assert (row["place"], row["wrapped_key"], row["sealed_private"]) == ("partner", None, None)
    held = [found for folder in (database.data, desk, copies) for found in contents(folder)]
    public = row["public_jwk"].encode()
    assert any(public in data for data in held)  # the search finds what is there
    assert [n for n, data in enumerate(held) for form in forms(key) if form in data] == []
