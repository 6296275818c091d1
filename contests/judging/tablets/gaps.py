"""Which of a device's numbers have not arrived. A number has, when a revision of it was taken or kept
apart; a sheet that comes late fills its gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contests.statements import run

MOST = 200
"""So many missing numbers are named; that there are more can be seen from the last."""
_ARRIVED = (
    "SELECT device_seq FROM revision WHERE device = {} AND device_seq BETWEEN 1 AND {} "
    "UNION SELECT device_seq FROM quarantine WHERE kid = {} AND device_seq BETWEEN 1 AND {}"
)
_COUNT = f"SELECT COUNT(*) AS arrived FROM ({_ARRIVED}) AS numbers"  # noqa: S608 - ours
_COUNTS = (
    "SELECT id, COUNT(*) AS arrived FROM ("
    "SELECT d.id, r.device_seq FROM device d JOIN revision r ON r.device = d.id "
    "WHERE d.id IN ({ids}) AND r.device_seq BETWEEN 1 AND d.last_seq "
    "UNION SELECT d.id, q.device_seq FROM device d JOIN quarantine q ON q.kid = d.kid "
    "WHERE d.id IN ({ids}) AND q.device_seq BETWEEN 1 AND d.last_seq) AS numbers GROUP BY id"
)


async def missing_numbers(device: UUID, kid: str, upto: int) -> list[int]:
    """Of 1 to `upto`, at most the first `MOST`."""
    if upto < 1:
        return []
    counted = await run(_COUNT, device, upto, kid, upto)
    if counted[0]["arrived"] >= upto:
        return []
    rows = await run(_ARRIVED, device, upto, kid, upto)
    return _absent({row["device_seq"] for row in rows}, upto)


async def gaps_of(devices: Sequence[Mapping[str, Any]]) -> dict[UUID, list[int]]:
    """The same for many rows (id, kid, last_seq), each up to its last number; only those with a gap."""
    numbered = [row for row in devices if row["last_seq"]]
    if not numbered:
        return {}
    ids = [row["id"] for row in numbered]
    places = ", ".join(["{}"] * len(ids))
    counted = await run(_COUNTS.replace("{ids}", places), *ids, *ids)
    arrived = {row["id"]: row["arrived"] for row in counted}
    found = {}
    for row in numbered:
        if arrived.get(row["id"], 0) < row["last_seq"]:
            found[row["id"]] = await missing_numbers(row["id"], row["kid"], row["last_seq"])
    return found


def said(numbers: Sequence[int]) -> str:
    """7, 9–11."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _absent(arrived: set[int], upto: int) -> list[int]:
    found: list[int] = []
    number = 1
    while number <= upto and len(found) < MOST:
        if number not in arrived:
            found.append(number)
        number += 1
    return found
