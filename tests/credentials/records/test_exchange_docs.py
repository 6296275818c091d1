"""docs/records/exchange.md says what the program does: its example file is taken in, its changes are those that are told,
and the example that checks employers' messages checks these."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jsonschema_rs import validator_for
from litestar import Litestar

from credentials.employers.asking import RATES
from credentials.employers.keys import EXCHANGE
from credentials.records.exchange import evidence, reading
from credentials.records.exchange.fields import json_schema
from credentials.records.exchange.noticing import CHANGES
from credentials.records.exchange.reading import read

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/records/exchange.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```json\n(.*?)^```", TEXT, re.M | re.S)


def test_the_example_file_fits_the_schema_and_is_read() -> None:
    file = json.loads(EXAMPLES[0])

    (one,) = read(EXAMPLES[0].encode())

    assert not list(validator_for(json_schema()).iter_errors(file))
    assert {k: v for k, v in one.values.items() if v} == file["levels"][0]


def test_every_change_is_written_down() -> None:
    table = TEXT.partition("| `change` | when |")[2]

    assert set(re.findall(r"`(\w+)`", table.partition("\n\n")[0])) - {"kind", "list"} == {*CHANGES, "test"}  # fmt: skip
    assert json.loads(EXAMPLES[1])["change"] in CHANGES


async def test_every_address_is_written_down(app: Litestar) -> None:
    served = {route.path.replace(":uuid", "") for route in app.routes if route.path.startswith("/api/exchange")}  # fmt: skip

    assert set(re.findall(r"`GET (\S+)`", TEXT)) == served


def test_bounds_are_written_down() -> None:
    assert f"at most {reading.LARGEST_MB} MB and {reading.MOST:,} lines" in TEXT
    assert f"at most {evidence.LARGEST_MB} MB" in TEXT
    assert f"at most {RATES[EXCHANGE].left('', now=0).limit} times a minute" in TEXT
