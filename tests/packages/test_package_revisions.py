"""What judges sign is as docs/schemas/revision.json says, and logs that were written before tablets were
shared are read and counted as they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contests.chain import LogLine
from contests.judging.signing import SoftwareDevice
from contests.log import read
from contests.packages.archive import read_path
from contests.packages.recount import recount_files
from contests.packages.signatures import check_signatures
from contests.replay import replay
from contests.sheets import About, Countersign, Paper, read_payload, take_apart
from core.settings import Settings
from tests.contests.storing.kit import MARKS, countersign, tablet
from tests.factories_contests import dish_rules, small_contest
from tests.packages.test_package_schemas import validator

OLD = Path(__file__).parents[1] / "data" / "before_tablets"
ONE, TWO = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "7f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def test_an_older_log_is_counted_as_it_was(settings: Settings) -> None:
    found = recount_files(read_path(OLD))

    assert (found.findings, found.versions, found.sheets) == ((), 1, 18)
    lines = [LogLine(**json.loads(line)) for line in (OLD / "log.jsonl").read_text().splitlines()]
    known = replay(lines)
    assert known.conflicts == {}
    assert known.trial == frozenset()
    assert [len(known.sheets), len(known.corrections)] == [15, 0]


def test_everything_that_may_stand_beside_the_marks_is_in_the_schema() -> None:
    device = SoftwareDevice()
    jws = device.sign_sheet(
        contest=ONE,
        module="A",
        code="07",
        judge=TWO,
        marks={},
        rules="r",
        about={"A1": About(unsure=True, photos=("a" * 64,), file="b" * 64)},
        confirmed="pin",
        scribe=ONE,
        countersign=Countersign(ONE, "read again"),
        swap=ONE,
        paper=Paper((ONE, TWO), "c" * 64),
    )
    parts = take_apart(jws)
    assert parts is not None

    payload, findings = read_payload(parts.payload)

    assert findings == []
    assert payload is not None
    assert payload.about["A1"].photos == ("a" * 64,)
    assert not list(validator("revision.json").iter_errors(json.loads(parts.payload)))


@pytest.mark.parametrize("field", ["about", "confirmed", "scribe", "countersign", "swap", "paper"])
def test_a_payload_without_them_is_the_same_bytes_as_before(field: str) -> None:
    jws = SoftwareDevice().sign_sheet(
        contest=ONE, module="A", code="07", judge=TWO, marks={}, rules="r"
    )
    parts = take_apart(jws)
    assert parts is not None
    assert field not in json.loads(parts.payload)


async def test_a_recount_knows_who_may_countersign(database: Settings) -> None:
    small = await small_contest(rules=dish_rules(lock="entry"))
    seat, code = small.judges[0], next(iter((await small.codes())["dish"]))
    seat.device = await tablet(seat.account, small.accounts["leader"])
    await small.submit(seat, code, MARKS)
    signed = await countersign(small)
    await small.submit(seat, code, {**MARKS, "look": "1"}, countersign=signed)
    lines = await read(small.contest)
    leader = str(small.accounts["leader"])

    absent = [x for x in lines if not (x.kind == "judge_admitted" and leader in x.body)]

    assert check_signatures(lines, small.rules_hash) == []
    assert [f.code for f in check_signatures(absent, small.rules_hash)] == [
        "recount-countersign-wrong"
    ]
