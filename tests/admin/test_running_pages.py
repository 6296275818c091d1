"""The pages of a running contest over plain HTTP: forms that call the verbs, keep what was typed, say
what is wrong at its field, and can be taken back."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest

from admin.console.rooms import ROOMS, Level
from admin.console.running import recheck, way
from admin.console.running.duty_routes import DUTIES
from admin.console.running.hall import hall_of
from admin.console.running.words import COPIES, FINDINGS, PENALTIES, STAMPS, STATUSES, TAKEN_BACK
from contests.actions import draw
from contests.actions.check_in import arrivals_of
from contests.following.copies import COPIES as CODES
from contests.remembered import replayed
from contests.stamps import timed
from contests.tables import Approval
from core.accounts import create_session
from core.scoring.model import Finding, TiePolicy
from core.web.i18n import LANGUAGES, SOURCE, catalogue
from tests.factories_contests import SmallContest, dish_rules, small_contest

HTML = {"Accept": "text/html", "Accept-Language": "en"}
TECHNICAL = re.compile(r"\b(hash|token|JWS|SHA-256|JSON|DNS|DNF|DSQ)\b")


class Reader:
    """One account in a browser without scripts."""

    def __init__(self, client: httpx.AsyncClient, small: SmallContest) -> None:
        self.client = client
        self.small = small
        self.base = f"/console/contests/{small.contest}"

    async def come(self, name: str) -> Reader:
        account = self.small.accounts.get(name) or self.small.judges[0].account
        self.client.cookies.clear()
        self.client.cookies.set("jiangxin", await create_session(account))
        return self

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(self._at(path), headers=HTML)

    async def post(self, path: str, page: str = "", **data: object) -> httpx.Response:
        """With the token of a page that has a form."""
        shown = await self.get(page or path)
        found = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
        assert found is not None, shown.text[:400]
        body = {"csrf_token": found.group(1), **data}
        return await self.client.post(self._at(path), data=body, headers=HTML)

    def _at(self, path: str) -> str:
        return path if path.startswith("/console") else self.base + path


def undo_in(page: str) -> str:
    found = re.search(r'role="status">.*?action="([^"]+)"', page, re.DOTALL)
    assert found is not None
    return found.group(1)


async def test_every_page_of_every_room_answers_in_every_state_without_technical_words(
    client: httpx.AsyncClient,
) -> None:
    for until in ("draft", "ready", "judging", "closed", "published"):
        small = await small_contest(until=until if until in ("draft", "ready") else "judging")
        if until in ("closed", "published"):
            await small.judge_everything()
            await small.close()
        if until == "published":
            await small.sign()
            await small.publish()
        reader = await Reader(client, small).come("organiser")
        own = [r.path for r in ROOMS if r.level is Level.CONTEST and r.code in MINE]
        for path in ["", *own, *(duty.path for duty in DUTIES), "/console/approvals"]:
            page = await reader.get(path)
            words = re.sub(r"<[^>]+>", " ", page.text)

            assert page.status_code in (200, 403), (until, path)
            assert page.status_code == 200 or path in FOR_OTHERS, (until, path)
            assert not TECHNICAL.search(words), (until, path, TECHNICAL.search(words))
            assert "{" not in words, (until, path)
            assert 'style="' not in page.text


MINE = {
    "checkin",
    "draws",
    "marking",
    "clock",
    "incidents",
    "recheck",
    "appeals",
    "signing",
    "publication",
    "leader",
    "share",
}
FOR_OTHERS: set[str] = set()


@pytest.mark.usefixtures("database")
async def test_an_unmet_condition_leads_to_its_cure() -> None:
    small = await small_contest(until="ready")
    row = f"/console/contests/{small.contest}"
    paths = [r.path for r in ROOMS if r.level is Level.CONTEST]
    for pointer, path in (
        ("/appeals", "/appeals"),
        ("/signatures", "/signing"),
        ("/notice_until", "/publication"),
        ("/codes", "/draws"),
        ("/awards/0", "/signing"),
    ):
        found = way.cure(str(small.contest), Finding(pointer, "x", {}), paths=paths, control=True)
        assert found == row + path
    sheet = Finding("/sheets", "sheet-missing", {})
    assert way.cure("c", sheet, paths=paths, control=True) == "/judging/control/c"
    assert way.cure("c", sheet, paths=paths, control=False) == ""
    assert way.cure("c", Finding("/appeals", "x", {}), paths=["/people"], control=True) == ""


async def test_the_contest_page_links_what_is_missing_and_every_step_of_the_way(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    reader = await Reader(client, small).come("chief")

    page = await reader.get("")

    assert f"/judging/control/{small.contest}" in page.text
    assert "Put it right" in page.text
    for path in ("/draws", "/check-in", "/clock", "/incidents", "/recheck", "/signing"):
        assert f'href="{reader.base}{path}"' in page.text
    assert page.text.count("<li") < 200


async def test_entrants_are_checked_in_together_and_taken_back(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="drawn", entrants=3)
    reader = await Reader(client, small).come("clerk")
    chosen = [str(entry) for entry in small.entries[:2]]

    answer = await reader.post("/check-in", entry=chosen, status="present")
    assert answer.status_code == 303
    page = await reader.get("/check-in")
    assert set(await arrivals_of(small.contest)) == set(chosen)
    back = await reader.post(undo_in(page.text), page="/check-in")

    assert back.status_code == 303
    assert await arrivals_of(small.contest) == {}


async def test_a_check_in_of_nobody_says_so_and_a_judge_may_not(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="drawn")
    reader = await Reader(client, small).come("clerk")

    answer = await reader.post("/check-in", status="present")

    assert answer.status_code == 422
    assert "Nobody is chosen" in answer.text
    await reader.come("judge")
    assert (await reader.get("/check-in")).status_code == 403


async def test_the_check_in_list_is_searched_and_shown_in_pages(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="drawn", entrants=70)
    reader = await Reader(client, small).come("organiser")

    first, second = await reader.get("/check-in"), await reader.get("/check-in?page=2")
    found = await reader.get("/check-in?q=选手69-0")

    assert first.text.count('name="entry"') == 60
    assert second.text.count('name="entry"') == 10
    assert found.text.count('name="entry"') == 1
    await reader.come("clerk")
    assert "选手" not in (await reader.get("/check-in")).text


async def test_an_absence_a_late_entrant_and_a_reserve_wait_for_a_second_person(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="drawn", reserves=1)
    reader = await Reader(client, small).come("organiser")

    wrong = await reader.post("/check-in/absence", entry="99", reason="ill & at home")
    assert wrong.status_code == 422
    assert "Nobody has the number 99" in wrong.text
    assert "ill &amp; at home" in wrong.text
    assert (await reader.post("/check-in/absence", entry="2", reason="ill")).status_code == 303
    sent = await reader.post("/check-in/reserve", absent="1", reserve="5", reason="ill")
    assert sent.status_code == 303
    nameless = await reader.post("/check-in/late", name="", reason="the bus was late")
    assert nameless.status_code == 422
    assert "the bus was late" in nameless.text
    assert (await reader.post("/check-in/late", name="Late", reason="bus")).status_code == 303
    verbs = {row["verb"] for row in await Approval.select(Approval.verb)}
    assert verbs == {"record_absence", "use_reserve", "add_late_entrant"}

    await reader.come("chief")
    inbox = await reader.get("/console/approvals")
    assert inbox.text.count('value="yes"') == 2
    assert "ill" in inbox.text
    first = re.findall(r'action="(/console/approvals/[^"]+)"', inbox.text)[0]
    done = await reader.post(first, page="/console/approvals", approve="yes")

    assert done.status_code == 303
    assert (str(small.entries[1]), "") in (await replayed(small.contest)).absent


async def test_nobody_approves_what_he_asked_for_but_may_withdraw_it(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="ready")
    reader = await Reader(client, small).come("organiser")
    await reader.post("/draws", module="dish")
    inbox = await reader.get("/console/approvals")
    address = re.findall(r'action="(/console/approvals/[^"]+)"', inbox.text)[0]

    refused = await reader.post(address, page="/console/approvals", approve="yes")
    withdrawn = await reader.post(address, page="/console/approvals", approve="no")

    assert refused.status_code == 403
    assert withdrawn.status_code == 303
    assert "Nothing waits for you." in (await reader.get("/console/approvals")).text


async def test_what_waits_elsewhere_is_neither_shown_nor_decided(client: httpx.AsyncClient) -> None:
    small, other = await small_contest(until="ready"), await small_contest(until="ready")
    reader = await Reader(client, small).come("organiser")
    await reader.post("/draws", module="dish")
    asked = (await Approval.select(Approval.id).first())["id"]  # type: ignore[index]
    stranger = await Reader(client, other).come("organiser")

    inbox = await stranger.get("/console/approvals")
    answer = await stranger.post(
        f"/console/approvals/{asked}", page=f"{stranger.base}/leader", approve="yes"
    )

    assert str(asked) not in inbox.text
    assert answer.status_code == 403


async def test_a_draw_is_asked_for_and_approved_and_its_codes_shown_without_owners(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="ready")
    reader = await Reader(client, small).come("encryption")
    assert (await reader.post("/draws", module="dish")).status_code == 303
    again = await reader.get("/draws")
    assert "Another person has to approve it" in again.text
    await reader.come("supervisor")
    inbox = await reader.get("/console/approvals")
    address = re.findall(r'action="(/console/approvals/[^"]+)"', inbox.text)[0]
    await reader.post(address, page="/console/approvals", approve="yes")

    page = await reader.get("/draws")

    codes = (await small.codes())["dish"]
    assert all(code in page.text for code in codes)
    assert not any(entry in page.text for entry in codes.values())


async def test_a_draw_on_paper_is_typed_by_number_with_every_finding_at_once(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="ready", entrants=2)
    reader = await Reader(client, small).come("encryption")

    wrong = await reader.post("/draws/paper", module="dish", codes="1 A7\n9 B2\n2")
    right = await reader.post("/draws/paper", module="dish", codes="1 A7\n2 B2\n")

    assert wrong.status_code == 422
    assert "Nobody has the number 9" in wrong.text
    assert "1 A7" in wrong.text
    assert right.status_code == 303


async def test_marking_is_started_and_ends_only_when_nothing_is_missing(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="drawn")
    reader = await Reader(client, small).come("chief")
    assert (await reader.post("/marking")).status_code == 303
    assert await small.state() == "judging"
    early = await reader.post("/marking/end")
    assert early.status_code == 409
    assert early.text.count("is missing") >= 8

    other = await small_contest()
    await other.judge_everything()
    reader = await Reader(client, other).come("chief")

    assert (await reader.post("/marking/end")).status_code == 303
    assert (await replayed(other.contest)).judging_ended


async def test_a_penalty_keeps_what_was_typed_and_is_taken_back_by_a_new_entry(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    reader = await Reader(client, small).come("chief")
    code = await small.code_of(small.entries[0])
    typed = {"module": "dish", "code": "nowhere", "scope": "points", "points": "２，５"}

    wrong = await reader.post("/incidents", **typed, reason="knife left <open>")
    right = await reader.post("/incidents", **{**typed, "code": code}, reason="knife")
    page = await reader.get("/incidents")
    given = (await replayed(small.contest)).penalties
    back = await reader.post(undo_in(page.text), page="/incidents")

    assert wrong.status_code == 422
    assert "knife left &lt;open&gt;" in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert right.status_code == 303
    assert [p.points for p in given] == [2500]
    assert back.status_code == 303
    assert (await replayed(small.contest)).penalties == ()


async def test_a_status_an_attempt_and_votes_are_recorded(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    reader = await Reader(client, small).come("chief")
    code = await small.code_of(small.entries[0])

    status = await reader.post("/incidents/statuses", module="dish", code=code, status="DNF")
    page = await reader.get("/incidents/statuses")
    assert status.status_code == 303
    assert "Not finished" in page.text
    back = await reader.post(undo_in(page.text), page="/incidents")
    assert back.status_code == 303
    assert (await replayed(small.contest)).by_code.statuses == ()
    ruled = await reader.post(
        "/incidents/attempts", module="dish", code=code, attempt="2", reason="cable"
    )
    voted = await reader.post(
        "/incidents/votes", module="dish", panel="public", votes=f"{code} 12\n"
    )
    bad = await reader.post("/incidents/votes", module="dish", panel="public", votes="nothing")

    known = await replayed(small.contest)
    assert (ruled.status_code, voted.status_code, bad.status_code) == (303, 303, 422)
    assert [r.attempt for r in known.by_code.rulings] == [2]
    assert known.by_code.votes == {"public": {code: 12}}


async def test_the_clock_is_stamped_corrected_and_given_compensation(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    reader = await Reader(client, small).come("clerk")
    code = await small.code_of(small.entries[0])
    work = {"module": "dish", "code": code}

    wrong = await reader.post("/clock", **work, stamp="start", at="25:99")
    assert wrong.status_code == 422
    assert "is no time that can be read" in wrong.text
    assert (await reader.post("/clock", **work, stamp="start", at="１４：０３")).status_code == 303
    page = await reader.get("/clock")
    assert (await reader.post(undo_in(page.text), page="/clock")).status_code == 303
    extra = await reader.post("/clock/compensation", **work, seconds="3:30", cause="power")
    timing = await reader.post("/clock/times", **work, gross="82:30", compensation="3:30")

    assert (extra.status_code, timing.status_code) == (303, 303)
    kinds = [(e["kind"], e.get("stamp", "")) for e in (await timed(small.contest)).values()]
    assert kinds == [("clock", "start"), ("clock", "cancel"), ("interruption", "")]
    assert [t.net for t in (await replayed(small.contest)).by_code.timings] == [79 * 60]


async def test_signatures_say_who_still_has_to_sign(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    reader = await Reader(client, small).come("leader")
    early = await reader.get("/signing")
    assert "Can sign" in early.text
    assert 'action="' + reader.base + '/signing"' not in early.text

    for name in ("judge", "leader", "chief", "supervisor"):
        await reader.come(name)
        assert (await reader.post("/signing")).status_code == 303, name

    assert await small.state() == "signed"


async def test_a_tie_is_ruled_on_by_codes(client: httpx.AsyncClient) -> None:
    rules = dish_rules(tie_policy=TiePolicy.NONE, tie_breaks=())
    small = await small_contest(entrants=2, rules=rules)
    await small.judge_everything(lambda entry, seat: {"look": "10", "taste": "30", "care": "2"})
    chief = await small.actor("chief")
    await draw.open_codes(chief, await small.actor("supervisor"), small.contest, now=small.at)
    reader = await Reader(client, small).come("chief")
    page = await reader.get("/signing/order")
    names = re.findall(r'name="(place-[^"]+)"', page.text)
    assert len(names) == 2
    assert "选手" not in page.text

    unclear = await reader.post("/signing/order", **dict.fromkeys(names, "1"), reason="taste")
    ruled = await reader.post(
        "/signing/order", **{names[0]: "2", names[1]: "1"}, reason="better taste"
    )

    assert unclear.status_code == 422
    assert ruled.status_code == 303
    record = (await replayed(small.contest)).record
    assert record is not None
    first = names[1].removeprefix("place-")
    assert record.places[0].entries[0] == first


async def test_a_recheck_shows_marks_by_code_and_corrects_one_with_two_persons(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    reader = await Reader(client, small).come("chief")
    assert "Marking has not ended" in (await reader.get("/recheck")).text
    await small.judge_everything()
    await small.close()
    code = await small.code_of(small.entries[0])
    page = await reader.get(f"/recheck?module=dish&code={code}")
    links = re.findall(r'class="cell" href="([^"]+)"', page.text)
    assert len(links) == 9
    assert "选手" not in page.text
    assert str(small.entries[0]) not in page.text
    taste = next(link for link in links if link.endswith("/taste"))

    empty = await reader.post(taste, value="", reason="read wrongly")
    assert empty.status_code == 422
    assert "read wrongly" in empty.text
    too_much = await reader.post(taste, value="99", reason="read wrongly")
    asked = await reader.post(taste, value="35.5", reason="read wrongly")
    assert asked.status_code == 303
    await reader.come("supervisor")
    inbox = await reader.get("/console/approvals")
    assert "39 → <strong>35.5</strong>" in inbox.text
    assert too_much.status_code in (303, 422)
    addresses = re.findall(r'action="(/console/approvals/[^"]+)"', inbox.text)
    done = await reader.post(addresses[-1], page="/console/approvals", approve="yes")

    assert done.status_code == 303
    corrected = await recheck.corrections(await hall_of(small.contest, await small.actor("chief")))
    assert [(c.before, c.after) for c in corrected] == [("39", "35.5")]


async def test_an_appeal_is_filed_by_number_and_ruled_on_by_the_arbitration(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    reader = await Reader(client, small).come("clerk")
    filed = await reader.post("/appeals/new", entry="1", module="", grounds="the oven failed")
    assert filed.status_code == 303
    assert "the oven failed" in (await reader.get("/appeals")).text
    await reader.come("supervisor")
    assert "the oven failed" not in (await reader.get("/appeals")).text
    await reader.come("arbitration")
    page = await reader.get("/appeals")
    address = re.findall(r'action="([^"]+/ruling)"', page.text)[0]

    empty = await reader.post(address, page="/appeals", ruling="upheld", reason=" ")
    ruled = await reader.post(address, page="/appeals", ruling="dismissed", reason="it worked")

    assert empty.status_code == 422
    assert ruled.status_code == 303
    assert "dismissed" in (await reader.get("/appeals")).text


async def test_results_are_published_and_a_contest_is_cancelled_only_by_its_title(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.sign()
    reader = await Reader(client, small).come("organiser")
    early = await reader.post("/publication/final", page="/publication")
    assert early.status_code == 409
    assert (await reader.post("/publication")).status_code == 303
    assert await small.state() == "published"

    other = await small_contest(until="ready")
    reader = await Reader(client, other).come("organiser")
    slip = await reader.post("/publication/cancel", page="/publication", title="no")
    assert slip.status_code == 422
    assert await other.state() == "ready"
    typed = await reader.post("/publication/cancel", page="/publication", title="中式面点制作")
    assert typed.status_code == 303
    assert await other.state() == "cancelled"


async def test_a_leaders_link_is_shown_once_and_ended(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    reader = await Reader(client, small).come("organiser")

    made = await reader.post("/leader", label="Director Li")
    address = re.findall(r'value="([^"]+/follow/[^"]+)"', made.text)[0]
    path = "/follow/" + address.rsplit("/", 1)[1]
    assert (await client.get(path)).status_code == 200
    page = await reader.get("/leader")
    assert "Director Li" in page.text
    assert "/follow/" not in page.text
    end = re.findall(r'action="([^"]+/end)"', page.text)[0]
    assert (await reader.post(end, page="/leader")).status_code == 303

    assert (await client.get(path)).status_code == 404


async def test_copies_are_offered_as_text_and_picture(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    reader = await Reader(client, small).come("organiser")

    page = await reader.get("/share")
    picture = await reader.get("/share/judges/1")
    results = await reader.get("/share/results/1")

    assert "data-copy" in page.text
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert results.status_code == 409
    assert (await reader.get("/share/everything/1")).status_code == 404


async def test_a_page_of_another_contest_is_refused(client: httpx.AsyncClient) -> None:
    small, other = await small_contest(), await small_contest()
    reader = await Reader(client, small).come("organiser")
    reader.base = f"/console/contests/{other.contest}"

    answers = {
        path: (await reader.get(path)).status_code
        for path in [*(duty.path for duty in DUTIES), "/check-in", "/draws", "/share", "/leader"]
    }

    assert set(answers.values()) == {403}
    reader.base = f"/console/contests/{uuid4()}"
    assert (await reader.get("/draws")).status_code == 404


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_everything_that_stands_in_data_is_translated(language: str) -> None:
    wanted = {words for d in DUTIES for words in (d.tab, d.title, d.what, d.button)}
    wanted |= {title for title, _, _ in way._STEPS}
    wanted |= {*PENALTIES.values(), *STATUSES.values(), *STAMPS.values(), *FINDINGS.values()}
    wanted |= {*COPIES.values(), TAKEN_BACK, *(room.title for room in ROOMS if room.code in MINE)}

    assert wanted - set(catalogue(language)) == set()


def test_every_copy_has_a_name() -> None:
    assert set(COPIES) == set(CODES)
