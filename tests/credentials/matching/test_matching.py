"""From a need to its confirmed result, step by step, and every step that is refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from core import undo
from core.errors import Forbidden, Invalid, NotFound
from core.privacy import erase_person
from core.settings import Settings
from core.tables import AuditEntry, OutboxMessage
from credentials.matching import (
    contacts,
    craftsmen,
    dispatching,
    enterprises,
    leaving,
    needs,
    working,
)
from credentials.matching.dispatching import accept, decline, dispatch_need, offers_of, take_back
from credentials.matching.searching import Wanted, search
from credentials.matching.states import NEED, OfferAnswered, WrongStep, need_after
from credentials.matching.tables import Benefit, Craftsman, CraftsmanConsent, Dispatch
from credentials.matching.working import Gained
from tests.credentials.matching.kit import (
    ADDRESS,
    COMPANY,
    CONSENT,
    CRAFTSMAN,
    PROFILE,
    TELEPHONE,
    THEIR_TELEPHONE,
    WELDER,
    Union,
    certificate,
    enterprise,
    filed,
    holder,
    listed,
    open_links,
    state_of,
    union,
)  # fmt: skip
from tests.credentials.matching.kit import (
    NEED as DRAFT,
)

pytestmark = pytest.mark.engine
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


async def offered(house: Union, need: UUID, *who: UUID) -> list[UUID]:
    await dispatch_need(house.office, house.id, need, craftsmen=who)
    rows = {row["craftsman"]: row["id"] for row in await offers_of(need)}
    return [rows[one] for one in who]


async def test_a_need_goes_from_filing_to_a_confirmed_result_and_every_step_is_on_record(
    database: Settings,
) -> None:
    house = await union()
    who, need = await listed(house), await filed(house)
    [offer] = await offered(house, need, who)

    await accept(CRAFTSMAN, offer)
    today = working.local_day(datetime.now(UTC))
    await working.enter_visit(CRAFTSMAN, offer, day=today, hours="2.6")
    await working.report(CRAFTSMAN, offer, result="solved", text="夹具改好了。")
    await working.object_to(COMPANY, need)
    await working.report(CRAFTSMAN, offer, result="solved", text="夹具又改好了。")
    gained = [Gained("120000.5", "cny", b"minutes of the meeting"), Gained("-3", "percent")]
    await working.confirm(COMPANY, need, gained)

    row = await needs.need_row(need)
    assert (row["state"], row["result"]) == ("confirmed", "solved")
    assert [one["minutes"] for one in await working.visits_of(need)] == [165]
    stated = {one["unit"]: one for one in await Benefit.select()}
    assert (stated["cny"]["thousandths"], stated["percent"]["thousandths"]) == (120_000_500, -3000)
    assert stated["cny"]["evidence_hash"] == hashlib.sha256(b"minutes of the meeting").hexdigest()
    assert stated["percent"]["evidence_hash"] == ""
    noted = await AuditEntry.select().where(AuditEntry.scope_id == str(house.id))
    assert {
        "craftsman.entered", "enterprise.invited", "need.filed", "need.dispatched", "offer.accepted",
        "visit.entered", "need.reported", "need.objected", "need.confirmed",
    } <= {one["action"] for one in noted}  # fmt: skip
    assert not any(TELEPHONE in str(one) or THEIR_TELEPHONE in str(one) for one in noted)


@pytest.mark.parametrize("step", sorted({step for _, step in NEED}))
def test_a_step_that_is_not_in_the_table_is_refused(step: str) -> None:
    states = {state for state, _ in NEED} | set(NEED.values())
    for state in states:
        if (state, step) not in NEED:
            with pytest.raises(WrongStep):
                need_after(state, step)


async def test_nobody_sees_a_contact_before_acceptance_and_each_only_the_other_s_after_it(
    database: Settings,
) -> None:
    house = await union()
    first, second = await listed(house), await listed(house, await holder("王师傅"))
    need = await filed(house, replace(DRAFT, wanted="1"))
    one, other = await offered(house, need, first, second)

    async def seen() -> tuple[object, object, int]:
        row = await needs.need_row(need)
        mine = await contacts.of_enterprise(row, await dispatching.offer_row(one), NOW)
        his = await contacts.of_enterprise(row, await dispatching.offer_row(other), NOW)
        return mine, his, len(await contacts.of_craftsmen(row, NOW))

    before = await seen()
    await accept(CRAFTSMAN, one)
    mine, his, theirs = await seen()

    assert before == (None, None, 0)
    assert (mine.telephone, mine.address) == (THEIR_TELEPHONE, ADDRESS)
    assert (his, theirs) == (None, 1)  # the other one is not needed any more
    assert (await dispatching.offer_row(other))["state"] == "passed"
    with pytest.raises(OfferAnswered):
        await accept(CRAFTSMAN, other)
    elsewhere = await filed(house)
    row = await needs.need_row(elsewhere)
    assert await contacts.of_enterprise(row, await dispatching.offer_row(one), NOW) is None


async def test_contact_is_hidden_again_some_days_after_the_end(database: Settings) -> None:
    house = await union()
    need = await filed(house, company=await enterprise(house, contact_days=7))
    [offer] = await offered(house, need, await listed(house))
    await accept(CRAFTSMAN, offer)
    await needs.close_need(house.office, house.id, need)

    row, now = await needs.need_row(need), datetime.now(UTC)
    open_, over = now + timedelta(days=6, hours=23), now + timedelta(days=7, minutes=1)

    given = await dispatching.offer_row(offer)
    assert await contacts.of_enterprise(row, given, open_) is not None
    assert len(await contacts.of_craftsmen(row, open_)) == 1
    assert await contacts.of_enterprise(row, given, over) is None
    assert await contacts.of_craftsmen(row, over) == []


async def test_who_gives_up_sees_nothing_from_then_on_and_the_need_is_open_again(
    database: Settings,
) -> None:
    house = await union()
    need = await filed(house)
    [offer] = await offered(house, need, await listed(house))
    await accept(CRAFTSMAN, offer)

    await dispatching.leave(CRAFTSMAN, offer)

    row = await needs.need_row(need)
    assert row["state"] == "filed"
    assert await contacts.of_enterprise(row, await dispatching.offer_row(offer), NOW) is None
    assert await contacts.of_craftsmen(row, NOW) == []


async def test_offers_are_taken_back_before_acceptance_one_by_one_or_all_at_once(
    database: Settings,
) -> None:
    house = await union()
    first, second = await listed(house), await listed(house, await holder("王师傅"))
    need = await filed(house, replace(DRAFT, wanted="2"))
    sent = await dispatch_need(house.office, house.id, need, craftsmen=[first, second])
    rows = {row["craftsman"]: row["id"] for row in await offers_of(need)}

    await take_back(house.office, house.id, rows[first])
    after_one = await state_of(need)
    await undo.take_back(house.office, sent.undo)

    assert (after_one, await state_of(need)) == ("dispatched", "filed")
    assert (await open_links(first), await open_links(second)) == (0, 0)
    with pytest.raises(OfferAnswered):
        await accept(CRAFTSMAN, rows[second])
    again = await dispatch_need(house.office, house.id, need, craftsmen=[first])
    [live] = [row for row in await offers_of(need) if row["state"] == "waiting"]
    await accept(CRAFTSMAN, live["id"])
    with pytest.raises(OfferAnswered):
        await take_back(house.office, house.id, live["id"])
    with pytest.raises(undo.TooLateToUndo):
        await undo.take_back(house.office, again.undo)


async def test_a_need_that_everybody_declines_is_open_again(database: Settings) -> None:
    house = await union()
    first, second = await listed(house), await listed(house, await holder("王师傅"))
    need = await filed(house)
    one, other = await offered(house, need, first, second)

    await decline(CRAFTSMAN, one)
    halfway = await state_of(need)
    await decline(CRAFTSMAN, other)

    assert (halfway, await state_of(need)) == ("dispatched", "filed")


async def test_a_union_s_office_touches_nothing_of_another_s(database: Settings) -> None:
    house, other = await union(), await union("another-union")
    who, need = await listed(house), await filed(house)
    [offer] = await offered(house, need, who)

    for refused in (
        dispatch_need(other.office, house.id, need, craftsmen=[who]),
        search(other.office, house.id, Wanted(), limit=5),
        contacts.for_office(other.office, house.id, who),
        contacts.for_office(house.clerk, house.id, who),
        dispatch_need(house.clerk, house.id, need, craftsmen=[who]),
    ):
        with pytest.raises(Forbidden):
            await refused
    for unknown in (
        dispatch_need(other.office, other.id, need, craftsmen=[who]),
        take_back(other.office, other.id, offer),
        needs.close_need(other.office, other.id, need),
        contacts.for_office(other.office, other.id, who),
        enterprises.invite_again(
            other.office, other.id, (await needs.need_row(need))["enterprise"]
        ),
    ):
        with pytest.raises(NotFound):
            await unknown
    mine = await filed(other)
    with pytest.raises(Invalid):
        await dispatch_need(other.office, other.id, mine, craftsmen=[who])
    assert await search(other.office, other.id, Wanted(), limit=5) == []
    assert len(await search(house.clerk, house.id, Wanted(), limit=5)) == 1


async def test_everything_wrong_in_a_need_is_said_at_once_and_nothing_is_kept(
    database: Settings,
) -> None:
    house = await union()
    company = await enterprise(house)
    wrong = replace(
        DRAFT,
        city="999999",
        from_day="2026-13-01",
        wanted="0",
        problem="请电 139 0000 4711 或 a@b.cn",
        telephone="call me",
        email="at home",
    )

    with pytest.raises(Invalid) as said:
        await needs.file_need(COMPANY, company, wrong)

    assert [finding.pointer for finding in said.value.findings] == [
        "/city", "/from_day", "/wanted", "/problem", "/telephone", "/email",
    ]  # fmt: skip
    assert await needs.needs_of_enterprises([company]) == []
    for harmless in ("2026-11-30 至 2026-12-04，每天 8 小时", "板厚 1.5–3 mm，产量 120000 件"):
        await needs.file_need(COMPANY, company, replace(DRAFT, problem=harmless))


async def test_a_number_without_its_name_opens_nothing(database: Settings) -> None:
    house = await union()
    person = await holder("陈师傅")
    number = await certificate(person)
    enter = craftsmen.enter_craftsman

    for typed in (("7K3M9QXT2F4H", "王师傅"), ("222222222222", "陈师傅"), (number, "")):
        with pytest.raises(Invalid) as said:
            await enter(house.office, house.id, number=typed[0], name=typed[1])
        assert [finding.code for finding in said.value.findings] == ["matching.not-together"]
    id = await enter(house.office, house.id, number=number, name="陈 师傅")
    assert await search(house.office, house.id, Wanted(), limit=5) == []
    await craftsmen.agree(CRAFTSMAN, id, PROFILE, agrees=True)
    assert [one.name for one in await search(house.office, house.id, Wanted(), limit=5)] == [
        "陈师傅"
    ]


async def test_consent_is_kept_with_wording_and_day_and_withdrawn_as_easily(
    database: Settings,
) -> None:
    house = await union()
    who, need = await listed(house), await filed(house)
    [offer] = await offered(house, need, who)

    await leaving.stop_being_found(CRAFTSMAN, who)

    [kept] = await CraftsmanConsent.select()
    assert (kept["wording"], kept["source"]) == (1, CONSENT)
    assert kept["given_at"] < kept["withdrawn_at"]
    assert await search(house.office, house.id, Wanted(), limit=5) == []
    assert (await dispatching.offer_row(offer))["state"] == "passed"
    assert await state_of(need) == "filed"
    with pytest.raises(Invalid):
        await dispatch_need(house.office, house.id, need, craftsmen=[who])
    await craftsmen.agree(CRAFTSMAN, who, PROFILE, agrees=True)
    assert len(await search(house.office, house.id, Wanted(trade=WELDER), limit=5)) == 1


async def test_an_erased_person_is_on_no_registry_and_a_forgotten_enterprise_reads_as_nothing(
    database: Settings,
) -> None:
    house = await union()
    person, company = await holder(), await enterprise(house)
    who, need = await listed(house, person), await filed(house, company=company)
    [offer] = await offered(house, need, who)
    await accept(CRAFTSMAN, offer)

    await erase_person(person)
    await enterprises.forget_enterprise(house.office, house.id, company)

    assert await Craftsman.count() == await CraftsmanConsent.count() == 0
    assert (await Dispatch.select().first())["state"] == "left"
    assert await state_of(need) == "filed"
    row = await needs.need_row(need)
    assert row["sealed_words"] is None
    assert await needs.names_of_enterprises([row]) == {company: ""}
    with pytest.raises(NotFound):
        await needs.file_need(COMPANY, company, DRAFT)


async def test_nothing_is_sent_to_anybody_by_itself(database: Settings) -> None:
    house = await union()
    need = await filed(house)
    [offer] = await offered(house, need, await listed(house))
    await accept(CRAFTSMAN, offer)

    assert await OutboxMessage.count() == 0
    with pytest.raises(NotFound):
        await needs.need_row(uuid4())
