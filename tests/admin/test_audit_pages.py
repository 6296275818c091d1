"""Every change can be found by person, contest, time and kind, by who may read it and nobody else."""

from __future__ import annotations

import csv
import io
import re
from uuid import UUID, uuid4

import httpx
import pytest

from admin.console.audit.words import FIELDS, GROUPS, OTHER
from contests.tables import LogEntry
from contests.trail import LOG, Cursor, Wanted, changes, cursor_of, sight_of
from core import audit, jobs, outbox, undo
from core.db import transaction
from core.errors import Forbidden, Invalid, NotFound
from core.security import INSTALLATION, Role, Scope, actor_of
from core.settings import Settings
from core.tables import AuditEntry, Organisation
from core.web.i18n import LANGUAGES, SOURCE, catalogue
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import SmallContest, small_contest

HTML = {"Accept": "text/html"}


async def a_contest_and_another() -> tuple[SmallContest, SmallContest]:
    one, other = await small_contest(), await small_contest()
    await one.judge_everything()
    return one, other


async def of_organisation(small: SmallContest, role: Role = Role.ORGANISER) -> UUID:
    return await make_account((role, Scope("organisation", str(small.organisation))))


@pytest.mark.engine
async def test_log_and_audit_are_read_together_page_by_page_and_nothing_is_left_out(
    database: Settings,
) -> None:
    await a_contest_and_another()
    sight = await sight_of(await actor_of(await make_account(Role.ADMINISTRATOR)))

    seen, cursor = [], None
    while True:
        page, cursor = await changes(sight, Wanted(), after=cursor, limit=7)
        seen += page
        if cursor is None:
            break
        assert cursor_of(str(cursor)) == cursor

    assert len(seen) == await AuditEntry.count() + await LogEntry.count()
    assert len({change.id for change in seen}) == len(seen)
    assert [change.at for change in seen] == sorted((c.at for c in seen), reverse=True)


@pytest.mark.engine
async def test_a_reader_sees_what_lies_within_his_scope_only(database: Settings) -> None:
    one, other = await a_contest_and_another()
    of_one = await sight_of(await actor_of(await of_organisation(one)))
    supervisor = await sight_of(await one.actor("supervisor"))
    judge = await sight_of(one.judges[0].actor)

    everything, _ = await changes(of_one, Wanted(), limit=10_000)
    watched, _ = await changes(supervisor, Wanted(), limit=10_000)

    own = {str(one.contest), str(one.competition), str(one.organisation)}
    assert {change.scope.id for change in everything} <= own
    assert any(change.source == LOG and change.action == "sheet" for change in everything)
    assert {change.scope.id for change in watched} <= own
    assert (await changes(judge, Wanted(), limit=10))[0] == []
    forced, _ = await changes(of_one, Wanted(contest=other.contest), limit=10)
    assert forced == []


@pytest.mark.engine
async def test_changes_are_found_by_person_kind_and_time(database: Settings) -> None:
    one, _ = await a_contest_and_another()
    sight = await sight_of(await actor_of(await make_account(Role.ADMINISTRATOR)))
    chief = (await one.actor("chief")).account

    by_person, _ = await changes(sight, Wanted(person="CHIEF", contest=one.contest), limit=999)
    by_kind, _ = await changes(sight, Wanted(actions=frozenset({"drawn"})), limit=999)
    earlier, _ = await changes(sight, Wanted(before=one.at, contest=one.contest), limit=999)
    nobody, _ = await changes(sight, Wanted(person="no such person %"), limit=999)

    assert {change.account for change in by_person} == {chief}
    assert {change.action for change in by_kind} == {"drawn"}
    assert all(change.at < one.at for change in earlier)
    assert nobody == []


async def test_the_page_says_who_did_what_before_and_after(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    account = await of_organisation(small)
    await log_in_browser(client, account)
    async with transaction():
        await audit.record(
            await actor_of(account),
            "grant.revoked",
            scope=Scope("contest", str(small.contest)),
            before={"role": "chief_referee"},
            after={"reason": "left"},
        )

    page = await client.get("/console/audit?lang=en", headers=HTML)
    only = await client.get("/console/audit?lang=en&kind=accounts&since=2020-01-01", headers=HTML)
    past = await client.get("/console/audit?until=2001-01-01", headers=HTML)
    of_contest = await client.get(f"/console/contests/{small.contest}/audit", headers=HTML)
    chinese = await client.get("/console/audit?lang=zh-Hans&kind=accounts", headers=HTML)

    assert (page.status_code, of_contest.status_code) == (200, 200)
    assert "A role was taken back." in page.text
    assert "Role: chief referee" in page.text
    assert "Entrants were registered." in page.text
    assert "Entrants were registered." not in only.text
    assert 'class="empty"' in past.text
    assert "角色: 裁判长" in chinese.text
    assert "{" not in re.sub(r"<[^>]*>", "", chinese.text)


async def test_the_audit_is_shown_to_no_stranger(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    other = await small_contest(until="draft")
    await log_in_browser(client, small.judges[0].account)
    assert (await client.get("/console/audit", headers=HTML)).status_code == 403

    await log_in_browser(client, await of_organisation(other))
    foreign = await client.get(f"/console/contests/{small.contest}/audit", headers=HTML)
    assert foreign.status_code == 403


async def test_the_export_opens_in_a_spreadsheet_and_runs_no_formula(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    account = await of_organisation(small)
    token = await log_in_browser(client, account)
    by = await actor_of(account)
    scope = Scope("contest", str(small.contest))
    async with transaction():
        await audit.record(by, "withdraw_entrant", scope=scope, subject="=HYPERLINK(1)")

    answer = await client.post("/console/audit/export", data={"csrf_token": token, "kind": ""})
    await outbox.drain()
    job = UUID(answer.headers["location"].rsplit("/", 1)[1])
    file = await jobs.result_of(by, job)

    assert file.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert len(rows[0]) == 7
    assert any("'=HYPERLINK(1)" in row for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert await AuditEntry.exists().where(AuditEntry.action == "audit.exported")


@pytest.mark.parametrize("text", ["", "x", "2024-01-01|1", "2024-01-01T00:00:00+00:00|-1", "|"])
def test_a_place_that_is_none_starts_at_the_newest(text: str) -> None:
    assert cursor_of(text) is None


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_every_sentence_of_the_record_is_translated(language: str) -> None:
    wanted = {OTHER, *FIELDS.values()}
    for title, sentences in GROUPS.values():
        wanted |= {title, *sentences.values()}

    assert wanted - set(catalogue(language)) == set()


# --- taking back -------------------------------------------------------------------------------


async def _close(by: object, params: object) -> None:
    await Organisation.delete().where(Organisation.code == "made-in-bulk")


KIND = undo.UndoKind(f"test-{uuid4().hex}", "audit.read", _close)


@pytest.mark.engine
async def test_what_was_done_is_taken_back_once_by_who_may(database: Settings) -> None:
    undo.register(KIND)
    scope = Scope("organisation", str(uuid4()))
    by = await actor_of(await make_account((Role.ORGANISER, scope)))
    stranger = await actor_of(await make_account())
    async with transaction():
        made = await undo.remember(by, KIND.name, scope, {}, title="Entrants were registered.")

    with pytest.raises(Forbidden):
        await undo.take_back(stranger, made)
    assert await undo.undoable_for(stranger) == []
    assert [one.id for one in await undo.undoable_for(by, scope=scope)] == [made]
    await undo.take_back(by, made)
    with pytest.raises(undo.TooLateToUndo):
        await undo.take_back(by, made)
    with pytest.raises(NotFound):
        await undo.take_back(by, uuid4())


async def test_a_way_back_that_fails_changes_nothing_and_stays_open(database: Settings) -> None:
    async def fail(by: object, params: object) -> None:
        raise Invalid

    kind = undo.UndoKind(f"test-{uuid4().hex}", "audit.read", fail)
    undo.register(kind)
    by = await actor_of(await make_account(Role.ADMINISTRATOR))
    async with transaction():
        made = await undo.remember(by, kind.name, INSTALLATION, {}, title="Changes")

    with pytest.raises(Invalid):
        await undo.take_back(by, made)
    assert (await undo.undoable_for(by))[0].done_at is None


async def test_taking_back_has_a_page_and_a_button(client: httpx.AsyncClient) -> None:
    undo.register(KIND)
    account = await make_account(Role.ADMINISTRATOR)
    token = await log_in_browser(client, account)
    by = await actor_of(account)
    async with transaction():
        made = await undo.remember(
            by, KIND.name, INSTALLATION, {}, title="Entrants were registered."
        )

    page = await client.get("/console/undo", headers=HTML)
    address = undo.address_of(made)
    done = await client.post(address, data={"csrf_token": token}, headers=HTML)
    twice = await client.post(address, data={"csrf_token": token}, headers=HTML)

    assert f'action="{address}"' in page.text
    assert (done.status_code, twice.status_code) == (303, 409)
    assert 'role="alert"' in twice.text
    assert f'action="{address}"' not in twice.text


@pytest.mark.parametrize("typed", ["", "23", "24 ", "all"])
def test_the_number_of_things_must_be_typed(typed: str) -> None:
    if typed.strip() == "24":
        undo.same_count(typed, 24)
        return
    with pytest.raises(Invalid) as refused:
        undo.same_count(typed, 24)
    assert refused.value.findings[0].code == "undo-count-differs"


def test_a_cursor_survives_its_text() -> None:
    found = cursor_of("2024-10-10T08:00:00+00:00|3")

    assert found is not None
    assert str(found) == "2024-10-10T08:00:00+00:00|3"
    assert isinstance(found, Cursor)
