"""Reading the revisions of slots out of the log, when the last one is not enough to decide by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from contests.judging.lineage import Decision, Node, Standing, standing
from contests.sheets import payload_of
from contests.statements import run

SWAP_WAITING, SWAP_COMPLETE = "waiting", "complete"


@dataclass(frozen=True, slots=True)
class Stored:
    """A revision in the log. swap: SWAP_WAITING while only half of a swap is there, SWAP_COMPLETE
    for the half that completed it, "" otherwise."""

    node: Node
    swap: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    """The entry's, of what is in the database."""


async def stored_of_slot(contest: UUID, sheet: UUID) -> list[Stored]:
    return _stored(await run(_OF_SLOT, contest, sheet))


async def stored_by_rid(contest: UUID, rids: Iterable[str]) -> list[Stored]:
    ids = [UUID(rid) for rid in rids]
    if not ids:
        return []
    return _stored(await run(_BY_RID.format(", ".join(["{}"] * len(ids))), contest, *ids))


async def decisions_of(contest: UUID, sheet: UUID) -> list[Decision]:
    """What leaders have decided about the slot."""
    rows = await run(_DECISIONS, contest)
    found = ((row["seq"], json.loads(row["body"])) for row in rows)
    return [Decision(seq, body["chosen"]) for seq, body in found if body["sheet"] == str(sheet)]


async def slot_standing(
    contest: UUID, sheet: UUID, *, head: str, fresh: Sequence[Stored] = ()
) -> tuple[Standing, list[Node], list[Stored]]:
    """What stands in a slot. head: what has counted so far; fresh: revisions that are not in the
    database yet, of this slot or of others."""
    slot = [*await stored_of_slot(contest, sheet),
            *(one for one in fresh if one.node.payload.sheet == str(sheet))]  # fmt: skip
    waited = [one.node.payload.swap for one in slot if one.swap == SWAP_WAITING]
    partners = [*await stored_by_rid(contest, waited), *fresh]
    nodes = completed(slot, partners)
    decided = await decisions_of(contest, sheet)
    return standing(nodes, decided, head=head), nodes, slot


def completed(stored: Sequence[Stored], partners: Iterable[Stored]) -> list[Node]:
    """The nodes of a slot, those of completed swaps no longer barred."""
    complete = {one.node.payload.swap for one in (*stored, *partners) if one.swap == SWAP_COMPLETE}
    return [
        replace(one.node, barred=False) if one.node.rid in complete else one.node for one in stored
    ]


def node_of(body: dict[str, Any], *, place: int, hash_: str) -> Stored:
    """A `sheet` or `conflict` body."""
    node = Node(
        payload_of(body["jws"]),
        body["device"],
        place,
        hash_,
        countable=bool(body["countable"]),
        barred=bool(body.get("barred")),
        countersigned=bool(body.get("countersigned")),
    )
    return Stored(node, body.get("swap", ""), body)


def _stored(rows: Iterable[dict[str, Any]]) -> list[Stored]:
    return [node_of(json.loads(row["body"]), place=row["seq"], hash_=row["hash"]) for row in rows]


_SELECT = (
    "SELECT log_entry.seq, log_entry.body, log_entry.hash FROM revision JOIN log_entry"
    " ON log_entry.contest = revision.contest AND log_entry.seq = revision.seq"
    " WHERE revision.contest = {}"
)
_OF_SLOT = _SELECT + " AND revision.sheet = {} ORDER BY log_entry.seq"
_BY_RID = _SELECT.replace("{}", "{{}}") + " AND revision.id IN ({})"
_DECISIONS = (
    "SELECT seq, body FROM log_entry WHERE contest = {} AND kind = 'conflict_decided' ORDER BY seq"
)
