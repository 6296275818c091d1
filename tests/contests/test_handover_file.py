"""A tablet's file at the control room: every sheet once, every row answered, a wrong file named."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from contests.judging.actions import accept_revisions
from contests.judging.handover.reading import MOST, read_file
from contests.judging.signing import SoftwareDevice
from contests.log import read
from contests.sheets import About, jws_hash
from contests.tables import Picture, Quarantine
from core.accounts import create_session
from core.settings import Settings
from tests.factories_contests import SmallContest, small_contest

MARKS = {"look": "18.5", "taste": "32", "care": "2"}


def written(revisions: list[str], /, **more: Any) -> bytes:
    """A file as the app writes it."""
    words = {"format": "jiangxin-handover", "version": 1, "kind": "sheets", "label": "Tablet 7"}
    sum_ = jws_hash("\n".join(revisions))
    return json.dumps({**words, "sha256": sum_, "revisions": revisions, **more}, indent=1).encode()


async def signed(small: SmallContest, count: int = 4) -> list[str]:
    codes = sorted((await small.codes())["dish"])
    return [small.sign_sheet(small.judges[0], code, MARKS) for code in codes[:count]]


# --- reading ------------------------------------------------------------------------------------


def codes_of(content: bytes) -> tuple[list[str], int]:
    found = read_file(content)
    return [finding.code for finding in found.findings], len(found.revisions)


async def test_what_is_no_file_of_sheets_is_named_with_the_remedy(database: Settings) -> None:
    wrong: Mapping[bytes, str] = {
        b"": "handover-none",
        b" " * (20 * 1024 * 1024 + 1): "handover-too-large",
        b"\x89PNG\r\n\x1a\n\x00\xff": "handover-not-ours",
        b"[" * 100_000: "handover-not-ours",
        b"[1, 2]": "handover-not-ours",
        b'{"results": []}': "handover-not-ours",
        b'{"format": "another", "revisions": ["a.b.c"]}': "handover-not-ours",
        written([], kind="receipts", receipts=["x"]): "handover-receipts",
        written([]): "handover-empty",
    }

    for content, code in wrong.items():
        assert codes_of(content) == ([code], 0), content[:40]


async def test_a_file_that_was_cut_or_edited_gives_what_is_whole_in_it(database: Settings) -> None:
    sheets = await signed(await small_contest())
    whole = written(sheets)
    cut = whole[: whole.index(sheets[3].encode()) + 30]
    edited = written(sheets, sha256="x")
    mixed = written(sheets, revisions=[sheets[0], 7, None, sheets[1], sheets[0]])

    assert codes_of(whole) == ([], 4)
    assert read_file(whole) == read_file(whole[:-1] + b"\n}")
    assert (read_file(whole).label, read_file(whole).revisions) == ("Tablet 7", tuple(sheets))
    assert read_file(cut).revisions == tuple(sheets[:3])
    assert codes_of(cut) == (["handover-changed"], 3)
    assert codes_of(edited) == (["handover-changed"], 4)
    assert codes_of(mixed) == (["handover-changed"], 2)
    assert codes_of(json.dumps({"revisions": sheets}).encode()) == ([], 4)  # an older copy
    assert codes_of(written([f"{n}" for n in range(MOST + 1)])) == (["handover-too-many"], MOST)


# --- the page -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Desk:
    """Somebody at the page of a contest."""

    client: httpx.AsyncClient
    contest: UUID
    token: str

    def _headers(self, language: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": language}

    async def look(self) -> httpx.Response:
        return await self.client.get(
            f"/judging/control/{self.contest}/file", headers=self._headers("en")
        )

    async def upload(self, content: bytes, language: str = "en") -> httpx.Response:
        return await self.client.post(
            f"/judging/control/{self.contest}/file",
            files={"file": ("tablet.json", content, "application/json")},
            headers=self._headers(language),
        )


async def desk(client: httpx.AsyncClient, small: SmallContest, name: str = "clerk") -> Desk:
    return Desk(client, small.contest, await create_session(small.accounts[name], "api"))


async def stored(small: SmallContest) -> int:
    return sum(line.kind == "sheet" for line in await read(small.contest))


async def test_fifty_rows_are_stored_once_however_often_and_however_they_come(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await small_contest(entrants=54)
    sheets = await signed(small, 54)
    clerk = await desk(client, small)
    await accept_revisions(sheets[:5], account=small.judges[0].account, now=small.at)

    first = await clerk.upload(written(sheets[3:]))
    again = await clerk.upload(written(sheets))

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.text.count('<td class="number">') == 51
    assert "Newly stored: 49" in first.text
    assert "Stored before: 2" in first.text
    assert "Tablet 7" in first.text
    assert "Stored before: 54" in again.text
    assert await stored(small) == 54


async def test_every_row_has_its_answer_and_a_forged_one_is_kept_apart(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small, other = await small_contest(), await small_contest()
    good = await signed(small, 2)
    elsewhere = await signed(other, 1)
    stranger = SoftwareDevice().sign(b"{}")
    forged = good[1][:-4] + ("AAAA" if good[1][-4:] != "AAAA" else "BBBB")
    clerk = await desk(client, small)

    page = await clerk.upload(written([good[0], forged, stranger, "rubbish", *elsewhere]))

    assert "Newly stored: 2" in page.text
    assert "To be looked at: 3" in page.text
    assert await stored(small) == 1
    assert await stored(other) == 1
    kept = await Quarantine.select(Quarantine.reason, Quarantine.payload)
    assert {row["payload"] for row in kept} == {forged.encode(), stranger.encode(), b"rubbish"}


@pytest.mark.parametrize(("name", "status"), [("clerk", 200), ("chief", 200), ("encryption", 403)])
async def test_who_runs_the_contest_may_take_files_in(
    database: Settings, client: httpx.AsyncClient, name: str, status: int
) -> None:
    small = await small_contest()
    someone = await desk(client, small, name)

    shown = await someone.look()
    taken = await someone.upload(written(await signed(small, 1)))

    assert (shown.status_code, taken.status_code) == (status, status)
    assert await stored(small) == (1 if status == 200 else 0)


async def test_the_page_says_what_is_wrong_in_the_readers_language(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await small_contest()
    clerk = await desk(client, small)

    page = await clerk.upload(b"hello", "zh-Hans")

    assert page.status_code == 200
    assert "这不是已签名评分表的文件" in page.text


# --- photos -------------------------------------------------------------------------------------


async def test_photos_of_the_sheets_are_kept_and_what_no_sheet_was_signed_with_is_not(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    code = sorted((await small.codes())["dish"])[0]
    photo, strange = (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes([n] * 200) for n in (1, 2))
    about = {"look": About(photos=(hashlib.sha256(photo).hexdigest(),))}
    sheet = small.sign_sheet(small.judges[0], code, MARKS, about=about)
    packed = [
        {"sha": "anything", "data": base64.urlsafe_b64encode(content).rstrip(b"=").decode()}
        for content in (photo, strange)
    ]
    clerk = await desk(client, small)

    pages = [await clerk.upload(written([sheet], photos=packed)) for _ in range(2)]

    assert all("Photos and files taken along: 1" in page.text for page in pages)
    (row,) = await Picture.select()
    assert row["content"] == photo


@pytest.mark.parametrize(
    "photos", [{}, "x", [1], [{"data": 5}], [{"data": "Ä?"}], [{"data": "abc"}]]
)
async def test_odd_photos_do_no_harm_to_the_sheets(database: Settings, photos: Any) -> None:
    small = await small_contest()

    found = read_file(written(await signed(small, 1), photos=photos))

    assert (len(found.revisions), found.findings) == (1, ())
