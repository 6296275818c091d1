"""拟授: proposed from a result, granted by its authority, and only then signed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from core.errors import Forbidden, Invalid, NotFound
from core.events import Output, ProposalGranted, ResultFinal
from core.outbox import drain, stuck, waiting
from core.security import SYSTEM, Actor, GrantFacts, Role, Scope
from core.settings import Settings
from core.tables import Organisation
from credentials.encoding import from_base64url, from_json
from credentials.queries import certificates_of, verify_by_id
from credentials.records import actions
from credentials.records.queries import disclosed_honours, person_record, proposal_page
from credentials.records.tables import HeldLevel, Honour, Proposal
from credentials.tables import Certificate
from credentials.verify import State
from tests.credentials.facts import (
    BODY,
    CONTEST,
    FIRST,
    LEVEL,
    ORGANISER,
    issuers,
    person,
    result,
    tell,
    text,
)

pytestmark = pytest.mark.engine

NUMBER = "S000044010326243000123"
HONOUR = Output(
    "honour",
    "craftsman:city",
    "municipal",
    text("香山工匠", "香山工匠", "Xiangshan Craftsman", "Artesão de Xiangshan"),
    ORGANISER,
)


async def proposed(*outputs: Output) -> tuple[UUID, list[UUID]]:
    await issuers()
    holder = await person()
    await tell(ResultFinal(result([holder], *(outputs or (LEVEL,)))))
    rows = await Proposal.select(Proposal.id).order_by(Proposal.kind)
    return holder, [row["id"] for row in rows]


async def grant(proposal: UUID, number: str = NUMBER, on: str = "2024-11-01") -> None:
    await actions.grant_proposal(SYSTEM, proposal, number=number, granted_on=on)
    await drain()


async def test_a_level_is_only_proposed_until_it_is_granted(database: Settings) -> None:
    _, (proposal,) = await proposed()
    assert await Certificate.count() == 0

    await grant(proposal)

    one = (await certificates_of(CONTEST))[0]
    document = from_json(from_base64url(one["token"].split(".")[1]))
    assert one["kind"] == "level"
    assert document["credentialSubject"]["licenseNumber"] == NUMBER
    assert document["credentialSubject"]["achievement"]["achievementType"] == "Certification"
    assert document["credentialSubject"]["achievement"]["humanCode"] == "4-03-02-03"
    assert document["issuer"]["id"].endswith(f"/issuers/{BODY}")
    assert document["awardedDate"] == "2024-11-01T00:00:00Z"
    assert (await verify_by_id(one["public_id"])).state is State.VALID


async def test_the_same_grant_told_again_issues_nothing(database: Settings) -> None:
    _, (proposal,) = await proposed()
    await grant(proposal)

    await tell(ProposalGranted(str(proposal), NUMBER, "2024-11-01"))

    assert await Certificate.count() == 1
    with pytest.raises(actions.ProposalDecided):
        await grant(proposal)


async def test_an_event_without_a_grant_issues_nothing(database: Settings) -> None:
    _, (proposal,) = await proposed()

    await tell(ProposalGranted(str(proposal), NUMBER, "2024-11-01"))

    assert await Certificate.count() == 0


@pytest.mark.parametrize(
    ("number", "on", "codes"),
    [
        ("", "2024-11-01", {"credentials.level-number"}),
        ("X" + NUMBER[1:], "2024-11-01", {"credentials.level-number"}),
        (NUMBER + "0", "2024-11-01", {"credentials.level-number"}),
        (NUMBER[:-1] + "٣", "2024-11-01", {"credentials.level-number"}),
        (NUMBER[:15] + "2" + NUMBER[16:], "2024-11-01", {"credentials.level-of-number"}),
        ("", "yesterday", {"credentials.level-number", "credentials.date"}),
        (NUMBER, "20241101", {"credentials.date"}),
    ],
)
async def test_a_wrong_grant_is_told_everything_at_once(
    database: Settings, number: str, on: str, codes: set[str]
) -> None:
    _, (proposal,) = await proposed()

    with pytest.raises(Invalid) as invalid:
        await grant(proposal, number, on)

    assert {finding.code for finding in invalid.value.findings} == codes
    assert await HeldLevel.count() == 0


async def test_a_number_belongs_to_one_certificate(database: Settings) -> None:
    _, (first,) = await proposed()
    await tell(ResultFinal(result([await person("李四")], LEVEL)))
    rows = await Proposal.select(Proposal.id).where(Proposal.id != first)
    await grant(first)

    with pytest.raises(Invalid, match="number-taken"):
        await grant(rows[0]["id"])

    still = await Proposal.select(Proposal.state).where(Proposal.id == rows[0]["id"]).first()
    assert still is not None
    assert still["state"] == "proposed"


async def test_only_a_filed_assessment_body_signs_a_level(database: Settings) -> None:
    _, (proposal,) = await proposed()
    await Organisation.update({Organisation.filing: ""}).where(Organisation.code == BODY)

    with pytest.raises(actions.NotFiled):
        await grant(proposal)
    await Organisation.update({Organisation.filing: "{}", Organisation.kind: "organiser"}).where(
        Organisation.code == BODY
    )
    with pytest.raises(actions.NotFiled):
        await grant(proposal)


async def test_granting_needs_a_right_on_the_issuer(database: Settings) -> None:
    _, (proposal,) = await proposed()
    other = Actor(None, "x", (GrantFacts(Role.ORGANISER, Scope("issuer", ORGANISER)),))
    installation = Actor(None, "x", (GrantFacts(Role.ADMINISTRATOR, Scope("installation")),))

    for actor in (other, installation):
        with pytest.raises(Forbidden):
            await actions.grant_proposal(actor, proposal, number=NUMBER, granted_on="2024-11-01")
    with pytest.raises(NotFound):
        await actions.grant_proposal(SYSTEM, UUID(int=0), number=NUMBER, granted_on="2024-11-01")


async def test_a_refused_proposal_is_never_granted(database: Settings) -> None:
    _, (proposal,) = await proposed()
    await actions.refuse_proposal(SYSTEM, proposal, reason="Not eligible")

    with pytest.raises(actions.ProposalDecided):
        await grant(proposal)

    assert await Certificate.count() == 0


async def test_a_correction_withdraws_what_is_only_proposed(database: Settings) -> None:
    await issuers()
    holder = await person()
    facts = result([holder], LEVEL)
    await tell(ResultFinal(facts))
    gone = replace(facts, outputs=(), result_version=2, correction="Disqualified")

    await tell(ResultFinal(gone))
    states = [row["state"] for row in await Proposal.select(Proposal.state)]
    await tell(ResultFinal(replace(facts, result_version=3)))

    assert states == ["withdrawn"]
    assert [row["state"] for row in await Proposal.select(Proposal.state)] == ["proposed"]


async def test_a_correction_questions_what_was_granted(database: Settings) -> None:
    await issuers()
    holder = await person()
    facts = result([holder], LEVEL)
    await tell(ResultFinal(facts))
    row = await Proposal.select(Proposal.id).first()
    assert row is not None
    await grant(row["id"])

    await tell(ResultFinal(replace(facts, outputs=(), result_version=2, correction="x")))

    states = [found["state"] for found in await Proposal.select(Proposal.state)]
    one = (await certificates_of(CONTEST))[0]
    assert states == ["questioned"]
    assert (await verify_by_id(one["public_id"])).state is State.VALID  # the authority decides


async def test_a_granted_honour_joins_the_record_and_is_signed(database: Settings) -> None:
    holder, (proposal,) = await proposed(HONOUR)

    await grant(proposal, number="")

    record = await person_record(holder)
    assert [h["kind"] for h in record["honours"]] == ["craftsman"]
    assert [c["kind"] for c in record["certificates"]] == ["honour"]
    assert [p["state"] for p in record["proposals"]] == ["granted"]
    assert await disclosed_honours(holder) == []


async def test_an_honour_that_is_signed_elsewhere_is_a_fact_of_the_record(
    database: Settings,
) -> None:
    holder, (proposal,) = await proposed(replace(HONOUR, issuer="guangdong_ftu"))

    await grant(proposal, number="")

    record = await person_record(holder)
    assert [h["authority"] for h in record["honours"]] == ["guangdong_ftu"]
    assert await Certificate.count() == 0
    assert await stuck() == []
    assert await waiting() == {}


async def test_the_bay_area_s_rules_propose_and_their_body_grants(database: Settings) -> None:
    await issuers()
    winner, outsider = await person(), await person("李四")
    rules = {"authorities": ("guangdong",), "contest_class": "gba"}

    await tell(
        ResultFinal(result([winner], FIRST, LEVEL, **rules)),
        ResultFinal(result([outsider], LEVEL, rank=None, **rules)),
    )

    rows = await Proposal.select(Proposal.person, Proposal.kind, Proposal.issuer, Proposal.state)
    levels = [row for row in rows if row["kind"] == "level"]
    assert [(row["person"], row["issuer"]) for row in levels] == [(winner, BODY)]
    assert {row["state"] for row in rows} == {"proposed"}
    assert {row["person"] for row in rows} == {winner}


async def test_a_record_joins_everything_a_person_holds(database: Settings) -> None:
    holder, _ = await proposed(LEVEL, HONOUR)
    for row in await Proposal.select(Proposal.id, Proposal.kind):
        await grant(row["id"], number=NUMBER if row["kind"] == "level" else "")

    await actions.record_honour(
        SYSTEM,
        holder,
        kind="model_worker",
        code="provincial-model-worker",
        grade="provincial",
        title=text(
            "广东省劳动模范", "廣東省勞動模範", "Guangdong Model Worker", "Trabalhador-modelo"
        ),
        authority="guangdong-government",
        authority_title=text("广东省人民政府", "廣東省人民政府", "Guangdong Government", "Governo"),
        granted_on="2020-05-01",
        source="粤府〔2020〕1号",
        disclosed=True,
    )
    record = await person_record(holder)
    assert {name: len(rows) for name, rows in record.items()} == {
        "certificates": 2,
        "levels": 1,
        "honours": 2,
        "proposals": 2,
        "earlier_results": 0,
        "applications": 0,
    }
    assert [h["kind"] for h in await disclosed_honours(holder)] == ["model_worker"]


async def test_an_honour_needs_a_source_and_a_person(database: Settings) -> None:
    await issuers()
    facts = {
        "kind": "hero",
        "code": "x",
        "grade": "",
        "title": text("甲", "甲", "A", "A"),
        "authority": ORGANISER,
        "authority_title": {},
        "granted_on": "soon",
        "source": " ",
        "disclosed": True,
    }

    with pytest.raises(Invalid) as invalid:
        await actions.record_honour(SYSTEM, UUID(int=1), **facts)  # type: ignore[arg-type]
    assert len(invalid.value.findings) == 3
    right = {**facts, "kind": "craftsman", "granted_on": "2020-01-01", "source": "x"}
    with pytest.raises(NotFound):
        await actions.record_honour(SYSTEM, UUID(int=1), **right)  # type: ignore[arg-type]
    assert await Honour.count() == 0


async def test_proposals_are_listed_in_pages(database: Settings) -> None:
    await proposed(LEVEL, HONOUR)

    first = await proposal_page(contest=CONTEST, state="proposed", limit=1, after="")
    rest = await proposal_page(contest=CONTEST, state="", limit=5, after=str(first[0]["id"]))

    assert len(first) == len(rest) == 1
    assert first[0]["id"] != rest[0]["id"]
    assert await proposal_page(contest="other", state="", limit=5, after="") == []
