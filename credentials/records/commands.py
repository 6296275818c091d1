"""`jiangxin explain`: parse, call, print."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from typing import Any
from uuid import UUID

from core.errors import NotFound
from core.process import run
from core.web.i18n import LANGUAGES
from credentials.records.explaining import as_json, explained

SIGNS = {True: "met    ", False: "not met", None: "unknown"}


class Explain:
    word = "explain"
    help = "explain a proposal: each condition of its rule, what was found, the source"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "proposal", type=UUID, help="a proposal's id, from the console or the API"
        )
        parser.add_argument("--language", choices=LANGUAGES, default="en")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, arguments: Namespace) -> int:
        """0 explained, 2 when there is no such proposal."""
        return run(lambda: _explain(arguments))


async def _explain(arguments: Namespace) -> int:
    try:
        found = as_json(await explained(arguments.proposal), arguments.language)
    except NotFound:
        print(f"jiangxin: there is no proposal {arguments.proposal} here", file=sys.stderr)
        return 2
    print(json.dumps(found, ensure_ascii=False, indent=2) if arguments.json else _told(found))
    return 0


def _told(found: dict[str, Any]) -> str:
    until = f" to {found['valid_until']}" if found["valid_until"] else ""
    lines = [
        f"{found['title']} -> {found['authority']} ({found['state']})",
        *(f"  {SIGNS[c['met']]}  {c['wanted']}: {c['found']}" for c in found["checks"]),
        f"  clause: {found['clause']}" if found["clause"] else "",
        f"  rules:  {found['pack']}, in force from {found['valid_from']}{until}" if found["valid_from"] else "",
        f"  source: {found['source']}" if found["source"] else "",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)
