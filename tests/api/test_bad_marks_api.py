"""Marks that come in wrong: every finding at once, with its place and remedy, in four languages, and nothing half-written."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from contests.judging.signing import SoftwareDevice
from contests.sheets import take_apart
from contests.tables import LogEntry, Quarantine
from tests.api.kit import LANGUAGES, caller, codes, pointers, tablet, told_in_every_language
from tests.factories_contests import small_contest

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

    assert (answer["answer"], answer["reason"]) == ("quarantined", "device-of-another")
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
