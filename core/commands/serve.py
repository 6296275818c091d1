"""`jiangxin serve`: the web server; embedded, also the worker and its queue, in one process."""

from __future__ import annotations

import asyncio
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

import uvicorn

from core import embedded, worker
from core.commands.loop import run_loop
from core.commands.output import say
from core.installation import write_secrets
from core.process import ready
from core.settings import Settings, override, use

GRACE_SECONDS = 5


class Serve:
    word = "serve"
    help = "run the web server (on SQLite: with the worker inside)"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="address to listen on (JIANGXIN_HOST)")
        parser.add_argument("--port", help="port to listen on (JIANGXIN_PORT)")

    def run(self, arguments: Namespace) -> int:
        settings = override(host=arguments.host, port=arguments.port)
        if settings.secrets is None and _is_new(settings):
            path = write_secrets(settings.data)
            say(f"A new installation: made its secrets in {path}. Keep a copy of it.")
            settings = override(host=arguments.host, port=arguments.port)
        use(settings)
        return run_loop(_serve(settings))


def _is_new(settings: Settings) -> bool:
    return settings.embedded and not settings.sqlite_path.exists()


async def _serve(settings: Settings) -> int:
    from core.app import create_app  # late, so that a refusal is quick

    async with ready(settings), _delivering(settings):
        config = uvicorn.Config(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        say(f"Serving {settings.origin} (Ctrl-C ends it).")
        server = _Server(config)
        await server.serve()
    return 0 if server.started else 1


@asynccontextmanager
async def _delivering(settings: Settings) -> AsyncIterator[None]:
    """Embedded: a worker inside, with a queue of its own. In production: nudges for the workers."""
    async with AsyncExitStack() as stack:
        url = settings.redis_url
        if settings.embedded:
            url = url or await stack.enter_async_context(embedded.queue(settings))
            await stack.enter_async_context(worker.working(settings, url))
        if url:
            await stack.enter_async_context(worker.nudging(settings, url))
        yield


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn would raise the signal again when it has shut down, before our own end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
