"""Giving a tablet back: it may forget its sheets when every one of them has arrived."""

from __future__ import annotations

from datetime import datetime

from contests.judging.tablets.errors import NumbersMissing
from contests.judging.tablets.gaps import missing_numbers, said
from contests.judging.tablets.sessions import Tablet
from contests.statements import run
from contests.tables import Device
from core import audit
from core.db import transaction
from core.scoring.model import Finding
from core.security import SYSTEM

_GIVEN_BACK = (
    "UPDATE device SET returned_at = {}, revoked_at = {} WHERE id = {} AND revoked_at IS NULL "
    "RETURNING last_seq"
)
_SIGNED_OUT = "UPDATE tablet_judge SET ended_at = {} WHERE device = {} AND ended_at IS NULL"


async def return_tablet(tablet: Tablet, *, signed: int, now: datetime) -> None:
    """`signed`: the last number that the tablet has given to a sheet. Its key signs nothing more.
    Raises NumbersMissing."""
    async with transaction():
        await run(_GIVEN_BACK, now, now, tablet.id)
        row = await Device.select(Device.last_seq).where(Device.id == tablet.id).first()
        upto = max(signed, row["last_seq"] if row else 0)
        missing = await missing_numbers(tablet.id, tablet.kid, upto)
        if missing:
            findings = [Finding("/signed", "number-missing", {"seq": str(n)}) for n in missing]
            raise NumbersMissing(findings, numbers=said(missing))
        await run(_SIGNED_OUT, now, tablet.id)
        await audit.record(SYSTEM, "tablet.returned", subject=tablet.kid, after={"signed": signed})
