"""What came of contests for those who competed: levels, titles and medals proposed and granted,
certificates issued. Counts only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.scoring.model import Text
from credentials.records.tables import Proposal
from credentials.tables import Certificate

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conferred:
    """Of one contest and one thing that an authority may confer. kind: level, title, medal, honour or
    partner. proposed: with those that were granted; without those that a correction took back.
    granted: and not withdrawn since."""

    contest: str
    kind: str
    title: Text
    authority: str
    proposed: int
    granted: int


async def conferred(contests: Sequence[str]) -> list[Conferred]:
    if not contests:
        return []
    rows: list[Row] = await Proposal.raw(
        "SELECT p.contest, p.kind, p.code, p.grade, p.authority, MAX(p.title) AS title,"  # noqa: S608 - placeholders alone
        " COUNT(*) AS proposed,"
        " SUM(CASE WHEN p.state = 'granted' AND NOT EXISTS (SELECT 1 FROM honour h WHERE"
        " h.proposal = p.id AND h.withdrawn_at IS NOT NULL) THEN 1 ELSE 0 END) AS granted"
        f" FROM proposal p WHERE p.contest IN ({_places(contests)})"
        " AND p.state IN ('proposed', 'granted', 'refused')"
        " GROUP BY p.contest, p.kind, p.code, p.grade, p.authority"
        " ORDER BY p.contest, p.kind, p.code, p.grade, p.authority",
        *contests,
    )
    return [
        Conferred(
            row["contest"],
            row["kind"],
            json.loads(row["title"]),
            row["authority"],
            int(row["proposed"]),
            int(row["granted"]),
        )
        for row in rows
    ]


async def certificates_by_contest(contests: Sequence[str]) -> dict[str, int]:
    """Contest -> certificates that stand: issued and not revoked."""
    if not contests:
        return {}
    rows: list[Row] = await Certificate.raw(
        "SELECT c.contest, COUNT(*) AS issued FROM certificate c WHERE c.contest IN"  # noqa: S608 - placeholders alone
        f" ({_places(contests)}) AND c.state <> 'revoked' GROUP BY c.contest",
        *contests,
    )
    return {row["contest"]: int(row["issued"]) for row in rows}


def _places(contests: Sequence[str]) -> str:
    return ",".join("{}" for _ in contests)
