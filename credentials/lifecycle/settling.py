"""Ends a correction for the certificates that it held: superseded, withdrawn, or confirmed as they were.
Inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from credentials import ledger
from credentials.lifecycle import past
from credentials.lifecycle.tables import CorrectionCase
from credentials.status import Status
from credentials.tables import Certificate

CORRECTING = "correcting"
"""`Certificate.cause` of one that is suspended while a correction waits for its answer."""
_CHUNK = 500


async def settle(contests: Collection[str]) -> None:
    """Whatever of these contests was answered and has arrived, in whatever order."""
    if not contests:
        return
    cases = await CorrectionCase.select().where(
        CorrectionCase.contest.is_in(sorted(contests)), CorrectionCase.settled_at.is_null()
    )
    for case in cases:
        if case["outcome"]:
            others = [one for one in cases if one["id"] != case["id"]]
            await _settle(case, {id for one in others for id in held_by(one)})


def held_by(case: Mapping[str, Any]) -> list[UUID]:
    return [UUID(one) for one in json.loads(case["held"])]


async def _settle(case: Mapping[str, Any], elsewhere: set[UUID]) -> None:
    held = await under_correction(held_by(case))
    changed = set(json.loads(case["entries"]))
    waiting = [
        row
        for row in held
        if row["entry"] in changed and row["source_version"] < case["result_version"]
    ]
    ids = {row["id"] for row in held} - {row["id"] for row in waiting} - elsewhere
    await confirm(sorted(ids, key=str))
    if not waiting:
        await CorrectionCase.update({CorrectionCase.settled_at: datetime.now(UTC)}).where(
            CorrectionCase.id == case["id"]
        )


async def under_correction(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for start in range(0, len(ids), _CHUNK):
        found += await Certificate.select(
            Certificate.id, Certificate.entry, Certificate.source_version
        ).where(
            Certificate.id.is_in(list(ids[start : start + _CHUNK])),
            Certificate.state == "suspended",
            Certificate.cause == CORRECTING,
        )
    return found


async def hold(ids: Sequence[UUID], now: datetime) -> None:
    """Those that count now are under correction from now on."""
    moved = await _turn(ids, ("issued", "suspended"), ("", CORRECTING), Status.SUSPENDED, now)
    await past.note(moved, CORRECTING, now=now)


async def confirm(ids: Sequence[UUID]) -> None:
    """The correction left them as they are."""
    now = datetime.now(UTC)
    moved = await _turn(ids, ("suspended", "issued"), (CORRECTING, ""), Status.VALID, now)
    await past.note(moved, "confirmed", now=now)


async def _turn(
    ids: Sequence[UUID],
    states: tuple[str, str],
    causes: tuple[str, str],
    status: Status,
    now: datetime,
) -> list[UUID]:
    moved: list[UUID] = []
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        places = ", ".join("{}" for _ in chunk)
        rows = await Certificate.raw(
            "UPDATE certificate SET state = {}, cause = {}, changed_at = {}"  # noqa: S608 - no value
            f" WHERE state = {{}} AND cause = {{}} AND id IN ({places}) RETURNING id",
            states[1],
            causes[1],
            now,
            states[0],
            causes[0],
            *chunk,
        )
        moved += [row["id"] for row in rows]
    if moved:
        for start in range(0, len(moved), _CHUNK):
            versions = await ledger.current_versions(moved[start : start + _CHUNK])
            await ledger.set_status(list(versions.values()), status)
    return moved
