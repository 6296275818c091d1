"""Pictures: what they are by their bytes, who may see them, and that none becomes a page."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from contests.judging.tablets import pictures
from contests.tables import Picture
from tests.api.kit import caller
from tests.contests.tablets.kit import HERE, Tablet, serving, slug
from tests.factories_contests import SmallContest, small_contest

pytestmark = pytest.mark.usefixtures("database")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(100)
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
READINGS = "点号,高程\r\n1,12.345\r\n".encode()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def put(
    tablet: Tablet, small: SmallContest, content: bytes, kind: str = "image/jpeg", name: str = ""
) -> httpx.Response:
    path = f"/pictures/{small.contest}/{name or sha(content)}"
    return await tablet.send("PUT", path, content=content, headers={"Content-Type": kind})


@pytest.mark.engine
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (WEBP, "image/webp"),
        (READINGS, "text/plain"),
        (READINGS.decode().encode("gb18030"), "text/plain"),
    ],
)
async def test_a_picture_comes_back_as_what_its_bytes_say(
    client: httpx.AsyncClient, content: bytes, kind: str
) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])

    sent = [(await put(tablet, small, content, "text/html")).status_code for _ in range(2)]
    found = await tablet.send("GET", f"/pictures/{small.contest}/{sha(content)}")

    assert sent == [204, 204]
    assert found.content == content
    assert found.headers["content-type"].startswith(kind)
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in found.headers["content-security-policy"]
    shown = found.headers["content-disposition"].split(";")[0]
    assert shown == ("attachment" if kind == "text/plain" else "inline")
    assert await Picture.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        HTML,
        b"\n  " + HTML,
        b"\xef\xbb\xbf" + HTML,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + HTML,
        b"%PDF-1.4\n" + bytes(10),
        b"MZ\x90\x00" + bytes(100),
        b"",
        bytes(100),
        b"\xff\xd8" + bytes(100),
    ],
)
async def test_a_page_or_program_that_says_it_is_a_jpeg_is_refused(
    client: httpx.AsyncClient, content: bytes
) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])

    answer = await put(tablet, small, content)

    assert answer.status_code == 422
    assert answer.json()["findings"][0]["code"] == "picture-kind"
    assert await Picture.count() == 0


async def test_a_page_behind_a_jpegs_first_bytes_is_served_as_an_image_alone(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])
    content = b"\xff\xd8\xff" + HTML
    assert (await put(tablet, small, content, "text/html")).status_code == 204

    found = await tablet.send("GET", f"/pictures/{small.contest}/{sha(content)}")

    assert found.headers["content-type"] == "image/jpeg"
    assert found.headers["x-content-type-options"] == "nosniff"


async def test_a_picture_under_another_hash_is_refused(client: httpx.AsyncClient) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])

    answer = await put(tablet, small, JPEG, name="0" * 64)

    assert answer.json()["findings"][0]["code"] == "picture-hash-differs"


@pytest.mark.parametrize("name", ["x", "0" * 63, "G" * 64, "0" * 65, "A" * 64])
async def test_an_address_that_is_no_hash_is_refused(client: httpx.AsyncClient, name: str) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])

    assert (await put(tablet, small, JPEG, name=name)).status_code == 400


async def test_a_picture_over_two_megabytes_is_refused_without_being_read_to_its_end(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])
    largest = b"\xff\xd8\xff" + bytes(pictures.MOST_BYTES - 3)
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 20 * pictures.MOST_BYTES:
            read += 65536
            yield bytes(65536)

    path = f"{HERE}/pictures/{small.contest}/{'0' * 64}"
    headers = {"Authorization": f"Tablet {tablet.token}", "Content-Type": "image/jpeg"}
    stopped = await client.put(path, content=endless(), headers=headers)

    assert (await put(tablet, small, largest)).status_code == 204
    assert (await put(tablet, small, largest + b"x")).status_code == 413
    assert slug(stopped.json()) == "too-large"
    assert read < 2 * pictures.MOST_BYTES


async def test_pictures_are_seen_by_the_tablet_its_judges_and_the_control_room(
    client: httpx.AsyncClient,
) -> None:
    small, other = await small_contest(), await small_contest()
    one, two = small.judges[:2]
    tablet = await serving(client, small, one, label="1")
    spare = await serving(client, small, one, label="2")
    colleague = await serving(client, small, two, label="3")
    foreign = await serving(client, other, other.judges[0], label="4")
    await put(tablet, small, JPEG)
    path = f"/pictures/{small.contest}/{sha(JPEG)}"

    assert (await tablet.send("GET", path)).status_code == 200
    assert (await spare.send("GET", path)).status_code == 200
    assert slug(await colleague.get(path, 404)) == "not-found"
    assert slug(await foreign.get(path, 403)) == "not-served"
    leader = await caller(client, small.accounts["leader"])
    judge = await caller(client, two.account)
    whole = f"/judging/tablet{path}"
    assert (await leader.send("GET", whole)).content == JPEG
    assert (await judge.send("GET", whole)).status_code == 403
    assert (await client.get(f"/api/v1{whole}")).status_code == 401


async def test_a_tablet_without_a_judge_of_the_contest_sends_no_picture(
    client: httpx.AsyncClient,
) -> None:
    small, other = await small_contest(), await small_contest()
    tablet = await serving(client, small)

    assert (await put(tablet, small, JPEG)).status_code == 403
    assert (await put(await serving(client, other, other.judges[0]), small, PNG)).status_code == 403


async def test_a_tablet_fills_no_disk(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_OF_A_TABLET", 1)
    small = await small_contest()
    tablet = await serving(client, small, small.judges[0])
    await put(tablet, small, JPEG)

    assert slug((await put(tablet, small, PNG)).json()) == "pictures-full"


async def test_one_picture_of_two_senders_is_kept_once() -> None:
    small = await small_contest()
    now = datetime.now(UTC)

    first = await pictures.store_picture(small.contest, sha(PNG), PNG, now=now)
    second = await pictures.store_picture(small.contest, sha(PNG), PNG, now=now)

    assert (first, second) == (True, False)
