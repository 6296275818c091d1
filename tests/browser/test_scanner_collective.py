"""A team's code in the scanner: read as ours, with the team's name, and no document asked for."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser

from credentials.cwt import Printed, sign_printed
from tests.browser.scan_modules import CERTIFICATES, modules
from tests.credentials.kit import INDEX, NOW, PUBLIC_ID

pytestmark = pytest.mark.browser

SAID = """async (text) => {
  const [{ openPrinted }, { told, factsOf }] = await Promise.all(["/cwt.js", "/wording.js"].map((path) => import(path)));
  const { printed } = openPrinted(text);
  const read = { printed, key: { issuer: "x", issuerName: {}, home: "x" } };
  return { facts: factsOf({ read, place: {}, knownAt: 0 }), advice: told({ state: "valid", read }).advice };
}"""


async def said(browser: Browser, kind: str, name: str) -> dict[str, Any]:
    printed = Printed(PUBLIC_ID, kind, name, "guangdong_workers_pioneer", "provincial", 0, INDEX, NOW)  # fmt: skip
    async with modules(browser) as page:
        found: dict[str, Any] = await page.evaluate(
            SAID, sign_printed(printed, CERTIFICATES.signer)
        )
    return found


async def test_a_team_s_code_names_the_team_and_asks_for_no_document(browser: Browser) -> None:
    team = await said(browser, "collective", "焊接一班")
    person = await said(browser, "honour", "张伟")

    assert team["facts"][0][:2] == ["Unit, team or studio honoured", "焊接一班"]
    assert team["facts"][1][1].startswith("Honour of a unit, team or studio")
    assert "No person's document belongs to it." in team["advice"]
    assert person["facts"][0][0] == "Name"
    assert "person's document: no machine" in person["advice"]
