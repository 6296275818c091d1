"""Opening a line over HTTP: by a link that ends, checked against the signature, nothing else learnt."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contests.evidence import Leaf, root
from core import score_evidence
from core.db import transaction
from core.errors import Forbidden, Invalid
from core.events import ResultFinal
from core.privacy import erase_person
from core.score_evidence import SheetLine
from core.security import SYSTEM, Actor
from core.settings import Settings
from credentials.evidence.actions import close_lines, lines_behind, open_line
from credentials.evidence.tables import OpenedLine
from credentials.queries import certificates_of
from tests.credentials.facts import CONTEST, issuers, person, result, tell

pytestmark = pytest.mark.engine

KNIFE = {"zh-Hans": "刀工", "en": "Knife work"}
LINES = [
    SheetLine('{"aspect":"A1","award":"3"}', b"a" * 16, KNIFE, "3"),
    SheetLine('{"aspect":"A2","award":"1.5"}', b"b" * 16, {"en": "Taste"}, "5"),
    SheetLine('{"rank":1,"total":"177.75"}', b"c" * 16, {"en": "Pastry"}),
]
STRANGER = Actor(uuid4(), "stranger")
ROOT = root([Leaf(n, line.content, line.salt) for n, line in enumerate(LINES)])


async def sheet(contest: str, entry: str, wanted: str) -> Sequence[SheetLine]:
    return LINES if wanted == ROOT and contest == CONTEST else ()


@pytest.fixture(autouse=True)
def source() -> Iterator[None]:
    score_evidence.register(sheet)
    yield
    score_evidence._sources.remove(sheet)


@pytest.fixture
async def one(database: Settings) -> dict[str, Any]:
    await issuers()
    holder = await person("欧阳晓明")
    await tell(ResultFinal(result([holder], evidence_root=ROOT)))
    return {**(await certificates_of(CONTEST))[0], "holder": holder}


async def path_of(one: dict[str, Any], line: int = 0) -> str:
    return httpx.URL(await open_line(SYSTEM, one["public_id"], line, days=7)).path


async def leaf_at(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.get(path, headers={"Accept": "application/json"})
    found: dict[str, Any] = {"status": answer.status_code, **answer.json()}
    return found


async def test_a_line_is_shown_with_its_proof_and_the_others_are_not(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    path = await path_of(one)

    page = await client.get(path, headers={"Accept-Language": "en"})
    leaf = await leaf_at(client, path)

    assert page.status_code == 200
    assert "This line is genuine" in page.text
    assert "Knife work" in page.text
    assert (leaf["verdict"], leaf["belongs"]) == ("valid", True)
    for text in (page.text, json.dumps(leaf)):
        assert "177.75" not in text
        assert "A2" not in text
        assert "欧阳晓明" not in text


async def test_anybody_checks_a_leaf_against_a_certificate(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    leaf = (await leaf_at(client, await path_of(one)))["leaf"]
    bent = {**leaf, "content": leaf["content"].replace('"3"', '"4"')}

    async def check(certificate: str, leaf: Any) -> dict[str, Any]:
        body = {"certificate": certificate, "leaf": leaf}
        answer = await client.post("/api/verify/evidence", json=body)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    genuine = await check(one["token"], leaf)
    assert (genuine["verdict"], genuine["belongs"], genuine["root"]) == ("valid", True, ROOT)
    assert genuine["content"] == {"aspect": "A1", "award": "3"}
    assert (await check(one["qr_text"].partition("#")[0], leaf))["belongs"]
    assert not (await check(one["token"], bent))["belongs"]
    assert not (await check(one["token"][:-4] + "AAAA", leaf))["belongs"]
    for rubbish in ({}, [], None, "x", {**leaf, "path": [["left", 7]]}):
        assert not (await check(one["token"], rubbish))["belongs"]


async def test_link_and_paper_together_give_a_file_for_a_check_without_a_network(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    path = await path_of(one)

    file = await client.post(path, content=one["qr_text"])
    without = [
        await client.post(path, content=text) for text in (one["public_id"], "", one["token"])
    ]
    over = await client.post(path[:-3] + "xyz", content=one["qr_text"])
    checked = await client.post("/api/verify/evidence", content=file.content)

    assert file.json()["certificate"] == one["token"]
    assert f'filename="{one["public_id"]}.json"' in file.headers["content-disposition"]
    assert [answer.status_code for answer in without] == [403] * 3
    assert over.status_code == 404
    assert (checked.json()["verdict"], checked.json()["belongs"]) == ("valid", True)


async def test_a_link_that_is_over_says_as_little_as_one_that_never_was(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    over, closed = await path_of(one), await path_of(one, 1)
    await close_lines(SYSTEM, one["public_id"])
    fresh = await path_of(one)
    async with transaction():
        await OpenedLine.update({OpenedLine.closed_at: None, OpenedLine.expires_at: datetime.now(UTC) - timedelta(seconds=1)}).where(OpenedLine.position == 0)  # fmt: skip
    strange = f"/c/{one['public_id']}/evidence/never"

    pages = [await leaf_at(client, path) for path in (over, closed, fresh, strange)]

    nothing = {"status": 404, "leaf": None, "belongs": False, "verdict": "not_found"}
    assert pages == [nothing] * 4
    page = await client.get(strange, headers={"Accept-Language": "en"})
    assert "This does not mean that anything is forged" in page.text


async def test_after_a_correction_the_line_is_no_longer_part_of_the_certificate(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    path = await path_of(one)
    entry = one["entry"]
    corrected = result([one["holder"]], entry=entry, result_version=2, held_on="2024-10-12")
    await tell(ResultFinal(corrected))

    page = await client.get(path, headers={"Accept-Language": "en"})

    assert "No longer part of the certificate" in page.text
    assert not (await leaf_at(client, path))["belongs"]


async def test_after_erasure_nothing_is_shown(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    path = await path_of(one)
    await erase_person(one["holder"])

    assert (await leaf_at(client, path))["status"] == 404


async def test_only_who_hands_certificates_out_may_open_a_line_of_them(
    one: dict[str, Any],
) -> None:
    with pytest.raises(Forbidden):
        await open_line(STRANGER, one["public_id"], 0, days=7)
    with pytest.raises(Forbidden):
        await lines_behind(STRANGER, one["public_id"])
    with pytest.raises(Invalid) as wrong:
        await open_line(SYSTEM, one["public_id"], 3, days=91)
    assert [finding.pointer for finding in wrong.value.findings] == ["/line", "/days"]
    assert list(await lines_behind(SYSTEM, one["public_id"])) == LINES
