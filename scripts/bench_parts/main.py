"""Measures what was promised: `scripts/bench [PART …] [--scale 0.1]`, every part by default.

A part is a module beside this one with `run(scale: float = 1.0) -> list[Row]`.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import platform
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from table import Row, render  # noqa: E402 - its folder was put on the path above


def parts() -> list[str]:
    known = {path.stem for path in HERE.glob("*.py")} - {"main", "table"}
    return sorted(name for name in known if not name.startswith("_"))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of {', '.join(parts())}; all by default")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is the promised size")
    given = parser.parse_args(arguments)
    unknown = sorted(set(given.part) - set(parts()))
    if unknown:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(parts())}")
    rows: list[Row] = []
    for name in given.part or parts():
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(name).run(given.scale)
    print(render(rows))
    print(f"\n{_machine()}, scale {given.scale:g}")
    return 0 if all(row.holds for row in rows) else 1


def _machine() -> str:
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in _read("/proc/cpuinfo").splitlines()
            if line.startswith("model name")
        ),
        platform.processor() or platform.machine(),
    )
    return f"{today}, {os.cpu_count()} cores {cpu}, Python {platform.python_version()}"


def _read(path: str) -> str:
    file = Path(path)
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
