"""The works that won, by their entry's id. No name: events carry none."""

from __future__ import annotations

from piccolo.columns import UUID, Text
from piccolo.table import Table


class CarvedWork(Table):
    id = UUID(primary_key=True, default=None)
    contest = Text()
    total = Text()
