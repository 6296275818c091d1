"""Enterprises that may file needs: let in by a link of the union's, or by their own account here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.privacy import new_key, wrap
from core.scoring.model import Finding
from core.security import Actor
from core.tables import Organisation
from credentials.matching import forms, links, sealing
from credentials.matching.registry import READ, check_keeper, scope_of
from credentials.matching.tables import CraftNeed, Enterprise

CONTACT_DAYS, MOST_CONTACT_DAYS = 30, 180
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """An enterprise as the union's office sees it: its name, never its contact. forgotten: nothing of it can be
    read any more."""

    id: UUID
    name: str
    employer: UUID | None
    needs: int
    contact_days: int
    forgotten: bool
    since: datetime


async def invite_enterprise(
    by: Actor,
    organisation: UUID,
    *,
    name: str,
    contact_days: int = CONTACT_DAYS,
    employer: UUID | None = None,
) -> str:
    """The address for it, shown once. employer: its organisation here, whose accounts come in without a
    link too. Raises Invalid."""
    await check_keeper(by, organisation)
    wrong = forms.line("/name", name)
    if not 1 <= contact_days <= MOST_CONTACT_DAYS:
        wrong.append(Finding("/contact_days", "matching.days", {"most": str(MOST_CONTACT_DAYS)}))
    if employer is not None and not await _is_employer(employer):
        wrong.append(Finding("/employer", "matching.choice"))
    if wrong:
        raise Invalid(wrong)
    id, now = uuid4(), datetime.now(UTC)
    row = {"id": id, "wrapped_key": wrap(new_key())}
    async with transaction():
        await Enterprise.insert(
            Enterprise(
                id=id,
                organisation=organisation,
                employer=employer,
                wrapped_key=row["wrapped_key"],
                sealed_facts=sealing.seal_facts(row, {"name": name}),
                contact_days=contact_days,
                made_by=by.account,
                made_at=now,
            )
        )
        await _noted(by, "enterprise.invited", organisation, id)
        return await links.make_link(links.ENTERPRISE, id, by=by.account, now=now)


async def invite_again(by: Actor, organisation: UUID, enterprise: UUID) -> str:
    """Another link, in the place of one that was lost or has ended."""
    await check_keeper(by, organisation)
    row = await enterprise_row(enterprise, organisation)
    if not row["wrapped_key"]:
        raise NotFound(kind="enterprise", id=enterprise)
    async with transaction():
        await _noted(by, "enterprise.invited", organisation, enterprise)
        return await links.make_link(
            links.ENTERPRISE, enterprise, by=by.account, now=datetime.now(UTC)
        )


async def forget_enterprise(by: Actor, organisation: UUID, enterprise: UUID) -> None:
    """Destroys its key: name, contact and the words of its needs are gone in every copy; figures stay. Its links
    and log-ins end."""
    await check_keeper(by, organisation)
    await enterprise_row(enterprise, organisation)
    now = datetime.now(UTC)
    async with transaction():
        await Enterprise.update(
            {Enterprise.wrapped_key: None, Enterprise.sealed_facts: None}
        ).where(Enterprise.id == enterprise)
        await CraftNeed.update({CraftNeed.sealed_words: None}).where(
            CraftNeed.enterprise == enterprise
        )
        await links.end_all(links.ENTERPRISE, enterprise, now)
        await _noted(by, "enterprise.forgotten", organisation, enterprise)


async def enterprises_of(by: Actor, organisation: UUID) -> Sequence[Known]:
    """The newest first."""
    await check_keeper(by, organisation, READ)
    rows = (
        await Enterprise.select()
        .where(Enterprise.organisation == organisation)
        .order_by(Enterprise.made_at, ascending=False)
    )
    counted = await CraftNeed.raw(
        "SELECT enterprise, COUNT(*) AS needs FROM craft_need WHERE organisation = {} GROUP BY enterprise",
        organisation,
    )
    needs = {str(row["enterprise"]): row["needs"] for row in counted}
    return [
        Known(
            row["id"],
            sealing.facts_of(row).get("name", ""),
            row["employer"],
            needs.get(str(row["id"]), 0),
            row["contact_days"],
            not row["wrapped_key"],
            row["made_at"],
        )
        for row in rows
    ]


async def enterprise_row(enterprise: UUID, organisation: UUID | None = None) -> Row:
    """Raises NotFound, also for one of another organisation's."""
    row = await Enterprise.select().where(Enterprise.id == enterprise).first()
    if row is None or (organisation is not None and row["organisation"] != organisation):
        raise NotFound(kind="enterprise", id=enterprise)
    return dict(row)


async def of_employers(employers: Sequence[UUID]) -> list[UUID]:
    """Those that these organisations come in as."""
    if not employers:
        return []
    rows = await Enterprise.select(Enterprise.id).where(
        Enterprise.employer.is_in(list(employers)), Enterprise.wrapped_key.is_not_null()
    )
    return [row["id"] for row in rows]


async def _is_employer(organisation: UUID) -> bool:
    return bool(
        await Organisation.exists().where(
            Organisation.id == organisation, Organisation.kind == "employer"
        )
    )


async def _noted(by: Actor, step: str, organisation: UUID, enterprise: UUID) -> None:
    await audit.record(by, step, scope=scope_of(organisation), subject=str(enterprise))
