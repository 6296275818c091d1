"""Fixtures of the whole suite: settings, database, app, client, server, browser, Redis.

SQLite by default. With JIANGXIN_TEST_DATABASE_URL (a PostgreSQL server on which databases may be
made) the same tests run there, each on a database of its own, copied from a migrated template.
"""

from __future__ import annotations

pytest_plugins = ["tests.fixtures.storage", "tests.fixtures.processes", "tests.fixtures.skips"]
