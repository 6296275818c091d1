"""Invented instrument files: a controller's log and a table of check points, as good as the entrant."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Mapping

from core.contest_type import ContestType, Options
from core.scoring.model import Mark, Scheme


async def readings(
    contest_type: ContestType, options: Options, scheme: Scheme, aim: float, seed: int
) -> dict[str, dict[str, Mark]]:
    """Marks by module and aspect, read by the type's own instruments from a generated file."""
    chance = random.Random(seed)  # noqa: S311  invented measurements, no secret
    found: dict[str, dict[str, Mark]] = {}
    for instrument in contest_type.instruments():
        data = _FILES[instrument.code](aim, chance)
        reading = await instrument.read(data, options, scheme)
        if reading.findings:
            raise RuntimeError(f"the generated {instrument.code} file is wrong: {reading.findings}")
        source = f"{instrument.code} sha-256 {hashlib.sha256(data).hexdigest()}"
        for module in scheme.modules:
            here = {a.id for a in module.aspects()} & reading.marks.keys()
            marks = {aspect: _sourced(reading.marks[aspect], source) for aspect in here}
            if marks:
                found.setdefault(module.id, {}).update(marks)
    return found


def _sourced(mark: Mark, source: str) -> Mark:
    return Mark(value=mark.value, raw=mark.raw, source=source)


def check_points(aim: float, chance: random.Random) -> bytes:
    """24 points whose spread grows as the aim falls; one gross error, left out with a reason."""
    spread = 0.02 + 0.30 * (1 - aim)
    rows = ["id,known_x,known_y,known_z,measured_x,measured_y,measured_z,excluded,signature"]
    for number in range(1, 25):
        known = (2487000 + 13 * number, 512000 + 7 * number, 3 + number % 5)
        measured = [
            value + chance.uniform(-spread, spread) * share
            for value, share in zip(known, (0.7, 0.7, 0.6), strict=True)
        ]
        rows.append(_point(f"K{number:02d}", known, measured, "", ""))
    far = (2487400.0, 512300.0, 5.0)
    rows.append(_point("K25", far, [far[0] + 3.2, far[1], far[2]], "点位被毁", "监督员"))
    return ("\n".join(rows) + "\n").encode()


def _point(
    name: str, known: tuple[float, ...], measured: list[float], excluded: str, signature: str
) -> str:
    numbers = ",".join(f"{value:.3f}" for value in (*known, *measured))
    return f"{name},{numbers},{excluded},{signature}"


def plc_log(aim: float, chance: random.Random) -> bytes:
    """Two cycles a minute for a good entrant; every placed workpiece has its position error."""
    placed = max(0, min(10, round(10 * aim + chance.uniform(-1, 1))))
    cycle = 12 + 30 * (1 - aim) + chance.uniform(-1, 1)
    error = 0.02 + 0.9 * (1 - aim) ** 2
    rows = ["timestamp,signal,value", "0,task_done,0", "0,part_placed,0", "0,cycle,0"]
    at = 1.0
    for _ in range(max(placed, 1)):
        rows.append(f"{at:.2f},cycle,1")
        if placed:
            rows.append(f"{at + cycle * 0.5:.2f},part_placed,1")
            rows.append(f"{at + cycle * 0.6:.2f},part_placed,0")
        rows.append(f"{at + cycle * 0.7:.2f},position_error,{chance.uniform(-error, error):.2f}")
        rows.append(f"{at + cycle * 0.9:.2f},cycle,0")
        at += cycle
    rows.append(f"{at:.2f},cycle,1")
    rows.append(f"{at + 0.01:.2f},task_done,{int(aim > 0.55)}")
    return ("\n".join(rows) + "\n").encode()


_FILES: Mapping[str, Callable[[float, random.Random], bytes]] = {
    "check_points": check_points,
    "plc_log": plc_log,
}
