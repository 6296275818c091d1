"""Drawing lots (抽签, 加密) and opening the codes (解密), each by two persons."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from contests.actions.common import both_allowed, contest_row, moment, raise_roster, who
from contests.actions.sheets import end_marking
from contests.conditions import unmet_marking
from contests.drawing import commitment, draw, physical_findings
from contests.identity.sealing import codes_of, codes_taken, seal_codes, seeds_of
from contests.log import Writing, read, writing
from contests.preparing import entries_of
from contests.replay import replay
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotReady
from core.scoring.codec import from_json
from core.scoring.model import Finding, Scheme
from core.security import Actor


async def draw_codes(
    by: Actor,
    witness: Actor,
    contest: UUID,
    module: str,
    *,
    seed: bytes | None = None,
    codes: Mapping[UUID, str] | None = None,
    now: datetime | None = None,
) -> int:
    """Gives every entry a code in one module; returns how many.

    The log gets the codes and a commitment to the seed; whose they are is sealed. `codes` enters a
    draw that was made on paper (entry → code).
    """
    scope = await both_allowed(by, witness, "contest.draw", contest, verb="draw_codes")
    async with transaction():
        drawn = await draw_in_transaction(
            by, witness, contest, module, seed=seed, codes=codes, now=moment(now)
        )
        await audit.record(by, "draw_codes", scope=scope, subject=module)
    return drawn


async def draw_in_transaction(
    by: Actor,
    witness: Actor,
    contest: UUID,
    module: str,
    *,
    seed: bytes | None,
    codes: Mapping[UUID, str] | None,
    now: datetime,
) -> int:
    async with writing(contest, "ready", "judging", now=now) as log:
        taken = await codes_taken(contest)
        await _may_be_drawn(contest, module, taken)
        drawing = [entry for entry in await entries_of(contest) if not entry.reserve]
        entries = [entry.id for entry in drawing]
        practising = {entry.id for entry in drawing if entry.trial}
        used = [code for others in taken.values() for code in others]
        seed = secrets.token_bytes(32) if seed is None else seed
        if codes is None:
            drawn = draw(seed, module, entries, used)
            committed = commitment(seed, str(contest), module)
        else:
            drawn, seed, committed = _physical(codes, entries, used), b"", ""
        await seal_codes(contest, module, drawn, seed=seed, now=now)
        log.add(
            "drawn",
            {
                "module": module,
                "codes": sorted(drawn),
                "trial": sorted(code for code, entry in drawn.items() if entry in practising),
                "commitment": committed,
                "by": who(by),
                "witness": who(witness),
            },
        )
        await raise_roster(contest)
    return len(drawn)


async def open_codes(
    by: Actor, witness: Actor, contest: UUID, *, now: datetime | None = None
) -> None:
    """Publishes code → entry into the log. Marking ends with it, so every sheet must be there."""
    scope = await both_allowed(by, witness, "contest.open_codes", contest, verb="open_codes")
    async with transaction():
        await open_in_transaction(by, witness, contest, now=moment(now))
        await audit.record(by, "open_codes", scope=scope)


async def open_in_transaction(by: Actor, witness: Actor, contest: UUID, *, now: datetime) -> None:
    async with writing(contest, "judging", now=now) as log:
        known = replay(await read(contest))
        sealed, seeds = await codes_of(contest), await seeds_of(contest)
        findings = unmet_marking(known, sealed)
        if findings:
            raise NotReady(findings)
        await end_marking(log, by)
        _publish(log, sealed, seeds, known.opened, by, witness)


def _publish(
    log: Writing,
    sealed: Mapping[str, Mapping[str, str]],
    seeds: Mapping[str, bytes],
    opened: Mapping[str, Mapping[str, str]],
    by: Actor,
    witness: Actor,
) -> None:
    if opened:
        raise Conflict([Finding("", "codes-already-open", {})])
    for module, codes in sealed.items():
        body = {
            "module": module,
            "codes": dict(codes),
            "seed": seeds.get(module, b"").hex(),
            "by": who(by),
            "witness": who(witness),
        }
        log.add("codes_opened", body)


async def _may_be_drawn(contest: UUID, module: str, taken: Mapping[str, list[str]]) -> None:
    row = await contest_row(contest)
    scheme = from_json(Scheme, json.loads(row["scheme"]))
    known = [m.id for m in scheme.modules]
    if module not in known:
        params = {"module": module, "known": ", ".join(known)}
        raise Invalid([Finding("/module", "module-unknown", params)])
    if taken.get(module):
        raise Conflict([Finding("/module", "already-drawn", {"module": module})])


def _physical(codes: Mapping[UUID, str], entries: list[str], taken: list[str]) -> dict[str, str]:
    by_entry = {str(entry): code.strip() for entry, code in codes.items()}
    wrong = physical_findings(by_entry, entries, taken)
    if wrong:
        raise Invalid([Finding("/codes" + at, code, params) for at, code, params in wrong])
    return {code: entry for entry, code in by_entry.items()}
