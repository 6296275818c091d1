"""Pictures of the organiser's console, and a report of what is wrong with its pages."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from scripts.pictures_parts.installation import (  # noqa: E402
    installation,
    logged_in,
    opened_browser,
)
from scripts.pictures_parts.main_ones import photograph_main_ones  # noqa: E402
from scripts.pictures_parts.walking import Walk  # noqa: E402
from tests.fixtures.processes import Server  # noqa: E402


def main() -> int:
    arguments = _arguments()
    with installation(arguments.demonstration) as server:
        found = asyncio.run(_photograph(server, arguments))
    for place, wrong in found.items():
        print(place, *wrong, sep="\n    ")
    return 1 if found else 0


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="scripts/console-pictures", description=__doc__)
    add = parser.add_argument
    add(
        "--all", type=Path, metavar="FOLDER", help="every page into this folder, not the docs' ones"
    )
    add("--size", action="append", metavar="1440x900", help="of the window; may be repeated")
    add("--language", action="append", metavar="zh-Hans", help="may be repeated")
    add("--only", default="", metavar="PATTERN", help="only pages whose address matches")
    add("--demonstration", type=Path, metavar="FOLDER", help="play it there once, and use it again")
    return parser.parse_args()


async def _photograph(server: Server, arguments: Namespace) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language in arguments.language or ["zh-Hans"]:
        for size in arguments.size or ["1440x900"]:
            async with (
                opened_browser(language) as browser,
                logged_in(browser, server, size, language) as page,
            ):
                walk = Walk(server.url, page, language)
                if arguments.all:
                    wrong = await walk.everything(
                        arguments.all / f"{language}-{size}", arguments.only
                    )
                else:
                    wrong = await photograph_main_ones(walk, ROOT / "docs/pictures/console")
                found |= {f"{language} {size} {address}": each for address, each in wrong.items()}
    return found


if __name__ == "__main__":
    sys.exit(main())
