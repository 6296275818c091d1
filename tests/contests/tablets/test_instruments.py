"""An instrument's file read for the judge on whose tablet it is."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from contests.judging import instruments
from contests.judging.instruments import read_file
from core.contest_type import Reading
from core.errors import NotFound
from plugins import robotics
from plugins.robotics.instrument import INSTRUMENT, SAMPLE
from tests.contests.tablets.kit import enrolled, serving, slug
from tests.contests.tablets.robots import robots

pytestmark = pytest.mark.usefixtures("database")
RAWS = {"C1.1": "true", "C1.2": "2", "C1.3": "18.75", "C1.4": "0.12"}


async def test_the_file_gives_the_marks_of_this_judges_aspects() -> None:
    small = await robots()
    judge = small.judges[0]

    found = await read_file(small.contest, UUID(judge.appointment), "plc_log", SAMPLE)

    assert {a: mark["raw"] for a, mark in found.marks.items()} == RAWS
    assert found.sha256 == hashlib.sha256(SAMPLE).hexdigest()
    assert ("cycle", "18.75") in found.figures
    assert found.findings == ()


async def test_what_a_plugin_does_wrong_is_said_and_stops_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = await robots()
    own = UUID(small.judges[0].appointment)

    async def fails(data: bytes, *_: Any) -> Reading:
        raise KeyError("a plugin's own mistake")

    async def sleeps(data: bytes, *_: Any) -> Reading:
        await asyncio.sleep(0.3)
        return Reading({})

    monkeypatch.setattr(instruments, "PATIENCE", 0.1)
    for wrong, code in ((fails, "instrument-failed"), (sleeps, "instrument-slow")):
        broken = (replace(INSTRUMENT, read=wrong),)
        monkeypatch.setattr(robotics.Robotics, "instruments", lambda _, these=broken: these)
        found = await read_file(small.contest, own, "plc_log", SAMPLE)
        assert [finding.code for finding in found.findings] == [code]
        assert found.marks == {}

    with pytest.raises(NotFound):
        await read_file(small.contest, own, "balance", SAMPLE)


async def test_only_a_tablet_on_which_the_judge_has_signed_in_may_ask(
    client: httpx.AsyncClient,
) -> None:
    small = await robots()
    judge = small.judges[0]
    path = f"/readings/{small.contest}/{judge.appointment}/plc_log"
    stranger = await enrolled(client, small)

    refused = await stranger.send("POST", path, content=SAMPLE)
    tablet = await serving(client, small, judge)
    read = await tablet.send("POST", path, content=SAMPLE)
    broken = await tablet.send("POST", path, content=b"timestamp,signal\n")
    nowhere = await tablet.send("POST", path.replace("plc_log", "balance"), content=SAMPLE)

    assert (refused.status_code, slug(refused.json())) == (403, "not-served")
    assert {a: mark["raw"] for a, mark in read.json()["marks"].items()} == RAWS
    assert {"name": "cycle", "value": "18.75"} in read.json()["figures"]
    assert broken.json()["marks"] == {}
    assert broken.json()["findings"][0]["detail"]
    assert nowhere.status_code == 404
