"""Scans of signed papers: checked by content, sealed, replaced without loss, and what is missing listed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import pytest
from PIL import Image

from contests import papers
from contests.actions.running import record_penalty
from contests.papers.printing import print_paper
from contests.papers.scans import attach_scan, open_scan, scans_of
from contests.papers.tables import PaperScan
from contests.papers.wanted import missing, papers_of
from core import audit
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.security import Scope
from core.settings import Settings
from tests.factories_contests import SmallContest, small_contest

pytestmark = pytest.mark.engine
PDF = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _templates(database: Settings) -> None:
    papers.install()


def picture(kind: str = "JPEG", colour: str = "white") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(file, kind)
    return file.getvalue()


async def attach(small: SmallContest, kind: str, content: bytes = PDF, **more: object) -> object:
    return await attach_scan(await small.actor("clerk"), small.contest, kind, content, **more)  # type: ignore[arg-type]


async def missing_of(small: SmallContest, by: str = "organiser") -> list[tuple[str, str]]:
    found = await papers_of(small.contest, by=await small.actor(by), language="zh-Hans")
    return [(paper.kind, paper.part) for paper in missing(found)]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (lambda: PDF, "application/pdf"),
        (picture, "image/jpeg"),
        (lambda: picture("PNG"), "image/png"),
    ],
)
async def test_a_scan_comes_back_byte_for_byte_and_is_not_readable_in_the_database(
    content: Callable[[], bytes], media_type: str
) -> None:
    small, sent = await small_contest(), content()

    scan = await attach(small, "attendance", sent, part="2024-10-12")
    found = await open_scan(await small.actor("chief"), small.contest, scan)  # type: ignore[arg-type]
    row = await PaperScan.select().where(PaperScan.id == scan).first()

    assert (found.content, found.media_type) == (sent, media_type)
    assert row is not None
    assert sent[:40] not in bytes(row["sealed_content"])
    assert row["sha256"] == hashlib.sha256(sent).hexdigest()


async def test_a_newer_scan_replaces_the_earlier_one_and_both_stay() -> None:
    small = await small_contest()
    first = await attach(small, "check_in", PDF)
    second = await attach(small, "check_in", picture())
    third = await attach(small, "check_in", picture(colour="red"), beside=True)

    kept = {scan.id: scan for scan in await scans_of(small.contest)}

    assert [kept[s].current for s in (first, second, third)] == [False, True, True]  # type: ignore[index]
    assert kept[first].by == "clerk"  # type: ignore[index]


async def test_who_attached_what_is_in_the_audit_without_the_content() -> None:
    small = await small_contest()
    await attach(small, "check_in")

    entries = await audit.entries(Scope("contest", str(small.contest)))

    found = next(entry for entry in entries if entry["action"] == "attach_scan")
    assert found["account"] == small.accounts["clerk"]
    assert hashlib.sha256(PDF).hexdigest() in found["after"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "scan-file-missing"),
        (b"GIF89a nothing", "scan-file-unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "scan-file-unreadable"),
        (b"PK\x03\x04 a workbook", "scan-file-unreadable"),
        (b"%PDF-1.7 cut off", "scan-file-unreadable"),
        (picture()[:200], "scan-file-unreadable"),
        (PDF.replace(b"trailer", b"/OpenAction<</S/JavaScript/JS(x)>> trailer"), "scan-file-locked"),
        (PDF.replace(b"<<>>", b"<</Encrypt 9 0 R>>"), "scan-file-locked"),
        (PDF + b"\0" * (20 * 1024 * 1024), "scan-file-too-large"),
    ],
)  # fmt: skip
async def test_what_is_no_scan_is_refused_whatever_it_is_called(content: bytes, code: str) -> None:
    small = await small_contest()

    with pytest.raises(Invalid) as refused:
        await attach(small, "check_in", content)

    assert [finding.code for finding in refused.value.findings] == [code]
    assert await scans_of(small.contest) == []


async def test_a_judge_attaches_nothing_and_nothing_goes_to_a_paper_that_is_not_there() -> None:
    small = await small_contest()

    with pytest.raises(Forbidden):
        await attach_scan(small.judges[0].actor, small.contest, "check_in", PDF)
    with pytest.raises(Forbidden):  # a clerk may, a leader may not read marks
        await attach_scan(await small.actor("leader"), small.contest, "summary", PDF, part="dish")
    for kind, part in (("menu", ""), ("draw_record", "soup"), ("check_in", "dish")):
        with pytest.raises(NotFound):
            await attach(small, kind, part=part)


async def test_a_scan_of_the_draw_opens_only_after_the_codes_are_open_and_for_who_may_know() -> (
    None
):
    small = await small_contest()
    scan = await attach(small, "draw_record", part="dish")
    organiser, chief = await small.actor("organiser"), await small.actor("chief")

    with pytest.raises(Conflict) as refused:
        await open_scan(organiser, small.contest, scan)  # type: ignore[arg-type]
    await small.judge_everything()
    await small.close()

    assert refused.value.findings[0].code == "scan-sealed"
    assert (await open_scan(organiser, small.contest, scan)).content == PDF  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        await open_scan(chief, small.contest, scan)  # type: ignore[arg-type]


async def test_a_scan_of_another_contest_is_not_found() -> None:
    small, other = await small_contest(), await small_contest()
    scan = await attach(small, "check_in")

    with pytest.raises(NotFound):
        await open_scan(await other.actor("organiser"), other.contest, scan)  # type: ignore[arg-type]


async def test_what_is_missing_grows_with_the_steps_and_shrinks_with_the_scans() -> None:
    small = await small_contest(until="ready")
    assert await missing_of(small) == []

    small = await small_contest()
    running = await missing_of(small)
    for kind, part in running:
        await attach(small, kind, part=part)
    complete = await missing_of(small)
    await small.judge_everything()
    await small.close()

    assert running == [
        ("draw_record", "dish"),
        ("draw_record", "theory"),
        ("check_in", ""),
        ("attendance", "2024-10-12"),
    ]
    assert complete == []
    assert await missing_of(small) == [
        ("summary", "dish"),
        ("summary", "theory"),
        ("result_list", "1"),
    ]


async def test_an_incident_asks_for_its_paper_once_marking_has_ended() -> None:
    small = await small_contest()
    await record_penalty(
        await small.actor("chief"), small.contest, scope="points", module="dish",
        code=await small.code_of(small.entries[0]), reason="x", points=500, now=small.at,
    )  # fmt: skip
    before = await missing_of(small)
    await small.judge_everything()
    await small.close()

    assert ("incident", "") not in before
    assert ("incident", "") in await missing_of(small)


async def test_a_leader_sees_no_paper_with_marks() -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()

    found = await papers_of(small.contest, by=await small.actor("leader"), language="en")

    assert {paper.kind for paper in found} == {
        "draw_record", "check_in", "attendance", "marking_sheet", "incident",
    }  # fmt: skip


async def test_every_paper_of_the_list_can_be_printed() -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    organiser = await small.actor("organiser")

    for paper in await papers_of(small.contest, by=organiser, language="en"):
        made = await print_paper(organiser, small.contest, paper.kind, part=paper.part)
        assert made.content.startswith(b"%PDF-")
