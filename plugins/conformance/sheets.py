"""Findings of sheets and panels, the time that scoring takes, and instruments."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace

from core.contest_type import Instrument, Reading
from core.scoring.codec import exists
from core.scoring.model import Mark, Record, Sheet
from plugins.conformance.subject import Subject, grid

# --- sheets -------------------------------------------------------------------------------------


def checks(subject: Subject) -> str:
    for aspect in subject.aspects():
        for raw in subject.raws.get(aspect.id, ()):
            assert aspect.calculation is not None
            if subject.calculator(aspect).parse(raw, aspect.calculation.parameters) != raw:
                return f"{aspect.id}: the canonical value {raw!r} is parsed into something else"
    check = subject.contest_type.check
    for record in subject.records():
        for sheet in record.sheets:
            if found := check(subject.scheme, sheet):
                return f"a correct sheet has findings: {found[0].pointer} {found[0].code}"
            for wrong in _wrong_sheets(subject, sheet):
                if not check(subject.scheme, wrong):
                    return "a wrong sheet has no findings"
        if message := _check_panels(subject, record):
            return message
    return ""


def _check_panels(subject: Subject, record: Record) -> str:
    for module in subject.scheme.modules:
        for aspect in module.aspects():
            for entry in record.entries:
                own = [s for s in record.sheets if s.entry == entry.id and s.module == module.id]
                if found := subject.contest_type.check_panel(subject.scheme, aspect, own):
                    return f"an accepted panel has findings: {found[0].pointer} {found[0].code}"
    return ""


def _wrong_sheets(subject: Subject, sheet: Sheet) -> list[Sheet]:
    """An aspect that isn't there, a value beyond the highest, a value nobody can read."""
    wrong = [replace(sheet, marks={**sheet.marks, "no such/aspect": Mark(1000)})]
    for aspect in subject.aspects():
        if aspect.id in sheet.marks and aspect.maximum is not None:
            beyond = Mark((aspect.maximum or 0) + aspect.top + 1)
            bad = beyond if aspect.calculation is None else Mark(raw="unreadable ✗")
            wrong.append(replace(sheet, marks={**sheet.marks, aspect.id: bad}))
    return wrong


def pointers(subject: Subject) -> str:
    for record in subject.records():
        for sheet in record.sheets:
            for wrong in _wrong_sheets(subject, sheet):
                for finding in subject.contest_type.check(subject.scheme, wrong):
                    if not exists(wrong, finding.pointer):
                        return f"{finding.code} points at {finding.pointer!r}, which is not there"
    for aspect in subject.aspects():
        apart = [Mark(value) for value in (grid(aspect)[0], grid(aspect)[-1])]
        if aspect.calculation is not None or aspect.judges < 2:
            continue
        own = [
            Sheet("entry", "module", f"judge-{i}", {aspect.id: mark}, aspect.panel)
            for i, mark in enumerate(apart)
        ]
        for finding in subject.contest_type.check_panel(subject.scheme, aspect, own):
            if not exists(own, finding.pointer):
                return f"{finding.code} points at {finding.pointer!r}, which is not there"
    return ""


# --- time and instruments -----------------------------------------------------------------------


def bounded_time(subject: Subject) -> str:
    record = subject.record(subject.entrants)
    started = time.process_time()
    subject.score(record)
    taken = time.process_time() - started
    if taken <= subject.seconds:
        return ""
    return f"{subject.entrants} entrants took {taken:.1f} s; {subject.seconds:g} s is the bound"


def instruments(subject: Subject) -> str:
    """The sample becomes marks that a sheet may hold."""
    for instrument in subject.contest_type.instruments():
        if not instrument.sample:
            return f"instrument {instrument.code} has no sample"
        reading = asyncio.run(_read(instrument, subject))
        if reading.findings:
            return f"the sample of {instrument.code} has findings: {reading.findings[0].code}"
        if message := _wrong_marks(subject, instrument.code, reading.marks):
            return message
    return ""


async def _read(instrument: Instrument, subject: Subject) -> Reading:
    return await instrument.read(instrument.sample, subject.options, subject.scheme)


def _wrong_marks(subject: Subject, code: str, marks: Mapping[str, Mark]) -> str:
    if not marks:
        return f"the sample of {code} gives no marks"
    for module in subject.scheme.modules:
        own = {a.id: a for a in module.aspects() if a.id in marks}
        for aspect in own.values():
            sheet = Sheet("entry", module.id, "judge", {aspect.id: marks[aspect.id]}, aspect.panel)
            if found := subject.contest_type.check(subject.scheme, sheet):
                return f"the sample of {code} gives a wrong mark: {found[0].code}"
    unknown = set(marks) - {aspect.id for aspect in subject.aspects()}
    return f"the sample of {code} marks unknown aspects {sorted(unknown)}" if unknown else ""
