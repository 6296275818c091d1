"""The `jiangxin` command: parse, call, print. The words live in core/commands and in plugins."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from core.commands import COMMANDS
from core.commands.output import complain
from core.errors import JiangxinError
from core.hookspecs import Command
from core.registry import registry
from core.settings import SettingsError

OK, TROUBLE, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """0 done, 1 it found trouble, 2 wrong usage or settings, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        commands = _commands()
        parsed = _parser(commands).parse_args(words)
        return int(parsed.command.run(parsed) or OK)
    except SettingsError as error:
        for problem in error.problems:
            complain(f"jiangxin: {problem}")
        return USAGE
    except JiangxinError as error:
        complain(f"jiangxin: {error}")
        return TROUBLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _commands() -> list[Command]:
    own: list[Command] = [command() for command in COMMANDS]
    ours = {command.word for command in own}
    clashes = [
        f"{plugin.distribution} brings the word {command.word}, which is ours. Uninstall it."
        for plugin in registry().plugins
        for command in plugin.commands
        if command.word in ours
    ]
    if clashes:
        raise SettingsError(clashes)
    return [*own, *registry().commands()]


def _parser(commands: Sequence[Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jiangxin",
        description="Skills contests that a chief referee trusts, certificates that an employer "
        "can check.",
        epilog="Settings are JIANGXIN_* variables: see docs/settings.md.",
    )
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    for command in commands:
        word = words.add_parser(command.word, help=command.help, description=command.help)
        command.arguments(word)
        word.set_defaults(command=command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
