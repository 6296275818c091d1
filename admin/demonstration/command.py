"""Plays the demonstration on a fresh installation and leaves its server up."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx

from admin.demonstration.play import Demonstration, Outcome
from admin.demonstration.progress import Report
from admin.demonstration.tryout import Tryout
from core import settings as settings_module
from core.commands.loop import run_loop
from core.commands.output import complain, say
from core.installation import write_secrets
from core.process import ready
from core.serving import cannot_listen, delivering, server_of
from core.settings import Settings

if sys.platform != "win32":
    import fcntl

MARKER = "this-is-a-demonstration"
COLUMNS = ("contests", "entrants", "sheets", "marks", "certificates", "verified", "seconds")


def demonstrate(arguments: Namespace) -> int:
    """Plays it in the folder `arguments.data`; 2 when folder or port serve something else."""
    data: Path = arguments.data
    if problem := _unfit(data) or cannot_listen(_settings(data, arguments.port)):
        complain(problem)
        return 2
    with _alone(data) as alone:
        if not alone:
            complain(
                f"Another demonstration is running in {data}. End it (Ctrl-C in its terminal), "
                "or name another folder: --data FOLDER"
            )
            return 2
        _clear(data)
        write_secrets(data)
        settings = _settings(data, arguments.port)
        settings_module.use(settings)
        return run_loop(_demonstrate(settings, arguments))


def _unfit(data: Path) -> str:
    """Why a demonstration may not empty this folder; "" when it may."""
    if data.is_file() or (data.exists() and any(data.iterdir()) and not (data / MARKER).exists()):
        return f"{data} holds something else. Name an empty folder: --data FOLDER"
    return ""


@contextmanager
def _alone(data: Path) -> Iterator[bool]:
    """Whether the folder is ours alone while this lasts: nobody's database vanishes under them."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / MARKER).open("a") as marker:
        if sys.platform != "win32":
            try:
                fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
        yield True


def _clear(data: Path) -> None:
    for item in data.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        elif item.name != MARKER:
            item.unlink()


def _settings(data: Path, port: int) -> Settings:
    return settings_module.load({"JIANGXIN_DATA": str(data), "JIANGXIN_PORT": str(port)})


async def _demonstrate(settings: Settings, arguments: Namespace) -> int:
    report = Report()
    async with ready(settings), delivering(settings), _serving(settings) as serving:
        async with httpx.AsyncClient(base_url=settings.origin, timeout=60) as client:
            with report.running():
                outcome = await Demonstration(client, report).run()
        _show(report, outcome)
        if arguments.json:
            _print_json(outcome)
        if arguments.exit:
            words = f"JIANGXIN_DATA={arguments.data} scripts/jiangxin serve --port {settings.port}"
            report.say(f"The links open while it is served: {words}")
        else:
            report.say(f"Serving {settings.origin} (Ctrl-C ends it).")
            await serving
    return 0


@asynccontextmanager
async def _serving(settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    server = server_of(settings)
    running = asyncio.create_task(server.serve())
    while not server.started:
        if running.done():
            raise SystemExit(f"Port {settings.port} can't be used. Name another one: --port 8010")
        await asyncio.sleep(0.02)
    try:
        yield running
    finally:
        server.should_exit = True
        await running


def _show(report: Report, outcome: Outcome) -> None:
    values = [str(getattr(outcome, column)) for column in COLUMNS]
    report.table("匠心 Jiangxin", COLUMNS, [values])
    report.say("Log-in links, one for each role; each works once:")
    for role, link in outcome.links.items():
        report.say(f"  {role:<20}{link}")
    if outcome.tryout is not None:
        _show_tryout(report, outcome.tryout)


def _show_tryout(report: Report, tryout: Tryout) -> None:
    report.say("Mark yourself: one contest is open. In two browsers (or a private window):")
    report.say(f"  {'control room':<20}{tryout.control}")
    report.say(f"  {'a shared tablet':<20}{tryout.tablet} (within 15 minutes)")
    report.say("  first PINs, to be changed at the first use:")
    for who, pin in tryout.pins.items():
        report.say(f"    {pin}  {who}")


def _print_json(outcome: Outcome) -> None:
    shown = {name: getattr(outcome, name) for name in (*COLUMNS, "jwks", "samples")}
    say(json.dumps(shown, ensure_ascii=False))
