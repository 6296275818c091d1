"""A body's list is taken back as a whole: what was signed already, or is rested on, stays and is named."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from core.db import transaction
from core.errors import Invalid, NotFound
from core.jobs import JobContext
from core.outbox import drain
from core.privacy import create_person
from core.security import SYSTEM, Role, Scope, actor_of
from core.settings import Settings
from core.tables import AuditEntry, Job
from credentials.records.levels.issued import taking_back
from credentials.records.levels.issued.reading import Line
from credentials.records.levels.issued.taking_back import RESTS, SIGNED, take_list_back
from credentials.records.levels.issued.work import grant_list, run
from credentials.records.tables import HeldLevel, Proposal
from credentials.tables import Certificate
from tests.credentials.facts import BODY, ORGANISER
from tests.credentials.records.person.test_joining import joined
from tests.credentials.records.test_issued_numbers import SECOND, carried_out, line, two
from tests.factories_accounts import log_in_browser, make_account

HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def granted_unsigned(*lines: Line) -> UUID:
    """The levels of a list, before anything of it is signed."""
    job = await grant_list(SYSTEM, BODY, lines or [line(), SECOND], only_right=False)
    row = await Job.select().where(Job.id == job).first()
    assert row is not None
    await Job.update({Job.state: "running"}).where(Job.id == job)
    await run(JobContext(row, SYSTEM))
    await Job.update({Job.state: "done"}).where(Job.id == job)
    return job


@pytest.mark.engine
async def test_an_unsigned_list_goes_back_whole_and_can_be_granted_again(
    database: Settings,
) -> None:
    await two()
    job = await granted_unsigned()

    with pytest.raises(Invalid) as counted:
        await take_list_back(SYSTEM, job, "3")
    done = await take_list_back(SYSTEM, job, "2")
    await drain()

    assert [one.code for one in counted.value.findings] == ["undo-count-differs"]
    assert done == (2, 0)
    assert await HeldLevel.count() == 0
    assert await Certificate.count().where(Certificate.kind == "level") == 0
    rows = await Proposal.select(Proposal.state, Proposal.granted_on)
    assert rows == [{"state": "proposed", "granted_on": ""}] * 2
    with pytest.raises(NotFound):
        await take_list_back(SYSTEM, job, "0")
    assert await AuditEntry.exists().where(AuditEntry.action == "level.list-taken-back")
    await carried_out(line(), SECOND)
    assert await Certificate.count().where(Certificate.kind == "level") == 2


@pytest.mark.engine
async def test_what_is_signed_or_rested_on_stays_and_says_why(database: Settings) -> None:
    await two()
    job = await carried_out(line())
    other = await granted_unsigned(SECOND)
    signed, unsigned = await HeldLevel.select().order_by(HeldLevel.number)
    own = await Proposal.select().where(Proposal.id == unsigned["proposal"]).first()
    assert own is not None
    later = {**own, "id": uuid4(), "state": "proposed", "created_at": datetime.now(UTC)}
    await Proposal.insert(Proposal(**later))

    _, of_first = await taking_back.standing(SYSTEM, job)
    _, of_second = await taking_back.standing(SYSTEM, other)

    assert [(one.row["id"], one.why) for one in of_first] == [(signed["id"], SIGNED)]
    assert [(one.row["id"], one.why) for one in of_second] == [(unsigned["id"], RESTS)]
    assert await take_list_back(SYSTEM, job, "0") == (0, 1)
    assert await HeldLevel.count() == 2


@pytest.mark.engine
async def test_what_another_record_of_the_holder_was_proposed_for_rests_on_it_too(
    database: Settings,
) -> None:
    await two()
    job = await granted_unsigned(SECOND)
    (level,) = await HeldLevel.select()
    own = await Proposal.select().where(Proposal.id == level["proposal"]).first()
    assert own is not None
    async with transaction():
        other = await create_person(name="张伟")
    await joined(other, level["person"])
    now = datetime.now(UTC)
    later = {**own, "id": uuid4(), "person": other, "state": "proposed", "created_at": now}
    await Proposal.insert(Proposal(**later))

    assert await take_list_back(SYSTEM, job, "0") == (0, 1)


async def test_only_the_body_takes_its_list_back(database: Settings) -> None:
    await two()
    job = await granted_unsigned()
    other = await actor_of(await make_account((Role.ORGANISER, Scope("issuer", ORGANISER))))
    own = await actor_of(await make_account((Role.ORGANISER, Scope("issuer", BODY))))

    with pytest.raises(NotFound):
        await take_list_back(other, job, "2")

    assert await taking_back.lists_for(other) == []
    (listed,) = await taking_back.lists_for(own)
    assert (listed.id, listed.issuer, listed.levels) == (job, BODY, 2)


async def test_the_page_names_each_level_and_asks_first(client: httpx.AsyncClient) -> None:
    await two()
    job = await granted_unsigned()
    csrf = await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", BODY))))

    lists = await client.get("/console/levels/lists", headers=HTML)
    page = await client.get(f"/console/levels/lists/{job}", headers=HTML)
    back = f"/console/levels/lists/{job}/back"
    wrong = await client.post(back, data={"csrf_token": csrf, "count": "9"}, headers=HTML)
    done = await client.post(back, data={"csrf_token": csrf, "count": "2"}, headers=HTML)
    after = await client.get("/console/levels/lists", headers=HTML)

    assert f"/console/levels/lists/{job}" in lists.text
    assert "张伟" in page.text
    assert re.search(r'name="count"[^>]*pattern="2"', page.text)
    assert wrong.status_code != 303
    assert done.headers["location"].endswith("/console/levels/lists")
    assert "No list was granted yet" in after.text
