"""A draft in traditional characters out of simplified ones, for a reader to correct. Pure.

`characters.csv` was made with OpenCC 1.4.2 (configuration s2hk, Apache-2.0) and the house's words: one
character after another, with the words in which a character has a second form. Never for names of persons.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path


def traditional(text: str) -> str:
    """As Hong Kong and Macao write."""
    table, words = _tables()
    return words.sub(lambda found: table[found.group()], text)


@cache
def _tables() -> tuple[dict[str, str], re.Pattern[str]]:
    with Path(__file__).with_name("characters.csv").open(encoding="utf-8", newline="") as file:
        table = {row["simplified"]: row["traditional"] for row in csv.DictReader(file)}
    longest_first = sorted(table, key=len, reverse=True)
    long = [re.escape(word) for word in longest_first if len(word) > 1]
    single = "".join(word for word in longest_first if len(word) == 1)
    return table, re.compile("|".join([*long, f"[{single}]"]))
