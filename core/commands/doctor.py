"""`jiangxin doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace

from core import db
from core.commands.output import say, say_json
from core.diagnosis import Check, Verdict, diagnose
from core.settings import Settings, current

_SIGNS = {Verdict.OK: "ok ", Verdict.WARNING: " ! ", Verdict.BAD: "BAD"}


class Doctor:
    word = "doctor"
    help = "say what is wrong with this installation; exit code 1 when something is"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def run(self, arguments: Namespace) -> int:
        checks = asyncio.run(_diagnose(current()))
        if arguments.json:
            say_json([{"name": c.name, "verdict": c.verdict, "message": c.message} for c in checks])
        else:
            for check in checks:
                say(f"{_SIGNS[check.verdict]}  {check.name:13} {check.message}")
        return 1 if any(check.verdict is Verdict.BAD for check in checks) else 0


async def _diagnose(settings: Settings) -> list[Check]:
    async with db.opened(settings):
        return await diagnose(settings)
