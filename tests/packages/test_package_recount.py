"""A finished contest, exported, counts again to the same places; whatever was altered is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
import pytest_asyncio

from contests.chain import LogLine, chained
from contests.judging.signing import SoftwareDevice
from contests.packages.archive import Files, with_sums
from contests.packages.exporting import export_contest
from contests.packages.reading import place, read_log
from contests.packages.recount import Recount, recount_files
from contests.sheets import SHEET_TYPE, b64
from core.errors import ContestTypeMissing
from core.scoring.codec import canonical
from core.scoring.model import Finding
from core.security import SYSTEM
from core.settings import Settings
from tests.factories_contests import small_contest

pytestmark = pytest.mark.engine


@pytest_asyncio.fixture
async def exported(database: Settings) -> dict[str, bytes]:
    """A closed and finished contest of four entrants and three judges."""
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    await small.finish()
    return (await export_contest(SYSTEM, small.contest))[1]


def recount(contents: dict[str, bytes]) -> Recount:
    return recount_files(Files(dict(contents)))


def log_of(contents: dict[str, bytes]) -> list[LogLine]:
    lines, findings = read_log(contents["log.jsonl"])
    assert not findings
    return list(lines)


def with_log(contents: dict[str, bytes], lines: list[LogLine]) -> dict[str, bytes]:
    """The package with another log and sums that fit it, as a careful forger would leave it."""
    text = b"".join(canonical(line) + b"\n" for line in lines)
    return with_sums({**contents, "log.jsonl": text})


def forged(contents: dict[str, bytes], lines: list[LogLine]) -> dict[str, bytes]:
    """The same with a contest.json that names the new end of the log."""
    contest = json.loads(contents["contest.json"])
    contest["log"] = {"head": lines[-1].hash, "length": len(lines)}
    return with_log({**contents, "contest.json": canonical(contest)}, lines)


def rechained(lines: list[LogLine], number: int, change: Callable[[str], str]) -> list[LogLine]:
    """Entry `number` with another body, and every hash from there on made again."""
    made, previous = [], ""
    for line in lines:
        body = change(line.body) if line.seq == number else line.body
        line = chained(
            line.contest, seq=line.seq, kind=line.kind, at=line.at, body=body, prev=previous
        )
        made.append(line)
        previous = line.hash
    return made


def codes(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {place(finding): finding.code for finding in findings}


async def test_an_untouched_export_agrees_with_itself(exported: dict[str, bytes]) -> None:
    counted = recount(exported)

    assert counted.findings == ()
    assert counted.sheets == 3 * 4 + 4
    assert counted.results is not None
    assert [s.rank for s in counted.results.standings] == [1, 2, 3, 4]


async def test_every_flipped_bit_of_the_log_is_named(exported: dict[str, bytes]) -> None:
    """One bit in each of a hundred places of the file, the line feeds included."""
    data = exported["log.jsonl"]

    for at in range(7, len(data), max(1, len(data) // 100)):
        flipped = bytearray(data)
        flipped[at] ^= 1 << (at % 7)
        number = data.count(b"\n", 0, at) + 1
        counted = recount(with_sums({**exported, "log.jsonl": bytes(flipped)}))
        told = [
            int(n) for f in counted.findings for n in re.findall(r"log\.jsonl/(\d+)", f.pointer)
        ]
        assert told, f"byte {at} of entry {number} was flipped and nothing was said"
        assert min(told) in (number, number + 1)


async def test_a_missing_entry_is_named_by_its_number(exported: dict[str, bytes]) -> None:
    lines = log_of(exported)

    counted = recount(with_log(exported, lines[:4] + lines[5:]))

    missing = [f for f in counted.findings if f.code == "log-missing"]
    assert [f.params["seq"] for f in missing] == ["5"]


async def test_a_reordered_entry_is_named_by_its_number(exported: dict[str, bytes]) -> None:
    lines = log_of(exported)
    lines[6], lines[7] = lines[7], lines[6]

    counted = recount(with_log(exported, lines))

    assert {f.params["seq"] for f in counted.findings} >= {"7"}


async def test_a_log_that_was_cut_off_does_not_end_where_the_contest_says(
    exported: dict[str, bytes],
) -> None:
    counted = recount(with_log(exported, log_of(exported)[:-1]))

    assert "log-head-differs" in {f.code for f in counted.findings}


async def test_a_mark_that_was_rewritten_with_all_hashes_still_fails_its_signature(
    exported: dict[str, bytes],
) -> None:
    lines = log_of(exported)
    number = next(line.seq for line in lines if line.kind == "sheet")

    def forge(body: str) -> str:
        value = json.loads(body)
        header, payload, signature = value["jws"].split(".")
        value["jws"] = f"{header}.{payload}.{signature[:-4]}AAAA"
        return canonical(value).decode()

    counted = recount(forged(exported, rechained(lines, number, forge)))

    assert codes(counted.findings)[f"log.jsonl entry {number}"] == "recount-signature-wrong"


async def test_a_sheet_of_a_key_that_nobody_enrolled_is_named(exported: dict[str, bytes]) -> None:
    lines = log_of(exported)
    number = next(line.seq for line in lines if line.kind == "sheet")
    stranger = SoftwareDevice()

    def forge(body: str) -> str:
        value = json.loads(body)
        _, payload, signature = value["jws"].split(".")
        head = b64(canonical({"alg": "ES256", "kid": stranger.kid, "typ": SHEET_TYPE}))
        value["jws"] = f"{head}.{payload}.{signature}"
        return canonical(value).decode()

    counted = recount(forged(exported, rechained(lines, number, forge)))

    assert codes(counted.findings)[f"log.jsonl entry {number}"] == "recount-signature-key-unknown"


async def test_a_stored_result_that_was_improved_is_told_with_both_values(
    exported: dict[str, bytes],
) -> None:
    results = json.loads(exported["results.json"])
    last = results["results"]["standings"][-1]
    last["rank"] = 1

    counted = recount(with_sums({**exported, "results.json": canonical(results)}))

    finding = next(f for f in counted.findings if f.code == "recount-result-differs")
    assert finding.pointer.endswith(last["entry"])
    assert finding.params["found"].startswith("place 1 ")
    assert finding.params["expected"].startswith("place 4 ")


CHANGES = {
    "scheme.json": (rb'"step":"0.5"', b'"step":"0.25"'),
    "rules.json": (rb'"id":"dish"', b'"id":"theory"'),
    "marks.csv": (rb",20\n", b",19\n"),
    "entrants.csv": (rb"zhongshan", b"dongguan"),
}


@pytest.mark.parametrize("name", list(CHANGES))
async def test_a_table_that_says_something_else_than_the_log_is_named(
    exported: dict[str, bytes], name: str
) -> None:
    changes = {
        "scheme.json": lambda data: data.replace(b'"step":"0.5"', b'"step":"0.25"', 1),
        "rules.json": lambda data: data.replace(b'"dish"', b'"theory"', 1),
        "marks.csv": lambda data: (
            data.replace(b"missing", b"x") if b"missing" in data else _raise(data)
        ),
        "entrants.csv": lambda data: data.rstrip(b"\n").rsplit(b"\n", 1)[0] + b"\n",
    }
    changed = {**exported, name: changes[name](exported[name])}
    assert changed[name] != exported[name]

    counted = recount(with_sums(changed))

    assert any(f.pointer.startswith(f"/{name}") or "entry" in f.code for f in counted.findings)


def _raise(data: bytes) -> bytes:
    """The first mark of 10 or more gets a point less."""
    return re.sub(rb",(\d\d)(\.5)?\n", lambda m: b",%d\n" % (int(m[1]) - 1), data, count=1)


async def test_a_file_that_differs_from_the_sums_is_named(exported: dict[str, bytes]) -> None:
    contest = json.loads(exported["contest.json"])
    contest["title"] = {"en": "Another contest"}

    counted = recount({**exported, "contest.json": canonical(contest)})

    assert codes(counted.findings) == {"contest.json": "package-file-changed"}


async def test_an_absent_type_version_is_said_and_no_newer_one_is_used(
    exported: dict[str, bytes],
) -> None:
    def older(body: str) -> str:
        return canonical({**json.loads(body), "type_version": 99}).decode()

    lines = log_of(exported)
    number = next(line.seq for line in lines if line.kind == "rules_frozen")
    package = forged(exported, rechained(lines, number, older))

    with pytest.raises(ContestTypeMissing) as caught:
        recount(package)
    assert caught.value.params["version"] == "99"


async def test_a_contest_that_is_still_judged_has_nothing_to_compare_with(
    database: Settings,
) -> None:
    small = await small_contest()
    await small.judge_everything()
    contents = (await export_contest(SYSTEM, small.contest))[1]

    counted = recount(contents)

    assert codes(counted.findings) == {"log.jsonl": "recount-no-results"}
    assert "marks.csv" not in contents


def test_a_package_without_a_log_can_not_be_counted_again() -> None:
    from tests.packages.small import contents_of, small_package

    counted = recount(contents_of(small_package()))

    assert codes(counted.findings) == {"log.jsonl": "recount-no-log"}


async def test_an_entry_of_the_wrong_shape_is_named_even_when_all_hashes_fit(
    exported: dict[str, bytes],
) -> None:
    lines = log_of(exported)
    number = next(line.seq for line in lines if line.kind == "codes_opened")

    counted = recount(forged(exported, rechained(lines, number, lambda _: '{"module":[]}')))

    assert codes(counted.findings) == {f"log.jsonl entry {number}": "recount-entry-unusable"}


async def test_rules_that_name_an_absent_calculator_version_are_not_counted_with_another(
    exported: dict[str, bytes],
) -> None:
    def measured(body: str) -> str:
        value = json.loads(body)
        aspect = value["scheme"]["modules"][1]["criteria"][0]["sub_criteria"][0]["aspects"][0]
        aspect["calculation"] = {"name": "PASS_FAIL", "version": 7}
        return canonical(value).decode()

    lines = log_of(exported)
    number = next(line.seq for line in lines if line.kind == "rules_frozen")

    with pytest.raises(ContestTypeMissing) as caught:
        recount(forged(exported, rechained(lines, number, measured)))
    assert caught.value.params == {"code": "PASS_FAIL", "version": "7"}
