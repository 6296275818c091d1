"""Where commands write: answers to stdout, trouble to stderr."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))


def complain(line: str) -> None:
    sys.stderr.write(line + "\n")
