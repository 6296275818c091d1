"""The work of a stack: killed, cancelled, and looked at in a process that may be ended."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import httpx
import pytest

from core import outbox
from core.jobs import read_job
from core.registry import registry
from core.security import SYSTEM
from core.settings import Settings
from credentials.stacks import eyes as looking
from credentials.stacks.reading import kind_of
from credentials.stacks.tables import Stack, StackFile
from tests.credentials.facts import issued, issuers
from tests.credentials.stacks.kit import (
    begun,
    blank,
    id_in,
    link,
    merged,
    pdf_of,
    rows_in,
    sent,
)
from tests.fixtures.processes import ROOT, environment_of

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def loaded() -> None:
    registry()


def worker(settings: Settings) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.credentials.stacks.stack_process"]
    return subprocess.Popen(command, cwd=ROOT, env=environment_of(settings))


async def some_pages(stack: str) -> int:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        rows = await StackFile.select(StackFile.pages, StackFile.done_at)
        done = sum(row["done_at"] is not None for row in rows)
        if 0 < done < len(rows):
            return done
        if not rows:
            break
        await asyncio.sleep(0.02)
    pytest.fail("the work never was in its middle")


async def test_a_killed_worker_s_stack_is_finished_by_the_next_one_and_no_row_is_twice(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    pdf = await pdf_of(await issued(name="欧阳晓明"))
    stack = await begun(client, await link(), "en")
    files = {f"{n}.pdf": merged([pdf, pdf]) for n in range(8)}
    await sent(client, stack, files)
    await client.post(f"{stack}/send")

    first = await asyncio.to_thread(worker, database)
    done = await some_pages(stack)
    first.kill()
    await asyncio.to_thread(first.wait)
    kept = await StackFile.count().where(StackFile.done_at.is_not_null())
    second = await asyncio.to_thread(worker, database)
    code = await asyncio.to_thread(second.wait, 120)

    assert code == 0
    assert done <= kept < 8
    rows = rows_in((await client.get(f"{stack}/result/xlsx")).content)
    assert [(row["File"], row["Page"]) for row in rows] == [
        (name, str(page)) for name in files for page in (1, 2)
    ]
    assert {row["Verdict"] for row in rows} == {"Genuine"}


async def test_cancelled_work_keeps_the_files_and_is_tried_again(
    client: httpx.AsyncClient, database: Settings
) -> None:
    stack = await begun(client, await link(), "en")
    await sent(client, stack, {"1.png": blank(), "2.png": blank()})
    await client.post(f"{stack}/send")

    cancelled = await client.post(f"{stack}/cancel")
    await outbox.drain()
    page = await client.get(stack, headers={"Accept-Language": "en"})
    files = await StackFile.count()
    again = await client.post(f"{stack}/again")
    await outbox.drain()

    assert (cancelled.status_code, again.status_code) == (303, 303)
    assert "cancelled by hand" in page.text
    assert files == 2
    row = (await Stack.select())[0]
    assert row["made_at"] is not None
    assert (await read_job(SYSTEM, row["job"])).state == "done"
    assert len(rows_in((await client.get(f"{stack}/result/xlsx")).content)) == 2
    assert (await client.post(f"{stack}/cancel")).status_code == 409
    assert id_in(stack) == row["id"]


async def test_a_page_that_takes_too_long_ends_its_process_and_the_next_file_is_read(
    database: Settings,
) -> None:
    slow = looking.Eyes(seconds=0.0)
    told = [answer async for answer in slow.look("picture", blank())]
    await slow.close()

    async with looking.eyes() as good:
        read = [answer async for answer in good.look("picture", blank())]
        small = [answer async for answer in good.look("pdf", b"%PDF-nothing")]

    assert told == [{"page": 1, "problem": "slow"}]
    assert read[-1] == {"page": 1, "codes": []}
    assert small == [{"problem": "broken"}]


async def test_the_process_that_looks_has_neither_our_settings_nor_endless_memory() -> None:
    program = (
        "import os, resource, sys; sys.argv = ['eye', '{\"memory\": 1610612736}'];"
        f"exec(open({str(looking.EYE)!r}).read().split('if __name__')[0]); _hold_memory(1610612736);"
        "print(len(os.environ), resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    answer = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", program, stdout=asyncio.subprocess.PIPE, env={}
    )
    said, _ = await answer.communicate()

    variables, memory = said.decode().split()
    assert int(variables) <= 1  # LC_CTYPE, which Python sets itself
    assert int(memory) == 1536 * 1024 * 1024
    source = looking.EYE.read_text("utf-8")
    assert not any(
        line.startswith(("from core", "from credentials")) for line in source.split("\n")
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"RIFF\0\0\0\0WEBP", "picture"),
        (b"\0\0\0\x18ftypheic", "picture"),
        (b"\0\0\0\x18ftypavif", "picture"),
        (b"\0\0\0\x18ftypmp42", "unknown"),
        (b"PK\x03\x04 xl/workbook.xml", "table"),
        (b"PK\x03\x04 [Content_Types].xml word/", "office"),
        (b"PK\x03\x04 a.pdf", "archive"),
        (b"\xef\xbb\xbf <svg/>", "svg"),
        (b"Rar!\x1a\x07", "other-archive"),
        (b"II*\0", "other-picture"),
        (b"", "empty"),
        (b"eyJ.e.s", "text"),
        (b"\xd0\xcf\x11\xe0", "unknown"),
    ],
)
def test_a_file_is_known_by_its_content(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind
