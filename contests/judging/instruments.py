"""An instrument's file read for a judge: the marks that it gives, what is wrong with it, its figures.

Nothing is stored here: the judge takes the values over, and the file's hash stands in his sheet.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.judging.panel import read_panel
from core.contest_type import Instrument, Options, Reading
from core.errors import NotFound, TooLarge
from core.scoring.codec import to_json
from core.scoring.model import Finding, Scheme

PATIENCE = 20.0
MOST_FINDINGS = 50
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """marks: by aspect, as they stand on a sheet; only aspects that the judge marks."""

    sha256: str
    marks: dict[str, dict[str, Any]]
    findings: tuple[Finding, ...]
    figures: tuple[tuple[str, str], ...]


async def read_file(contest: UUID, appointment: UUID, code: str, content: bytes) -> ReadFile:
    """Raises NotFound for an instrument that the contest's type does not have, TooLarge."""
    try:
        panel = await read_panel(contest)
    except LookupError:
        raise NotFound(kind="frozen scheme of contest", id=contest) from None
    instrument = next((one for one in panel.type.instruments() if one.code == code), None)
    if instrument is None:
        raise NotFound(kind="instrument", id=code)
    if len(content) > instrument.limit:
        raise TooLarge(limit=f"{instrument.limit // 1024} kB")
    frozen = panel.frozen
    reading = await _read(instrument, content, frozen.options, frozen.scheme)
    modules = [module.id for module in frozen.scheme.modules]
    own = {a.id for module in modules for a in panel.duties(module, str(appointment))}
    return ReadFile(
        sha256=hashlib.sha256(content).hexdigest(),
        marks={a: to_json(mark) for a, mark in reading.marks.items() if a in own},
        findings=reading.findings[:MOST_FINDINGS],
        figures=reading.figures,
    )


async def _read(
    instrument: Instrument, content: bytes, options: Options, scheme: Scheme
) -> Reading:
    """In a thread with a loop of its own, so that a large file stops nobody's sheet; whatever a
    plugin does wrong is a finding."""

    def run() -> Reading:
        return asyncio.run(_awaited(instrument, content, options, scheme))

    try:
        return await asyncio.wait_for(asyncio.to_thread(run), PATIENCE)
    except TimeoutError:
        return Reading({}, (Finding("", "instrument-slow", {"seconds": f"{PATIENCE:g}"}),))
    except Exception:
        _log.exception("instrument %s could not read a file", instrument.code)
        return Reading({}, (Finding("", "instrument-failed", {}),))


async def _awaited(
    instrument: Instrument, content: bytes, options: Options, scheme: Scheme
) -> Reading:
    return await instrument.read(content, options, scheme)
