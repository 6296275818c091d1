"""Set-up that comes in wrong: every finding at once, with its place and remedy, in four languages, and nothing half-written."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from contests.tables import Entry
from core.accounts import create_session
from core.scoring.codec import to_json
from core.tables import Person
from tests.api.kit import LANGUAGES, Caller, caller, codes, pointers, told_in_every_language
from tests.factories_contests import SmallContest, small_contest

WORKBOOK = Path(__file__).parent.parent / "data" / "cis" / "es2023-web-development.xlsx"


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
