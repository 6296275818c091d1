"""Which tables are shown. Every one of them can only be read: rules, checks and the record of changes
stand in front of the tables, and nothing may go around them."""

from __future__ import annotations

from piccolo.columns import Bytea
from piccolo.table import Table

from core.migrations import app_configs

SECRET_COLUMNS = frozenset({"password_hash", "token_hash", "code_hash", "pin_hash", "salt"})
SECRET_TABLES = frozenset({"session", "login_link", "account"})
"""What would let somebody in, or let him try to."""


def shown_tables() -> list[type[Table]]:
    """Those without a sealed column, a key or a secret: there is nothing in those to look at."""
    found = {table for config in app_configs() for table in config.table_classes}
    return sorted((t for t in found if _may_be_shown(t)), key=lambda table: table._meta.tablename)


def _may_be_shown(table: type[Table]) -> bool:
    columns = table._meta.columns
    return not (
        table._meta.tablename in SECRET_TABLES
        or any(isinstance(column, Bytea) for column in columns)
        or any(column._meta.name in SECRET_COLUMNS for column in columns)
    )
