"""What rests on a result: awards' certificates, proposals, and through those the certificates, levels and
honours that authorities granted. Before and after of exactly those that a correction would change.

    result ── award certificate
       └───── proposal ── certificate, level or honour
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from core.events import ResultFacts
from core.scoring.model import Text
from credentials import queries, rendering
from credentials.claims import scores_in
from credentials.handlers import awards_of
from credentials.issuing import Wanted, contents_of
from credentials.records.known import with_record
from credentials.records.proposals import drafts, ids_of
from credentials.records.tables import HeldLevel, Honour, Proposal
from credentials.tables import Certificate

Row = Mapping[str, Any]
_CHUNK = 500
HELD = ("replaced", "superseded", "withdrawn")
"""What would become of a certificate on record that no longer says what is right: a new version, another
certificate for another prize, or nothing. A certificate may also be `issued`; what was granted is
`questioned`, and its authority decides; a proposal is `withdrawn` or `proposed`."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on it."""

    title: Text
    scores: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Dependent:
    """One node. kind: certificate, proposal, level or honour. rests_on: "result:ENTRY" or "proposal:ID".
    number: a certificate's public id. before and after: None where there is none."""

    kind: str
    id: UUID
    rests_on: str
    entry: str
    person: UUID | None
    change: str
    issuer: str
    number: str = ""
    before: Printed | None = None
    after: Printed | None = None


@dataclass(frozen=True, slots=True)
class Cascade:
    """entries: whose result changes. dependents: whose content changes, and nothing else. untouched: so
    many certificates of these entries stay as they are, letter for letter."""

    entries: Sequence[str] = ()
    dependents: Sequence[Dependent] = field(default=())
    untouched: int = 0

    @property
    def certificates(self) -> list[UUID]:
        """Those on record whose content changes."""
        return [
            one.id for one in self.dependents if one.kind == "certificate" and one.change in HELD
        ]


async def cascade(results: Sequence[ResultFacts]) -> Cascade:
    """results: as they would be, of each entry whose result would be another one."""
    entries = [facts.entry for facts in results]
    known = await _certificates(entries)
    awards, kept = await _awards(results, known)
    proposed = [one for facts in results for one in await _proposals(facts)]
    questioned = {one.id for one in proposed if one.change == "questioned"}
    granted = await _granted(questioned)
    return Cascade(entries, [*awards, *proposed, *granted], kept)


# --- awards ------------------------------------------------------------------------------------


async def _awards(
    results: Sequence[ResultFacts], known: Mapping[UUID, Row]
) -> tuple[list[Dependent], int]:
    wanted = {one.key: one for one in await awards_of(results)}
    contents = await contents_of(list(wanted.values()))
    found, kept = [], 0
    for key, one in wanted.items():
        row = known.get(key)
        if row is not None and (row["cause"] == "authority" or not contents[key]):
            continue  # withdrawn for ever, or erased: no correction brings it back
        if row is None or row["state"] == "revoked":
            if contents[key]:
                found.append(_of_award(one, row, "issued"))
        elif row["content_hash"] != contents[key]:
            found.append(_of_award(one, row, "replaced"))
        else:
            kept += 1
    gone = [
        row
        for key, row in known.items()
        if row["kind"] == "award" and row["state"] != "revoked" and key not in wanted
    ]
    return _paired(found, [_gone(row) for row in gone]), kept


def _paired(found: Sequence[Dependent], gone: Sequence[Dependent]) -> list[Dependent]:
    """Another prize is another certificate: the old one and the new one of a person stand together."""
    new = {(one.entry, one.person): one for one in found if one.change == "issued"}
    pairs = [(one, new.pop((one.entry, one.person), None)) for one in gone]
    left = {one.id for one in new.values()}
    return [
        *(one for one in found if one.change != "issued" or one.id in left),
        *(replace(o, change="superseded", after=n.after) if n else o for o, n in pairs),
    ]


def _of_award(wanted: Wanted, row: Row | None, change: str) -> Dependent:
    scores = [f"{line.id}={line.score}/{line.maximum}" for line in wanted.scores]
    return Dependent(
        "certificate",
        wanted.key,
        f"result:{wanted.entry}",
        wanted.entry,
        wanted.person,
        change,
        wanted.conferred.issuer,
        row["public_id"] if row else "",
        printed(row) if row and change == "replaced" else None,
        Printed(wanted.conferred.title, scores),
    )


def _gone(row: Row) -> Dependent:
    return Dependent(
        "certificate",
        row["id"],
        f"result:{row['entry']}",
        row["entry"],
        row["person"],
        "withdrawn",
        row["issuer"],
        row["public_id"],
        printed(row),
    )


def printed(row: Row) -> Printed:
    """What the newest version says; of an erased one, what the ledger still knows."""
    token = rendering.token_of(row)
    scores = scores_in(rendering.payload_of(token)) if token else []
    return Printed(json.loads(row["title"]), scores)


async def _certificates(entries: Sequence[str]) -> dict[UUID, Row]:
    found: dict[UUID, Row] = {}
    for start in range(0, len(entries), _CHUNK):
        chunk = list(entries[start : start + _CHUNK])
        places = ", ".join("{}" for _ in chunk)
        sql = f"SELECT {queries.COLUMNS}{queries.JOINED} WHERE c.entry IN ({places})"
        found |= {row["id"]: row for row in await Certificate.raw(sql, *chunk)}
    return found


# --- proposals and what was granted on them ----------------------------------------------------


async def _proposals(facts: ResultFacts) -> list[Dependent]:
    new = {
        id: (draft, person)
        for draft in drafts(await with_record(facts))
        for id, person in ids_of(facts, draft)
    }
    rows = await Proposal.select().where(Proposal.entry == facts.entry)
    old = {row["id"]: row for row in rows if row["state"] in ("proposed", "granted")}
    kept_back = {row["id"] for row in rows if row["state"] == "refused"}
    after = {"proposed": "withdrawn", "granted": "questioned"}
    gone = [
        _of_proposal(row, after[row["state"]], before=Printed(json.loads(row["title"])))
        for id, row in old.items()
        if id not in new
    ]
    made = [
        Dependent(
            "proposal",
            id,
            f"result:{facts.entry}",
            facts.entry,
            UUID(person),
            "proposed",
            draft.authority,
            after=Printed(dict(draft.title)),
        )
        for id, (draft, person) in new.items()
        if id not in old and id not in kept_back
    ]
    return [*gone, *made]


def _of_proposal(row: Row, change: str, *, before: Printed) -> Dependent:
    entry = row["entry"]
    return Dependent(
        "proposal",
        row["id"],
        f"result:{entry}",
        entry,
        row["person"],
        change,
        row["authority"],
        before=before,
    )


async def _granted(questioned: set[UUID]) -> list[Dependent]:
    """What an authority conferred on a proposal whose ground goes away. It keeps counting until that
    authority decides."""
    if not questioned:
        return []
    found = [
        Dependent(
            "certificate",
            row["id"],
            f"proposal:{row['proposal']}",
            row["entry"],
            row["person"],
            "questioned",
            row["issuer"],
            row["public_id"],
            printed(row),
        )
        for row in await _of_proposals(questioned)
    ]
    for kind, table in (("level", HeldLevel), ("honour", Honour)):
        rows = await table.select().where(table.proposal.is_in(list(questioned)))
        found += [
            Dependent(
                kind,
                row["id"],
                f"proposal:{row['proposal']}",
                "",
                row["person"],
                "questioned",
                row["issuer"] if kind == "level" else row["authority"],
                before=Printed(json.loads(row["title"])),
            )
            for row in rows
        ]
    return found


async def _of_proposals(proposals: set[UUID]) -> list[Row]:
    places = ", ".join("{}" for _ in proposals)
    sql = f"SELECT {queries.COLUMNS}, c.proposal{queries.JOINED} WHERE c.proposal IN ({places})"
    return list(await Certificate.raw(sql + " AND c.state <> 'revoked'", *proposals))
