"""What comes in wrong: every finding at once, with its place and remedy, in four languages, and
nothing half-written."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from contests.judging.signing import SoftwareDevice
from contests.tables import Entry, LogEntry, Quarantine
from core.accounts import create_session
from core.scoring.codec import to_json
from core.tables import Person
from tests.api.kit import LANGUAGES, Caller, caller, codes, pointers, tablet
from tests.factories_contests import SmallContest, small_contest

WORKBOOK = Path(__file__).parent.parent / "data" / "cis" / "es2023-web-development.xlsx"


async def told_in_every_language(ask: Any, expected: int) -> None:
    """`ask(language)` gives the problem; each of its sentences must be in that language."""
    told = {language: await ask(language) for language in LANGUAGES}
    sentences = {
        language: [finding["detail"] for finding in problem["findings"]]
        for language, problem in told.items()
    }
    assert {len(each) for each in sentences.values()} == {expected}
    for number in range(expected):
        own = {sentences[language][number] for language in LANGUAGES}
        assert len(own) == len(LANGUAGES), own
        assert not any("{" in sentence for sentence in own), own


async def organiser_of(client: httpx.AsyncClient, small: SmallContest) -> Caller:
    return await caller(client, small.accounts["organiser"])


# --- the scheme -------------------------------------------------------------------------------


async def test_a_scheme_that_sums_to_99_75_is_refused_with_the_difference(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    organiser = await organiser_of(client, small)
    path = f"/contests/{small.contest}"
    before = await organiser.get(path)
    scheme = to_json(small.scheme)
    module = scheme["modules"][0]
    module["criteria"][0]["sub_criteria"][0]["aspects"][0]["maximum"] = "19.75"
    module["criteria"][0]["sub_criteria"][0]["aspects"][0]["step"] = "0.25"
    headers = {"If-Match": f'"{before["revision"]}"'}

    async def ask(language: str) -> Any:
        reader = organiser.reading(language)
        return await reader.put(f"{path}/scheme", scheme, status=422, headers=headers)

    refused = await ask("en")

    assert codes(refused) == ["module-sum"]
    assert refused["findings"][0]["params"]["difference"] == "-0.25"
    await told_in_every_language(ask, 1)
    assert await organiser.get(path) == before


async def test_every_wrong_number_of_a_scheme_is_named_at_once(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    organiser = await organiser_of(client, small)
    scheme = to_json(small.scheme)
    aspects = scheme["modules"][0]["criteria"][0]["sub_criteria"][0]["aspects"]
    aspects[0]["maximum"] = "２０"
    aspects[1]["maximum"] = "40,0"
    aspects[2]["judges"] = "3"
    aspects[2]["colour"] = "red"

    refused = await organiser.put(
        f"/contests/{small.contest}/scheme", scheme, status=422, headers={"If-Match": '"2"'}
    )

    start = "/modules/0/criteria/0/sub_criteria/0/aspects"
    assert sorted(pointers(refused)) == [
        f"{start}/0/maximum",
        f"{start}/1/maximum",
        f"{start}/2/colour",
        f"{start}/2/judges",
    ]


# --- marks ------------------------------------------------------------------------------------

WRONG_MARKS = {
    "7.3": "value-off-grid",
    "７.5": "number-unreadable",
    "1,25": "number-unreadable",
    "99": "value-out-of-bounds",
    "-1": "value-out-of-bounds",
    "1e1": "number-unreadable",
    " 7": "number-unreadable",
}


@pytest.mark.parametrize(("value", "code"), WRONG_MARKS.items())
async def test_a_draft_with_a_wrong_mark_is_refused_at_its_place(
    client: httpx.AsyncClient, value: str, code: str
) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)
    draft = {"module": "dish", "marks": {"look": {"value": value}, "taste": {"value": "30"}}}

    refused = await judge.post(f"/contests/{small.contest}/check-sheet", draft, status=422)

    assert codes(refused) == [code]
    assert pointers(refused) == ["/marks/look/value"]


async def test_a_draft_answers_every_mark_at_once_in_four_languages(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)
    draft = {
        "module": "dish",
        "marks": {
            "look": {"value": "7.3"},
            "taste": {"value": "1,25"},
            "care": {"value": "5"},
            "smell": {"value": "5"},
        },
    }

    async def ask(language: str) -> Any:
        path = f"/contests/{small.contest}/check-sheet"
        return await judge.reading(language).post(path, draft, status=422)

    refused = await ask("en")
    assert sorted(pointers(refused)) == [
        "/marks/care/value",
        "/marks/look/value",
        "/marks/smell",
        "/marks/taste/value",
    ]
    await told_in_every_language(ask, 4)


async def test_a_right_draft_is_told_as_it_would_be_stored(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)
    draft = {"module": "dish", "marks": {"look": {"value": "7.50"}}}

    checked = await judge.post(f"/contests/{small.contest}/check-sheet", draft, status=200)

    assert checked == {"understood": {"look": {"value": "7.5"}}}


async def test_a_signed_sheet_off_the_grid_is_kept_but_does_not_count(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    own = await tablet(await caller(client, small.judges[0].account), str(small.contest))
    part, work = own.works()[0]

    (answer,) = await own.submit(own.sign(part, work, {"look": {"value": "7.3"}}))

    assert (answer["answer"], answer["countable"]) == ("accepted", False)
    assert [f["code"] for f in answer["findings"]] == ["value-off-grid"]
    assert "does not count yet" in answer["message"]


@pytest.mark.parametrize("value", ["７.5", "1,25"])
async def test_a_signed_number_that_only_people_would_understand_goes_to_quarantine(
    client: httpx.AsyncClient, value: str
) -> None:
    small = await small_contest()
    own = await tablet(await caller(client, small.judges[0].account), str(small.contest))
    part, work = own.works()[0]
    jws = own.sign(part, work, {"look": {"value": "7.5"}})
    payload = _payload(jws).replace('"value":"7.5"', f'"value":"{value}"')
    before = await LogEntry.count()

    (answer,) = await own.submit(own.device.sign(payload.encode()))

    assert (answer["answer"], answer["reason"]) == ("quarantined", "unreadable")
    assert [f["pointer"] for f in answer["findings"]] == ["/marks/look/value"]
    assert await LogEntry.count() == before
    assert await Quarantine.count() == 1


def _payload(jws: str) -> str:
    from contests.sheets import take_apart

    parts = take_apart(jws)
    assert parts is not None
    return parts.payload.decode()


# --- revisions --------------------------------------------------------------------------------


async def test_the_same_revision_twice_is_stored_once_with_the_same_receipt(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    own = await tablet(await caller(client, small.judges[0].account), str(small.contest))
    part, work = own.works()[0]
    jws = own.sign(part, work, {"look": {"value": "7"}})

    first, second = await own.submit(jws, jws)

    assert (first["answer"], second["answer"]) == ("accepted", "duplicate")
    assert (second["seq"], second["receipt"]) == (first["seq"], first["receipt"])


async def test_revisions_out_of_order_are_all_kept_and_said(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    own = await tablet(await caller(client, small.judges[0].account), str(small.contest))
    (part, one), (_, two) = own.works()[:2]
    first = own.sign(part, one, {"look": {"value": "7"}})
    second = own.sign(part, two, {"look": {"value": "8"}})

    (gap,) = await own.submit(second)
    (late,) = await own.submit(first)

    assert [gap["answer"], late["answer"]] == ["accepted", "accepted"]
    assert [f["code"] for f in gap["findings"]] == ["device-gap"]
    assert [f["code"] for f in late["findings"]] == ["device-out-of-order"]


async def test_an_older_revision_is_a_conflict_that_keeps_both(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)
    own = await tablet(judge, str(small.contest))
    part, work = own.works()[0]
    rid = "3f0e8a52-5d0e-4b5f-9a54-0d0a8b1f9c11"
    await own.submit(own.sign(part, work, {"look": {"value": "7"}}, rid=rid))
    await own.submit(own.sign(part, work, {"look": {"value": "8"}}, base=rid))

    (answer,) = await own.submit(own.sign(part, work, {"look": {"value": "9"}}, base=rid))

    assert answer["answer"] == "conflict"
    chief = await caller(client, small.accounts["chief"])
    grid = await chief.get(f"/contests/{small.contest}/sheets")
    states = {cell["sheet"]: cell["state"] for cell in grid["cells"]}
    assert states[work["sheet"]] == "conflict"
    await chief.post(
        f"/contests/{small.contest}/conflicts/{work['sheet']}",
        {"chosen": answer["rid"], "reason": "asked the judge"},
        status=204,
    )
    pack = await judge.get(f"/judging/pack/{small.contest}")
    head = next(w for p in pack["parts"] for w in p["codes"] if w["sheet"] == work["sheet"])["head"]
    assert head["marks"]["look"] == {"value": "9"}


async def test_another_judges_sheet_is_refused_and_kept(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    own = await tablet(await caller(client, small.judges[0].account), str(small.contest))
    part, work = own.works()[0]
    other = {**part, "appointment": small.judges[1].appointment}

    (answer,) = await own.submit(own.sign(other, work, {"look": {"value": "7"}}))

    assert (answer["answer"], answer["reason"]) == ("quarantined", "not-appointed")
    assert answer["seq"] == 0


async def test_a_sheet_for_a_closed_contest_is_late_and_says_what_to_do(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    await small.judge_everything()
    own = await tablet(await caller(client, small.judges[0].account), str(small.contest))
    part, work = own.works()[0]
    await small.close()

    messages = set()
    for language in LANGUAGES:
        own.caller.language = language
        (answer,) = await own.submit(own.sign(part, work, {"look": {"value": "7"}}))
        assert answer["answer"] == "late"
        messages.add(answer["message"])

    assert len(messages) == len(LANGUAGES)


@pytest.mark.parametrize(
    "jws", ["", "garbage", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "x" * 70_000, "。" * 10]
)
async def test_bytes_that_are_no_sheet_get_an_answer_beside_a_good_one(
    client: httpx.AsyncClient, jws: str
) -> None:
    small = await small_contest()
    own = await tablet(await caller(client, small.judges[0].account), str(small.contest))
    part, work = own.works()[0]

    bad, good = await own.submit(jws, own.sign(part, work, {"look": {"value": "7"}}))

    assert bad["answer"] == "quarantined"
    assert good["answer"] == "accepted"


async def test_a_batch_of_more_than_fifty_is_refused_whole(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)

    refused = await judge.post("/judging/revisions", {"revisions": ["x"] * 51}, status=400)

    assert pointers(refused) == ["/revisions"]
    assert await Quarantine.count() == 0


async def test_a_key_of_somebody_else_or_a_private_one_is_not_enrolled(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)
    theirs = small.judges[1].device

    taken = await judge.post("/judging/devices", {"jwk": theirs.public_jwk}, status=409)
    private = await judge.post(
        "/judging/devices", {"jwk": {**SoftwareDevice().public_jwk, "d": "AAAA"}}, status=422
    )

    assert codes(taken) == ["key-taken"]
    assert codes(private) == ["key-refused"]
    kids = [device["kid"] for device in await judge.get("/judging/devices")]
    assert kids == [small.judges[0].device.kid]
    await judge.post(f"/judging/devices/{kids[0]}/revocation", status=204)
    assert (await judge.get("/judging/devices"))[0]["revoked"] is True


# --- entrants ---------------------------------------------------------------------------------


async def test_entrants_are_registered_all_or_none_with_every_finding(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    organiser = await organiser_of(client, small)
    path = f"/contests/{small.contest}/entrants"
    entries, persons = await Entry.count(), await Person.count()
    rows = [
        {"members": [{"name": "王芳"}], "delegation": "dongguan"},
        {"members": [{"name": "王芳"}], "delegation": "dongguan"},
        {"members": [{"name": " "}], "delegation": "nowhere"},
        {"members": []},
        {
            "members": [
                {
                    "name": "何嘉欣",
                    "documents": [{"kind": "mainland_id", "number": "11010519491231002Y"}],
                }
            ]
        },
    ]

    async def ask(language: str) -> Any:
        return await organiser.reading(language).post(path, {"rows": rows}, status=422)

    refused = await ask("en")

    assert sorted(pointers(refused)) == [
        "/rows/1/members/0",
        "/rows/2/delegation",
        "/rows/2/members/0/name",
        "/rows/3/members",
        "/rows/4/members/0/documents/0/number",
    ]
    assert "11010519491231002Y" not in str(refused)
    assert next(f for f in refused["findings"] if f["pointer"] == "/rows/2/delegation")[
        "params"
    ] == {"id": "nowhere"}
    await told_in_every_language(ask, 5)
    assert (await Entry.count(), await Person.count()) == (entries, persons)


async def test_a_body_of_the_wrong_shape_names_the_place(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    organiser = await organiser_of(client, small)

    path, entries = f"/contests/{small.contest}/entrants", await Entry.count()
    for body in (b"{", b"[]", b"\xff\xfe", b"", b'{"rows": 3}'):
        refused = await organiser.post(path, body, status=400)
        assert refused["title"]
    misspelt = await organiser.post(path, {"rows": [{"membres": []}]}, status=400)
    assert pointers(misspelt) == ["/rows/0/membres"]
    assert await Entry.count() == entries


# --- files ------------------------------------------------------------------------------------


async def test_a_workbook_with_merged_cells_and_no_cached_sums_is_read_or_said_cell_by_cell(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    organiser = await organiser_of(client, small)
    book = openpyxl.load_workbook(WORKBOOK)
    sheet = next(s for s in book if "Marking Scheme Import" in s.title)
    row = next(r for r in range(1, sheet.max_row) if sheet.cell(r, 4).value == "M")
    sheet.merge_cells(start_row=row, end_row=row + 1, start_column=5, end_column=5)
    content = io.BytesIO()
    book.save(content)

    good = await _import(organiser, WORKBOOK.read_bytes())
    told = {
        language: await _import(organiser.reading(language), content.getvalue())
        for language in LANGUAGES
    }

    assert (good["criteria"], good["sub_criteria"], good["total"]) == (6, 36, "100")
    assert good["judgement"] == {"count": 26, "marks": "24", "descriptors": 104}
    assert good["scheme"] is not None
    findings = told["en"]["findings"]
    assert any("!" in finding["place"] for finding in findings), findings
    assert len({each["findings"][0]["message"] for each in told.values()}) == len(LANGUAGES)


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
async def test_a_file_that_is_no_workbook_is_a_finding(
    client: httpx.AsyncClient, content: bytes
) -> None:
    small = await small_contest(until="draft")

    answered = await _import(await organiser_of(client, small), content)

    assert answered["scheme"] is None
    assert [finding["severity"] for finding in answered["findings"]] == ["error"]


async def test_a_file_that_is_no_package_is_a_finding(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    organiser = await organiser_of(client, small)

    response = await organiser.send(
        "POST", "/packages/score", files={"data": ("contest.zip", b"PK nothing")}
    )

    assert response.status_code == 200
    assert response.json()["standings"] == []
    assert response.json()["findings"][0]["severity"] == "error"


async def _import(organiser: Caller, content: bytes) -> dict[str, Any]:
    response = await organiser.send(
        "POST", "/schemes/import", files={"data": ("scheme.xlsx", content)}
    )
    assert response.status_code == 200, response.text[:800]
    found: dict[str, Any] = response.json()
    return found


# --- who and where ----------------------------------------------------------------------------


async def test_no_log_in_an_unknown_contest_and_a_missing_role_are_problems(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(until="draft")
    judge = await caller(client, small.judges[0].account)
    organiser = await organiser_of(client, small)
    nowhere = "00000000-0000-4000-8000-000000000000"

    anonymous = await client.get(f"/api/v1/contests/{small.contest}")
    unknown = await organiser.get(f"/contests/{nowhere}", status=404)
    forbidden = await judge.put(f"/contests/{small.contest}/rules", {}, status=403)

    assert anonymous.status_code == 401
    assert anonymous.headers["content-type"] == "application/problem+json"
    assert unknown["type"] == "/problems/not-found"
    assert forbidden["type"] == "/problems/forbidden"


async def test_a_form_without_its_token_changes_nothing(client: httpx.AsyncClient) -> None:
    small = await small_contest(until="draft")
    client.cookies.set("jiangxin", await create_session(small.accounts["organiser"]))
    path = f"/console/contests/{small.contest}/steps/make_ready"

    refused = await client.post(path, data={"module": ""})

    assert refused.status_code == 403
    assert await small.state() == "draft"
