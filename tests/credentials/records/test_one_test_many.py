"""一试多证: one test, a certificate of each partner that it is recognised for, each its own body's affair."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.db import transaction
from core.errors import Invalid
from core.events import Output, ResultFacts, ResultFinal
from core.outbox import drain
from core.privacy import create_person
from core.security import SYSTEM
from core.settings import Settings
from core.tables import Organisation
from credentials import layouts
from credentials.actions import create_issuer
from credentials.issuance import try_again
from credentials.key_files import read_key_file
from credentials.partners import actions as partners
from credentials.partners.batch import read_unsigned
from credentials.partners.tables import UnsignedCertificate
from credentials.presented import verify
from credentials.queries import certificates_of
from credentials.records import actions
from credentials.records.explaining import as_json, explained, verdicts_on
from credentials.records.known import with_record
from credentials.records.standing import standings
from credentials.records.tables import Proposal
from credentials.rendering import payload_of
from credentials.tables import Certificate, SigningKey
from credentials.trust import CERTIFICATE
from credentials.verify import State
from tests.credentials import facts
from tests.credentials.facts import BODY, CONTEST, LEVEL, ORGANISER, result, tell, text
from tests.credentials.key_forms import contents, forms
from tests.fixtures.processes import Jiangxin

HAIRDRESSER = "4-10-03-02"
NUMBER = "S000044010326243000123"
FILING = facts.FILING.replace("4-03-02-03", HAIRDRESSER)
MACAO_CARD, MAINLAND_CARD = ("macao_bir", "12345678"), ("mainland_id", "110101199003070038")
MACAO = Output(
    "partner",
    "dsal_skill_proof",
    "intermediate",
    text("职业技能证明书", "職業技能證明書", "Proof of vocational skills", "Certificado"),
    "dsal",
)
HONG_KONG = Output(
    "partner",
    "vtc_competency",
    "",
    text("专业能力评估证书", "專業能力評估證書", "Certificate of competency", "Certificado"),
    "vtc",
)
LEVEL_3 = replace(
    LEVEL,
    title=text("美发师 三级/高级工", "美髮師 三級/高級工", "Hairdresser, level 3", "Cabeleireiro, nível 3"),
)  # fmt: skip
RECOGNISED: Mapping[str, Any] = {
    "authorities": ("guangdong", "hong_kong", "macao"),
    "occupation": HAIRDRESSER,
    "contest_class": "",
    "details": {"disclosure": "modules"},
}


async def bodies(*signing_here: str) -> None:
    """An organiser, a filed body and two partners, of whom these have a key here."""
    async with transaction():
        await Organisation.insert(
            facts._organisation(ORGANISER, "organiser", "测试组委会", "Committee", ""),
            facts._organisation(BODY, "assessment_body", "测试评价机构", "Assessment", FILING),
            facts._organisation("dsal", "authority", "劳工事务局", "DSAL", ""),
            facts._organisation("vtc", "authority", "职业训练局", "VTC", ""),
        )
    for code in signing_here:
        await create_issuer(SYSTEM, code)


async def somebody(*documents: tuple[str, str], name: str = "何美玲") -> UUID:
    async with transaction():
        return await create_person(name=name, documents=documents)


def outcome(person: UUID, *outputs: Output, **changes: Any) -> ResultFacts:
    return result([person], *(outputs or (LEVEL_3, MACAO, HONG_KONG)), **{**RECOGNISED, **changes})


async def proposals() -> dict[str, dict[str, Any]]:
    """By the body that decides."""
    rows: list[dict[str, Any]] = await Proposal.select()
    return {row["issuer"]: row for row in rows}


async def grant(issuer: str, **stated: str) -> None:
    row = (await proposals())[issuer]
    await actions.grant_proposal(SYSTEM, row["id"], **{"granted_on": "2024-11-01", **stated})


async def waits() -> dict[str, str]:
    """Body -> how far its certificate is."""
    rows = await Proposal.select()
    found = await standings(rows)
    return {row["issuer"]: found[row["id"]].state for row in rows if row["id"] in found}


@pytest.mark.engine
async def test_one_test_leads_to_a_proposal_for_each_and_each_body_decides_its_own(
    database: Settings,
) -> None:
    await bodies(BODY, "dsal", "vtc")
    await tell(ResultFinal(outcome(await somebody(MACAO_CARD))))
    assert {
        (row["issuer"], row["kind"], row["grade"], row["state"])
        for row in (await proposals()).values()
    } == {
        (BODY, "level", "3", "proposed"),
        ("dsal", "partner", "intermediate", "proposed"),
        ("vtc", "partner", "", "proposed"),
    }

    told = as_json(await explained((await proposals())["dsal"]["id"]), "en")
    assert told["authority"] == "Labour Affairs Bureau (DSAL)"
    assert [one["code"] for one in told["levels"]] == [
        "junior",
        "intermediate",
        "senior",
        "technician",
    ]
    assert all(check["met"] for check in told["checks"])

    await actions.refuse_proposal(
        SYSTEM, (await proposals())["dsal"]["id"], reason="Six years of work not shown"
    )
    await grant("vtc")
    await drain()

    states = {issuer: row["state"] for issuer, row in (await proposals()).items()}
    assert states == {BODY: "proposed", "dsal": "refused", "vtc": "granted"}
    assert [row["issuer"] for row in await Certificate.select()] == ["vtc"]


@pytest.mark.engine
async def test_a_partner_that_cannot_sign_and_one_that_signs_elsewhere_block_nobody_else(
    database: Settings, jiangxin: Jiangxin, tmp_path: Path
) -> None:
    laptop, desk = tmp_path / "laptop", tmp_path / "desk"
    laptop.mkdir()
    desk.mkdir()
    words, pem, batch = laptop / "words", laptop / "key.pem", desk / "batch.json"
    words.write_text("correct horse battery\n")
    there = {"JIANGXIN_DATA": str(laptop / "data")}
    with_key = ("--key", str(pem), "--passphrase-file", str(words))
    made = jiangxin("sign", "--make", "--enrol", "vtc", *with_key, **there)
    assert made.returncode == 0, made.stderr
    await bodies(BODY)
    await partners.enrol_partner(SYSTEM, made.stdout)
    await tell(ResultFinal(outcome(await somebody(MACAO_CARD))))

    await grant(BODY, number=NUMBER)
    await grant("dsal", level="intermediate")
    await grant("vtc")
    await drain()  # one delivery of all three, of which the one for Macao fails

    assert await waits() == {BODY: "signed", "dsal": "key", "vtc": "consent"}
    (level,) = await certificates_of(CONTEST)
    assert (await verify(level["token"].encode()))[0].state is State.VALID
    with pytest.raises(partners.NothingToSign):  # nothing leaves before its holder agrees
        await partners.send_batch(SYSTEM, "vtc")

    (unsigned,) = await UnsignedCertificate.select()
    await partners.consent(SYSTEM, unsigned["id"], ["name"], source="Form 7")
    assert (await waits())["vtc"] == "sending"
    batch.write_bytes(await partners.send_batch(SYSTEM, "vtc"))
    assert (await waits())["vtc"] == "return"
    (asked,) = read_unsigned(batch.read_bytes()).certificates
    assert all(hidden not in asked.document for hidden in ("86.50", "sha-256", MACAO_CARD[1]))

    await create_issuer(SYSTEM, "dsal")
    assert (await waits())["dsal"] == "signing"
    await try_again(SYSTEM, UUID(CONTEST), BODY)
    await drain()
    assert await waits() == {BODY: "signed", "dsal": "signed", "vtc": "return"}

    signed = jiangxin("sign", str(batch), *with_key, "--yes", **there)
    assert signed.returncode == 0, signed.stderr
    await partners.take_signed(SYSTEM, (desk / "batch.signed.json").read_bytes())
    assert await waits() == {BODY: "signed", "dsal": "signed", "vtc": "signed"}
    tokens = [one["token"] for one in await certificates_of(CONTEST)]
    assert level["token"] in tokens
    assert {(await verify(one.encode()))[0].state for one in tokens} == {State.VALID}

    key = read_key_file(pem, b"correct horse battery")
    row = (
        await SigningKey.select()
        .where(SigningKey.issuer == "vtc", SigningKey.purpose == CERTIFICATE)
        .first()
    )
    assert row is not None
    assert (row["place"], row["wrapped_key"], row["sealed_private"]) == ("partner", None, None)
    held = [data for folder in (database.data, desk) for data in contents(folder)]
    assert [form for data in held for form in forms(key) if form in data] == []


async def test_each_certificate_has_its_issuers_own_languages_levels_and_fields(
    database: Settings,
) -> None:
    await bodies(BODY, "dsal", "vtc")
    await tell(ResultFinal(outcome(await somebody(MACAO_CARD))))
    await grant(BODY, number=NUMBER)
    await grant("dsal", level="technician")  # not the level that the organiser proposed
    await grant("vtc")
    await drain()

    payloads = [payload_of(one["token"]) for one in await certificates_of(CONTEST)]
    found = {one["issuer"]["id"].rpartition("/")[2]: one for one in payloads}
    macao, hong_kong, level = found["dsal"], found["vtc"], found[BODY]
    achieved = macao["credentialSubject"]["achievement"]
    assert achieved["name"] == (
        "中式麵點製作 職業技能證明書 技師"
        " · Pastelaria Chinesa Certificado de qualificação profissional técnico"
    )
    assert achieved["inLanguage"] == "zh-Hant"
    assert achieved["id"].endswith("/dsal_skill_proof-4-10-03-02-technician")
    assert (await proposals())["dsal"]["grade"] == "technician"
    titled = hong_kong["credentialSubject"]["achievement"]["name"]
    assert "專業能力評估證書 · " in titled
    assert titled.endswith("Certificate of professional competency assessment")
    for partner in (macao, hong_kong):
        assert "evidence" not in partner
        assert "result" not in partner["credentialSubject"]
        assert "licenseNumber" not in partner["credentialSubject"]
    assert level["credentialSubject"]["licenseNumber"] == NUMBER
    assert "evidence" in level
    assert "result" in level["credentialSubject"]
    assert (await layouts.layout_of(CONTEST, "dsal")).languages == ("zh-Hant", "pt")
    assert (await layouts.layout_of(CONTEST, BODY)).languages == layouts.USUAL_LANGUAGES


async def test_macaos_proof_is_proposed_for_whoever_has_shown_a_macao_card(
    database: Settings,
) -> None:
    await bodies()
    from_macao = await somebody(MACAO_CARD, ("home_return_permit", "M12345678"))
    from_guangdong = await somebody(MAINLAND_CARD, name="李四")
    unknown = await somebody(name="王五")

    results = [outcome(one, MACAO, HONG_KONG) for one in (from_macao, from_guangdong, unknown)]
    await tell(*map(ResultFinal, results))

    rows = await Proposal.select(Proposal.person, Proposal.issuer)
    everybody = {from_macao, from_guangdong, unknown}
    assert {row["person"] for row in rows if row["issuer"] == "dsal"} == {from_macao}
    assert {row["person"] for row in rows if row["issuer"] == "vtc"} == everybody
    checks = [
        check.met
        for one in results
        for verdict in verdicts_on(await with_record(one))
        for check in verdict.checks
        if check.code == "document"
    ]
    assert checks == [True, False, None]
    stored = json.dumps([dict(row) for row in await Proposal.select(Proposal.explained)])
    assert MACAO_CARD[1] not in stored


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"details": {"minimum:vtc_competency": "177.76"}}, "score"),
        ({"details": {"minimum:vtc_competency": "60"}, "total": ""}, "score"),
        ({"occupation": "4-03-02-02"}, "occupation"),
        ({"occupation": ""}, "occupation"),
        ({"held_on": "2013-02-28"}, "in_force"),
        ({"held_on": ""}, "in_force"),
    ],
)
async def test_a_condition_that_does_not_hold_is_named_and_proposes_nothing(
    database: Settings, changes: dict[str, Any], failed: str
) -> None:
    one = outcome(UUID(int=1), HONG_KONG, **changes)

    await tell(ResultFinal(one))

    (verdict,) = [v for v in verdicts_on(one) if v.kind == "partner"]
    assert [check.code for check in verdict.checks if not check.met] == [failed]
    assert await Proposal.count() == 0


async def test_nobody_without_a_place_and_no_contest_that_is_not_recognised(
    database: Settings,
) -> None:
    unranked = outcome(UUID(int=1), HONG_KONG, rank=None)
    elsewhere = outcome(UUID(int=2), HONG_KONG, authorities=("macao",))
    unchosen = outcome(UUID(int=3), LEVEL_3)

    for one in (unranked, elsewhere, unchosen):
        assert [v for v in verdicts_on(one) if v.kind == "partner"] == []


async def test_what_the_issuer_states_is_checked_all_at_once(database: Settings) -> None:
    await bodies("dsal")
    await tell(ResultFinal(outcome(await somebody(MACAO_CARD))))

    for issuer, stated, codes in (
        ("dsal", {"number": "1", "granted_on": "soon"}, {"credentials.partner-level", "credentials.partner-no-number", "credentials.date"}),
        ("dsal", {"level": "3"}, {"credentials.partner-level"}),
        ("vtc", {"level": "junior"}, {"credentials.partner-no-level"}),
    ):  # fmt: skip
        with pytest.raises(Invalid) as invalid:
            await grant(issuer, **stated)
        assert {finding.code for finding in invalid.value.findings} == codes
    assert {row["state"] for row in (await proposals()).values()} == {"proposed"}


@pytest.mark.engine
async def test_a_correction_keeps_the_level_that_the_issuer_stated_and_questions_what_fell_away(
    database: Settings,
) -> None:
    await bodies("dsal", "vtc")
    first = outcome(await somebody(MACAO_CARD), MACAO, HONG_KONG)
    await tell(ResultFinal(first))
    await grant("dsal", level="senior")
    await grant("vtc")
    await drain()

    low = {**first.details, "minimum:vtc_competency": "180"}
    await tell(
        ResultFinal(replace(first, result_version=2, details=low, correction="Points lowered"))
    )

    found = await proposals()
    assert {issuer: row["state"] for issuer, row in found.items()} == {
        "dsal": "granted",
        "vtc": "questioned",
    }
    assert (found["dsal"]["grade"], await Proposal.count()) == ("senior", 2)
    assert set((await waits()).values()) == {"signed"}
