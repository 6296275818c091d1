"""`jiangxin serve`: the web server; embedded, also the worker and its queue, in one process."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from core.commands.loop import run_loop
from core.commands.output import say
from core.installation import write_secrets
from core.registry import use_registry
from core.settings import Settings, current, override, use

if TYPE_CHECKING:
    from core.serving import Server


class Surroundings(Protocol):
    """What a package that ships with us adds to `jiangxin serve`: `surround(…)` names it.

    `given` are the settings that its arguments set; `settings` may change them all before anything
    is opened, and raises SettingsError for what can't be; `beside` lasts as long as the server.
    """

    def arguments(self, parser: ArgumentParser) -> None: ...

    def given(self, arguments: Namespace) -> Mapping[str, object]: ...

    def settings(self, settings: Settings) -> Settings: ...

    def beside(self, settings: Settings, server: Server) -> AbstractAsyncContextManager[None]: ...


_known: dict[str, Callable[[], Surroundings]] = {}


def surround(name: str, make: Callable[[], Surroundings]) -> None:
    """Once is enough, twice does no harm."""
    _known[name] = make


class Serve:
    word = "serve"
    help = "run the web server (on SQLite: with the worker inside)"

    def __init__(self) -> None:
        self._surroundings: list[Surroundings] = []

    def arguments(self, parser: ArgumentParser) -> None:
        self._surroundings = [make() for make in _known.values()]
        parser.add_argument("--host", help="address to listen on (JIANGXIN_HOST)")
        parser.add_argument("--port", help="port to listen on (JIANGXIN_PORT)")
        parser.add_argument(
            "--certificate", metavar="PEM", help="speak https with it (JIANGXIN_TLS_CERTIFICATE)"
        )
        parser.add_argument("--key", metavar="PEM", help="its private key (JIANGXIN_TLS_KEY)")
        for one in self._surroundings:
            one.arguments(parser)

    def run(self, arguments: Namespace) -> int:
        given: dict[str, object] = {
            "host": arguments.host,
            "port": arguments.port,
            "tls_certificate": arguments.certificate,
            "tls_key": arguments.key,
        }
        for one in self._surroundings:
            given |= one.given(arguments)
        settings = override(**given)
        if settings.secrets is None and _is_new(settings):
            path = write_secrets(settings.data)
            say(f"A new installation: made its secrets in {path}. Keep a copy of it.")
            settings = override(**given)
        for one in self._surroundings:
            settings = one.settings(settings)
        if settings.origin != current().origin:
            use_registry(None)  # plugins were told another origin when the words were collected
        use(settings)
        from core.serving import serve  # late: most words need no web server

        return run_loop(serve(settings, [one.beside for one in self._surroundings]))


def _is_new(settings: Settings) -> bool:
    return settings.embedded and not settings.sqlite_path.exists()
