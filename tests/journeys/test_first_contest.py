"""A new user's first contest: from the empty database to published, final results and issued
certificates of a cooking contest, 24 entrants and 5 judges, with two staff accounts, by clicks, keys and
an Excel file.

No address is typed but the terminal's. The judges' one shared tablet is a browser like the others; of each
judge's sheets the first is tapped, the rest go through the same app without taps.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from core.settings import Settings
from tests.browser.kit import violations
from tests.fixtures.processes import Server, environment_of
from tests.journeys import certificates_kit, judging_kit
from tests.journeys.console_kit import (
    CHIEF,
    Desk,
    a_desk,
    bring_judges,
    found_contest,
    hand_in,
    open_codes,
    people_with_accounts,
    person_by_link,
    second_account,
    set_up,
    share_duties,
    shorten_notice,
    start_marking,
    to_final,
    to_import,
)
from tests.journeys.office_tables import (
    ENTRANTS,
    JUDGES,
    LONGEST,
    SHORTEST,
    entrants_file,
    judges_file,
)

pytestmark = pytest.mark.browser


async def test_a_newcomer_runs_a_contest_from_nothing_to_certificates(
    storage: Settings, start_server: Callable[..., Server], browser: Browser, tmp_path: Path
) -> None:
    server = start_server({**environment_of(storage)})
    desk = await a_desk(browser, "en")
    await set_up(desk, server)
    await found_contest(
        desk,
        title="Dishes of Zhuhai",
        competition="Zhuhai skills contest 2026",
        kind="Chinese cookery and pastry",
    )
    await bring_entrants(desk, entrants_file(tmp_path))
    await bring_judges(desk, judges_file(tmp_path), JUDGES)
    chief = await second_account(desk, CHIEF, "tang")
    await desk.to_contest()
    await share_duties(desk)
    await shorten_notice(desk)
    await two_staff_and_five_judges(desk)
    await start_marking(desk)

    tablet = await judging_kit.shared_tablet(desk)
    for judge in range(1, JUDGES + 1):
        await judging_kit.sit_down(tablet, judge)
        await judging_kit.tap_one_sheet(tablet, judge)
        await judging_kit.sign_the_rest(tablet, judge)
    await judging_kit.everything_stored(tablet)

    await open_codes(desk, chief)
    await to_final(desk, chief, await person_by_link(desk, "林评委"))
    assert await violations(desk.page) == []
    winners = await certificates_kit.winners(desk)
    await certificates_kit.choose_layout(desk, longest=LONGEST, shortest=SHORTEST)
    await certificates_kit.let_it_sign(desk)
    await certificates_kit.all_issued(desk, winners)
    await certificates_kit.take_the_file(desk, winners)
    await certificates_kit.one_is_valid(desk)


async def bring_entrants(desk: Desk, file: Path) -> None:
    await to_import(desk, "Import entrants")
    await hand_in(desk, file)
    await desk.label("Add delegations that the competition doesn't have yet").check()
    await desk.press("Check again")
    await desk.press("Import {count}", count=ENTRANTS)
    await expect(desk.page.get_by_text(f"{ENTRANTS} are entered.")).to_be_visible()


async def two_staff_and_five_judges(desk: Desk) -> None:
    people = await people_with_accounts(desk)
    judges = {name for name, duties in people.items() if "judge: contest" in duties}
    assert len(judges) == JUDGES
    assert set(people) - judges == {"陈主任", CHIEF}
