"""The versions of the rules over plain HTTP: who, when, what changed in words, and the way back."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from contests.actions import setup
from contests.schemes.queries import contest_of, rules_in
from contests.schemes.rules_versions import RULES
from contests.schemes.versions import history
from core.errors import Stale
from core.scoring.model import Rules
from tests.admin.test_scheme_pages import Room, room, value_of

pytestmark = pytest.mark.engine
AWARDS = {
    "award-1-code": "guests",
    "award-1-title": "Guests",
    "award-1-method": "counts",
    "award-1-prize-0-code": "first",
    "award-1-prize-0-title": "First prize",
    "award-1-prize-0-amount": "1",
}


async def saved(here: Room, **fields: Any) -> httpx.Response:
    """The page as it stands with some fields changed."""
    form = (await here.get("/rules")).text.split("data-keep>")[1]
    typed: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        kept = {name: html.unescape(text) for name, text in re.findall(r'([a-z]+)="([^"]*)"', tag)}
        if kept.get("type") != "checkbox" or tag.endswith(" checked>"):
            typed[kept["name"]] = kept.get("value", "")
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(
            r'value="([^"]*)"', options
        )
        typed[name] = html.unescape(chosen.group(1)) if chosen else ""
    return await here.post("/rules", on="/rules", **{**typed, **fields})


async def turned(here: Room, do: str) -> httpx.Response:
    version = value_of((await here.get("/rules")).text, "version")
    return await here.post("/rules/versions", on="/rules", do=do, version=version)


async def rules_of(here: Room) -> Rules:
    return rules_in(await contest_of(here.small.contest))


async def test_each_save_of_the_rules_is_a_version_with_its_change_in_words(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)

    first = await saved(here, notice_days="7", dns="zero", **AWARDS)
    second = await saved(here, **{**AWARDS, "award-1-prize-0-amount": "2"})
    page = (await here.get("/rules/history")).text

    assert (first.status_code, second.status_code) == (303, 303)
    assert "Days of public notice: 5 → 7" in page
    assert "Somebody who did not start a module: no place → counts nothing, the rest counts" in page
    assert "Award “Guests” was added." in page
    assert "Guests, First prize, Number, part, points or per cent: 1 → 2" in page
    assert page.count("organiser") >= 2
    assert "Written elsewhere" in page


async def test_the_words_of_a_change_are_the_readers(client: httpx.AsyncClient) -> None:
    here = await room(client)
    await saved(here, tie_policy="none", **{"tie-0": "module:dish"})

    page = (await here.get("/rules/history", language="zh-Hant")).text

    assert "不設並列名次" in page or "總裁判長" in page
    assert "tie_policy" not in page
    assert "module:dish" not in page


async def test_rules_are_taken_back_and_repeated_through_all_versions(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    for days in ("7", "8"):
        await saved(here, notice_days=days)

    found = [(await rules_of(here)).notice_days]
    for do in ("undo", "undo", "redo", "redo"):
        assert (await turned(here, do)).status_code == 303
        found.append((await rules_of(here)).notice_days)

    assert found == [8, 7, 5, 7, 8]
    kinds = [one.kind for one in await history(RULES, here.small.contest)]
    assert kinds == ["redo", "redo", "undo", "undo", "edit", "edit", "edit", "outside"]


async def test_an_old_version_of_the_rules_becomes_the_newest(client: httpx.AsyncClient) -> None:
    here = await room(client)
    for days in ("7", "8", "9"):
        await saved(here, notice_days=days)

    answer = await here.post("/rules/history/3", on="/rules/history")
    page = (await here.get("/rules/history")).text

    assert answer.status_code == 303
    assert (await rules_of(here)).notice_days == 7
    assert "Days of public notice: 9 → 7" in page
    assert "Back to an earlier version" in page


async def test_an_old_version_that_does_not_fit_the_scheme_any_more_is_refused_with_the_reason(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    await saved(here, **{"tie-0": "aspect:look"})
    await saved(here, **{"tie-0": ""})
    await here.post("/scheme/save", do="remove:aspect-look")
    await here.typed("aspect-taste", "maximum", "60")

    answer = await here.post("/rules/history/3", on="/rules/history")

    assert answer.status_code == 422
    assert "look" in answer.text
    assert (await rules_of(here)).tie_breaks == ()


async def test_rules_saved_without_a_change_make_no_version(client: httpx.AsyncClient) -> None:
    here = await room(client)
    await saved(here, notice_days="7")
    count = len(await history(RULES, here.small.contest))

    answer = await saved(here, notice_days="7")

    assert answer.status_code == 303
    assert len(await history(RULES, here.small.contest)) == count


async def test_taking_back_what_somebody_else_changed_meanwhile_is_refused(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    await saved(here, notice_days="7")
    seen = value_of((await here.get("/rules")).text, "version")
    await saved(here, notice_days="9")

    answer = await here.post("/rules/versions", on="/rules", do="undo", version=seen)

    assert answer.status_code == 412
    assert (await rules_of(here)).notice_days == 9


async def test_rules_that_another_program_saves_are_a_version_with_its_name(
    client: httpx.AsyncClient,
) -> None:
    here = await room(client)
    organiser = await here.small.actor("organiser")
    before = await contest_of(here.small.contest)
    values = {name: getattr(rules_in(before), name) for name in Rules.__dataclass_fields__}
    changed = Rules(**{**values, "appeal_minutes": 90})

    revision = await setup.save_rules(
        organiser, here.small.contest, changed, revision=before["revision"]
    )
    with pytest.raises(Stale):
        await setup.save_rules(organiser, here.small.contest, changed, revision=before["revision"])

    assert revision == before["revision"] + 1
    newest = (await history(RULES, here.small.contest))[0]
    assert (newest.by, [one.code for one in newest.changes]) == ("organiser", ["rules-changed"])


async def test_frozen_rules_show_their_history_and_no_way_back(client: httpx.AsyncClient) -> None:
    here = await room(client, until="judging")

    page, form = await here.get("/rules/history"), await here.get("/rules")

    assert (page.status_code, form.status_code) == (200, 200)
    assert "Back to this" not in page.text
    assert 'name="version"' not in form.text
