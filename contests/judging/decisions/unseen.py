"""Whether somebody who decides or types would see marks of a work that he still has to mark himself."""

from __future__ import annotations

from uuid import UUID

from contests.judging.panel import Panel
from contests.sheets import slot_id
from contests.tables import SheetRow


async def still_marks(
    panel: Panel,
    account: UUID | None,
    *,
    contest: UUID,
    module: str,
    code: str,
    attempt: int,
    round_: int,
    judge: str,
) -> bool:
    """`judge`: the appointment whose sheet it is. True while the account is a judge of the same group
    and its own sheet of this work is not in."""
    if account is None or panel.known(judge) is None:
        return False
    own = [
        slot_id(str(contest), module, code, attempt, round_, colleague)
        for colleague in panel.colleagues(module, judge)
        if colleague != judge and panel.facts(colleague).account == str(account)
    ]
    return bool(own) and not await SheetRow.exists().where(SheetRow.id.is_in(own))
