"""The web server's process: embedded it is the worker and its queue as well."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from pathlib import Path
from types import FrameType

import uvicorn

from core import embedded, first_run, set_up_first, streams, worker
from core.app import create_app
from core.commands.output import complain, say
from core.process import ready
from core.settings import Settings, remember_served
from core.tables import Account

GRACE_SECONDS = 5
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2, for old tablets; uvicorn's own choice names TLS 1.0."""


async def serve(settings: Settings, beside: Sequence[Beside] = ()) -> int:
    """Until a signal ends it. The exit code: 1 when it could not listen."""
    if problem := cannot_listen(settings):
        complain(problem)
        return 1
    async with ready(settings), delivering(settings), AsyncExitStack() as stack:
        server = server_of(settings)
        remember_served(settings)
        for enter in beside:
            await stack.enter_async_context(enter(settings, server))
        say(f"Serving {settings.origin} (Ctrl-C ends it).")
        if not await Account.exists():
            say(f"This installation is new. Set it up at {settings.origin}{set_up_first.PATH}")
            say(f"The page asks for this code, which works once: {await first_run.arm(settings)}")
        await server.serve()
    return 0 if server.started else 1


def cannot_listen(settings: Settings) -> str:
    """Why nobody could reach a server of ours, before anything is opened; "" when it can listen."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        number = error.errno or 0
        reason = os.strerror(number) if number > 0 else error.strerror
        return (
            f"Port {settings.port} of {settings.host} can't be used: {reason}. "
            f"Name another one: --port {settings.port + 10}"
        )
    return ""


def server_of(settings: Settings) -> Server:
    """The web server of this process, not yet listening."""
    streams.begin()
    return Server(
        uvicorn.Config(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # trusted_proxies decides, in one place
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            ssl_ciphers=CIPHERS,
        )
    )


@asynccontextmanager
async def delivering(settings: Settings) -> AsyncIterator[None]:
    """Embedded: a worker inside, with a queue of its own. In production: nudges for the workers."""
    async with AsyncExitStack() as stack:
        url = settings.redis_url
        if settings.embedded:
            url = url or await stack.enter_async_context(embedded.queue(settings))
            await stack.enter_async_context(worker.working(settings, url))
        if url:
            await stack.enter_async_context(worker.nudging(settings, url))
        yield


class Server(uvicorn.Server):
    def use_certificate(self, certificate: Path, key: Path) -> None:
        """Connections from now on see this certificate; those that are open go on."""
        if self.config.loaded and self.config.ssl is not None:
            self.config.ssl.load_cert_chain(certificate, key)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """uvicorn waits for every open answer; one that never ends by itself is told to."""
        streams.end()
        super().handle_exit(sig, frame)

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


Beside = Callable[[Settings, Server], AbstractAsyncContextManager[None]]
"""What runs beside the web server while it serves."""
