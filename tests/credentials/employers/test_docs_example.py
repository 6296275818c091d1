"""The example in the docs checks what we send, and refuses what somebody repeats or alters."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from credentials.employers.columns import NAMES, NUMBERS
from credentials.employers.messaging import signature, trial_body
from credentials.employers.noticing import CHANGES

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/certificates/employers.md").read_text("utf-8")
SENT = datetime(2026, 11, 30, 8, tzinfo=UTC)
NOW = SENT.timestamp()


def example() -> Any:
    code = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
    names: dict[str, Any] = {}
    exec(code[0], names)
    return names["genuine"]


def test_the_example_takes_a_genuine_message() -> None:
    body = trial_body(uuid4(), SENT)

    assert example()("jxw_secret", signature("jxw_secret", body, SENT), body.encode(), NOW)


def test_the_example_refuses_an_altered_a_foreign_and_a_repeated_one() -> None:
    genuine, body = example(), trial_body(uuid4(), SENT)
    header = signature("jxw_secret", body, SENT)
    later = header.replace(f"t={int(NOW)}", f"t={int(NOW) + 600}")

    assert not genuine("jxw_secret", header, body.replace("test", "lifted").encode(), NOW)
    assert not genuine("jxw_other", header, body.encode(), NOW)
    assert not genuine("jxw_secret", header, body.encode(), NOW + 301)
    assert not genuine("jxw_secret", later, body.encode(), NOW + 600)
    assert not genuine("jxw_secret", "nonsense", body.encode(), NOW)


def test_every_change_and_every_heading_that_is_written_down_is_there() -> None:
    table = set(
        re.findall(r"`(\w+)`", TEXT.partition("| `change` | when |")[2].partition("```")[0])
    )
    headings = re.search(r"^\| number \| (.+?) …", TEXT, re.M)
    names = re.search(r"^\| name \| (.+?) …", TEXT, re.M)

    assert table == {*CHANGES, "test"}
    assert headings
    assert names
    assert {word.lower() for word in headings[1].split(", ")} <= set(NUMBERS)
    assert set(names[1].split(", ")) <= set(NAMES)
