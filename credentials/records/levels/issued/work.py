"""Grants what a body's list says, as work in the background: line by line, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from core.db import transaction
from core.errors import Invalid, JiangxinError
from core.jobs import JobContext, JobKind, start_job
from core.jobs import register as register_job
from core.scoring.model import Finding
from core.security import Actor, Scope
from credentials.records.actions import confer
from credentials.records.bodies import ACTS
from credentials.records.levels.issued.checking import Checked, check_list
from credentials.records.levels.issued.reading import Line
from credentials.records.tables import HeldLevel

JOB = "credentials.issued_numbers"
TITLE = "Skill levels granted from a body's list"


def register() -> None:
    register_job(JobKind(JOB, TITLE, run, permission=ACTS))


async def grant_list(by: Actor, issuer: str, lines: Sequence[Line], *, only_right: bool) -> UUID:
    """The job. only_right: lines with mistakes are left out; else one mistake stops the whole list.
    Raises Invalid."""
    checked = await check_list(by, issuer, lines)
    wrong = [one for one in checked if one.wrong]
    right = [one for one in checked if one.proposal]
    if wrong and not only_right:
        count = {"count": str(len(wrong))}
        raise Invalid([Finding("/only_right", "credentials.issued-wrong", count)])
    if not right:
        raise Invalid([Finding("/file", "credentials.issued-nothing", {})])
    params = {"issuer": issuer, "lines": [asdict(one.line) for one in right]}
    return await start_job(by, JOB, Scope("issuer", issuer), params, total=len(right))


async def run(context: JobContext) -> None:
    """A line that was granted before an interruption is found done, not wrong."""
    lines = [Line(**line) for line in context.params["lines"]]
    checked = await check_list(context.by, context.params["issuer"], lines)
    for done, one in enumerate(checked):
        await context.progress(done, len(checked))
        if await context.cancelled():
            return
        await _grant(context, one)
    await context.progress(len(checked), len(checked))


async def _grant(context: JobContext, one: Checked) -> None:
    findings = list(one.wrong)
    if one.proposal:
        line = one.line
        try:
            async with transaction():
                await confer(
                    context.by, one.proposal, number=line.number, granted_on=line.granted_on
                )
                await HeldLevel.update({HeldLevel.list_id: context.id}).where(
                    HeldLevel.proposal == one.proposal
                )
        except JiangxinError as error:
            findings = error.findings or [Finding("/level", "credentials.issued-decided", {})]
    for finding in findings:
        await context.failed(f"{one.line.at} {one.line.name}", finding)
