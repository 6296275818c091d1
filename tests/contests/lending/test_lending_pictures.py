"""Photos come home with the contest, each once, and nothing else under their name."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime

import pytest
from PIL import Image

from contests.judging.tablets.pictures import store_picture
from contests.lending.borrowing import borrow_contest
from contests.lending.giving_back import give_back
from contests.lending.home import take_back
from contests.lending.out import lend_contest
from contests.lending.pictures import bring_pictures
from contests.tables import Picture
from core.security import SYSTEM
from core.settings import Settings
from tests.contests.lending.two_houses import House, carried
from tests.factories_contests import small_contest

pytestmark = pytest.mark.engine
NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def photo(shade: int) -> tuple[str, bytes]:
    out = io.BytesIO()
    Image.new("L", (20, 20), shade).save(out, "PNG")
    return hashlib.sha256(out.getvalue()).hexdigest(), out.getvalue()


async def test_a_photo_taken_at_the_venue_comes_home_once(database: Settings, venue: House) -> None:
    small = await small_contest(entrants=2, judges=3)
    there, here = photo(10), photo(200)
    await store_picture(small.contest, *here, now=NOW)
    package = await lend_contest(SYSTEM, small.contest, venue.id)
    assert "pictures.zip" not in package.files
    async with venue.open():
        await borrow_contest(SYSTEM, carried(package.files))
        for one in (there, here):
            await store_picture(small.contest, *one, now=NOW)
        back = await give_back(SYSTEM, small.contest)

    for _ in range(2):
        taken = await take_back(SYSTEM, carried(back.files), head=back.head)
        assert taken.notes == ()

    rows = await Picture.select().where(Picture.contest == small.contest)
    assert {row["sha256"]: bytes(row["content"]) for row in rows} == dict([there, here])


async def test_what_is_not_the_picture_it_says_is_left_out_and_told(database: Settings) -> None:
    small = await small_contest(entrants=2, judges=3)
    good, other = photo(1), photo(2)
    page = b"<html><script>alert(1)</script></html>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{good[0]}.png", good[1])
        archive.writestr(f"{other[0]}.png", good[1])
        archive.writestr(f"{hashlib.sha256(page).hexdigest()}.png", page)
        archive.writestr("../../secrets.toml", b"x")

    left = await bring_pictures(small.contest, out.getvalue(), NOW)
    broken = await bring_pictures(small.contest, b"no zip", NOW)

    assert len(left) == 3
    assert {finding.code for finding in (*left, *broken)} == {"loan-picture-wrong"}
    rows = await Picture.select(Picture.sha256).where(Picture.contest == small.contest)
    assert [row["sha256"] for row in rows] == [good[0]]
