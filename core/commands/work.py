"""`jiangxin worker`: delivers the outbox until it is told to stop. Run as many as are needed."""

from __future__ import annotations

import asyncio
import signal
from argparse import ArgumentParser, Namespace

from core import outbox
from core.commands.loop import run_loop
from core.commands.output import say
from core.process import ready
from core.settings import Settings, current


class Work:
    word = "worker"
    help = "deliver what must happen after each change (in production; as many as needed)"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--drain", action="store_true", help="deliver everything that is due, then end"
        )

    def run(self, arguments: Namespace) -> int:
        settings = current()
        return run_loop(_drain(settings) if arguments.drain else _work(settings))


async def _work(settings: Settings) -> int:
    from core import worker  # late: arq takes longer to import than most words to run

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with ready(settings), worker.working(settings, settings.redis_url):
        by = "nudged by the queue" if settings.redis_url else "by sweeping alone"
        say(f"Delivering {by} (Ctrl-C ends it).")
        await stop.wait()
    return 0


async def _drain(settings: Settings) -> int:
    async with ready(settings):
        say(f"{await outbox.drain()} delivered.")
        return 1 if await outbox.stuck() else 0
