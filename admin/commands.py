"""Words of the `jiangxin` command that the admin package adds."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path


class Demo:
    word = "demo"
    help = "play a whole competition on a fresh installation and leave its server up"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--exit", action="store_true", help="end instead of serving")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--port", type=int, default=8000, help="port of the server (8000)")
        parser.add_argument(
            "--data", type=Path, default=Path("demo-data"), help="its own folder (./demo-data)"
        )

    def run(self, arguments: Namespace) -> int:
        from admin.demonstration.command import demonstrate  # late: it needs the web server

        return demonstrate(arguments)
