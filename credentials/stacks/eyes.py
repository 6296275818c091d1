"""Asks the process that looks at files (`eye.py`), and ends it when a page takes too long or too much."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.errors import Unavailable
from credentials.stacks import bounds

EYE = Path(__file__).with_name("eye.py")
NEEDED = {"zxingcpp": "zxing-cpp", "pypdfium2": "pypdfium2"}
"""Module and package: both are needed to look at paper, and at nothing else."""
_BOUNDS = {
    "memory": bounds.MEMORY,
    "pixels": bounds.PIXELS,
    "pages": bounds.PAGES,
    "token": bounds.TEXT_BYTES,
    "unpacked": bounds.UNPACKED,
    "file": bounds.FILE_BYTES,
    "files": bounds.FILES,
    "rows": bounds.STACK_PAGES * 5,
}
_LONGEST_LINE = 512 * 1024
_TOGETHER = asyncio.Semaphore(2)


class NoEyes(Unavailable):
    slug = "no-eyes"
    title = (
        "This server can't look at pictures and PDFs yet. Ask its operator to run:"
        " pip install {packages}"
    )


class _Ended(Exception):
    """`args[0]`: "slow" or "memory"."""


def check_able() -> None:
    """Raises NoEyes."""
    lacking = [package for module, package in NEEDED.items() if find_spec(module) is None]
    if lacking:
        raise NoEyes(packages=" ".join(lacking))


class Eyes:
    """One process, begun when first needed and again after each that had to be ended."""

    def __init__(self, seconds: float = bounds.SECONDS_A_PAGE) -> None:
        self._seconds = seconds
        self._process: asyncio.subprocess.Process | None = None

    async def look(
        self, kind: str, data: bytes, *, start: int = 1
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """What `eye.py` says of a file, line by line, `content` with an archive's entries. A page that
        ends the process is told as a problem, and the pages behind it are still looked at."""
        pages, said = 0, start - 1
        while True:
            try:
                async for answer in self._asked(kind, data, said + 1):
                    pages, said = int(answer.get("pages", pages)), int(answer.get("page", said))
                    yield answer
                return
            except _Ended as ended:
                await self.close()
                said += 1
                yield {"page": said, "problem": ended.args[0]}
                if kind != "pdf" or not said < pages:
                    return

    async def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _asked(
        self, kind: str, data: bytes, start: int
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        process = self._process = self._process or await _begun()
        assert process.stdin is not None
        head = json.dumps({"kind": kind, "size": len(data), "from": start}).encode() + b"\n"
        process.stdin.write(head)
        sending = asyncio.create_task(_sent(process.stdin, data))
        ended = False
        try:
            while not (answer := await self._answer(process)).get("end"):
                yield answer
            ended = True
        finally:
            sending.cancel()
            if not ended:  # what it still has to say belongs to no further file
                await self.close()

    async def _answer(self, process: asyncio.subprocess.Process) -> dict[str, Any]:
        assert process.stdout is not None
        try:
            async with asyncio.timeout(self._seconds):
                line = await process.stdout.readline()
                answer: dict[str, Any] = json.loads(line) if line else {}
                if "entry" in answer and "size" in answer:
                    answer["content"] = await process.stdout.readexactly(answer["size"])
        except TimeoutError:
            raise _Ended("slow") from None
        except (ValueError, asyncio.IncompleteReadError):
            raise _Ended("memory") from None
        if not answer:  # the process is gone
            raise _Ended("memory")
        return answer


@asynccontextmanager
async def eyes(seconds: float = bounds.SECONDS_A_PAGE) -> AsyncIterator[Eyes]:
    """Two at a time in each of our processes; the others wait. Raises NoEyes."""
    check_able()
    async with _TOGETHER:
        made = Eyes(seconds)
        try:
            yield made
        finally:
            await made.close()


async def _begun() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(EYE),
        json.dumps(_BOUNDS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LONGEST_LINE,
        env={},
    )


async def _sent(stdin: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        stdin.write(data)
        await stdin.drain()
