"""Fixtures of the whole suite: settings, database, app, client, server, browser, Redis.

SQLite by default. With JIANGXIN_TEST_DATABASE_URL (a PostgreSQL server on which databases may be
made) the same tests run there, each on a database of its own, copied from a migrated template.
"""

from __future__ import annotations

import os
import re

pytest_plugins = [
    "tests.fixtures.storage",
    "tests.fixtures.processes",
    "tests.fixtures.chromium",
    "tests.fixtures.other_browsers",
    "tests.fixtures.weather",
    "tests.fixtures.skips",
    "tests.fixtures.second_try",
    "tests.fixtures.long_first",
]

REDIS = "JIANGXIN_TEST_REDIS_URL"


def _a_database_of_redis_for_each_process() -> None:
    """Side by side one process must not empty the other's queue."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    found = re.fullmatch(r"(.*/)([0-9]+)", os.environ.get(REDIS, ""))
    if worker.startswith("gw") and found:
        os.environ[REDIS] = f"{found[1]}{(int(found[2]) + int(worker[2:])) % 16}"


_a_database_of_redis_for_each_process()
