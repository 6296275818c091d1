"""`jiangxin serve`: the web server; embedded, also the worker and its queue, in one process."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from core.commands.loop import run_loop
from core.commands.output import say
from core.installation import write_secrets
from core.settings import Settings, override, use


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
        from core.serving import serve  # late: most words need no web server

        return run_loop(serve(settings))


def _is_new(settings: Settings) -> bool:
    return settings.embedded and not settings.sqlite_path.exists()
