"""Whether a body may certify a level: its filing, asked before it grants and again before it signs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.errors import Forbidden
from core.filing import Filing, filing_of
from core.scoring.model import Finding
from core.tables import Organisation
from credentials.records.levels import messages as messages


class NotFiled(Forbidden):
    slug = "not-filed"
    title = "{issuer} is no filed assessment body; only a filed one may sign a skill level."


class FilingLacks(Forbidden):
    slug = "filing-lacks"
    title = "The filing of {issuer} does not cover this level. Nothing was changed."


async def filing_of_body(issuer: str) -> Filing:
    """Raises NotFiled; FilingLacks where what is on record is incomplete."""
    row = (
        await Organisation.select(Organisation.kind, Organisation.filing)
        .where(Organisation.code == issuer)
        .first()
    )
    if not row or row["kind"] != "assessment_body" or row["filing"] in ("", "{}"):
        raise NotFiled(issuer=issuer, permission="proposal.grant")
    filing = filing_of(row["filing"])
    if filing is None:
        wrong = [Finding("/filing", "credentials.filing-none", {"issuer": issuer})]
        raise FilingLacks(wrong, issuer=issuer)
    return filing


def lacking(filing: Filing, occupation: str, level: str, *days: str) -> list[Finding]:
    """What the filing does not cover. days: each has to lie within it."""
    found = []
    outside = [day for day in days if not filing.runs_on(day)]
    if outside:
        params = {
            "valid_from": filing.valid_from,
            "valid_until": filing.valid_until,
            "day": outside[0],
        }
        found.append(Finding("/filing", "credentials.filing-days", params))
    if not occupation:
        found.append(Finding("/filing", "credentials.filing-no-occupation", {}))
    elif occupation not in filing.occupations:
        params = {"occupation": occupation}
        found.append(Finding("/filing", "credentials.filing-occupation", params))
    if level not in filing.levels:
        found.append(Finding("/filing", "credentials.filing-level", {"level": level}))
    return found


async def check_filed(proposal: Mapping[str, Any], granted_on: str, today: date) -> None:
    """Its body has to be filed on the day that stands on the certificate and today. Raises NotFiled or
    FilingLacks, which names all that is missing."""
    filing = await filing_of_body(proposal["issuer"])
    days = (granted_on, today.isoformat())
    if found := lacking(filing, proposal["occupation"], proposal["grade"], *days):
        raise FilingLacks(found, issuer=proposal["issuer"])
