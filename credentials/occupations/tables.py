"""The loaded list of occupations."""

from __future__ import annotations

from piccolo.columns import Text, Timestamptz
from piccolo.table import Table


class Occupation(Table):
    """One occupation. `title`: canonical JSON of a Text. `list_name`: what its list calls itself, with
    its year."""

    code = Text(primary_key=True)
    title = Text()
    list_name = Text(default="")
    loaded_at = Timestamptz(default=None)


TABLES: list[type[Table]] = [Occupation]
