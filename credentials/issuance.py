"""How far the issuing of one contest is: it goes on behind the pages, message by message."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import audit, db
from core.db import transaction
from core.errors import NotFound
from core.outbox import retry
from core.scoring.model import Finding, Text
from core.security import Actor, Scope, check
from core.tables import OutboxMessage
from credentials.keyring import active_issuers, issuers_with_keys
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate

HANDLERS = (
    "credentials.issue_signed",
    "credentials.issue_final",
    "credentials.propose",
    "credentials.rename",
)
GRANTED = "credentials.issue_granted"
HELD_SHOWN = 50
_AT_ONCE = 1000
_MANY = 20_000
"""For each of so many messages their number is kept a second."""
_COUNTED = ("asked", "done", "held_count", "stuck")
_FAILED = "m.attempts > 0 AND m.done_at IS NULL"
_PROPOSAL = {
    "sqlite": "json_extract(m.body, '$.proposal')",
    "postgres": "CAST(CAST(m.body AS json) ->> 'proposal' AS uuid)",
}
"""Of a ProposalGranted, from its body."""
_DATABASE = frozenset(
    {"OperationalError", "InterfaceError", "PostgresConnectionError", "ConnectionError", "OSError"}
    | {"ConnectionDoesNotExistError", "TooManyConnectionsError", "CannotConnectNowError"}
)
_SLOW = frozenset({"TimeoutError", "CancelledError", "QueryCanceledError"})
_UNFILED = frozenset({"NotFiled", "FilingLacks"})
_REFUSED = frozenset({"Invalid", "TokenTooLarge", "Malformed"})


@dataclass(frozen=True, slots=True)
class Held:
    """One result or grant whose certificates could not be issued yet. stuck: nobody tries it any more
    by itself. reason: why, with the remedy. persons: whose; titles: what they would be given."""

    id: UUID
    entry: str
    persons: tuple[UUID, ...]
    titles: tuple[Text, ...]
    attempts: int
    stuck: bool
    reason: Finding


@dataclass(frozen=True, slots=True)
class Issuance:
    """asked: results and grants of the contest that were told of; done: those acted on.
    held: the first HELD_SHOWN of held_count; stuck: so many of these are not tried by themselves.
    certificates: so many are on record. signing: whether its issuer has a key to sign with."""

    asked: int
    done: int
    held: tuple[Held, ...]
    held_count: int
    stuck: int
    certificates: int
    signing: bool


async def issuance_of(contest: UUID, issuer: str) -> Issuance:
    """issuer: code of the organisation that signs the contest's awards. Counted by the database, and
    kept for some seconds when it is very much: a page asks every two while it is on its way."""
    able, counts, held = await _Able.now(), await _counts(contest), list[Held]()
    for found in _messages(contest) if counts["held_count"] else ():
        held += [able.held(row) for row in await found.failed(HELD_SHOWN - len(held))]
    return Issuance(
        **counts,
        held=tuple(held),
        certificates=await Certificate.count().where(Certificate.contest == str(contest)),
        signing=issuer in able.known,
    )


_kept: dict[UUID, tuple[float, dict[str, int]]] = {}


async def _counts(contest: UUID) -> dict[str, int]:
    until, counts = _kept.get(contest, (0.0, {}))
    if time.monotonic() < until:
        return counts
    found = [await one.counts() for one in _messages(contest)]
    counts = {name: sum(one[name] for one in found) for name in _COUNTED}
    _kept.clear()
    if counts["asked"] > _MANY:
        _kept[contest] = time.monotonic() + counts["asked"] / _MANY, counts
    return counts


async def try_again(by: Actor, contest: UUID, issuer: str, *, only: UUID | None = None) -> int:
    """Everything of the contest that failed starts over now, or one of it; how many. Raises NotFound
    for one that did not fail here."""
    check(by, "certificate.issue", *await issuer_scopes(issuer))
    held = [id for found in _messages(contest) for id in await found.failed_ids()]
    if only is not None:
        if only not in held:
            raise NotFound(kind="result", id=only)
        held = [only]
    for start in range(0, len(held), _AT_ONCE):
        await retry(held[start : start + _AT_ONCE])
    _kept.clear()
    if held:
        async with transaction():
            after = {"count": len(held)}
            scope = Scope("contest", str(contest))
            await audit.record(by, "certificates.again", scope=scope, after=after)
    return len(held)


@dataclass(frozen=True, slots=True)
class _Messages:
    """Outbox messages that one condition finds. columns: of a proposal that they are about."""

    where: str
    values: tuple[Any, ...]
    columns: str = ""

    async def counts(self) -> dict[str, int]:
        rows = await OutboxMessage.raw(
            "SELECT COUNT(*) AS asked, COUNT(m.done_at) AS done,"  # noqa: S608 - no value in it
            f" COUNT(CASE WHEN {_FAILED} THEN 1 END) AS held_count,"
            f" COUNT(CASE WHEN {_FAILED} THEN m.stuck_at END) AS stuck FROM {self.where}",
            *self.values,
        )
        return {name: int(rows[0][name]) for name in _COUNTED}

    async def failed(self, limit: int) -> list[dict[str, Any]]:
        rows = await OutboxMessage.raw(
            "SELECT m.id, m.handler, m.body, m.attempts, m.stuck_at, m.last_error"  # noqa: S608
            f"{self.columns} FROM {self.where} AND {_FAILED} ORDER BY m.created_at, m.id LIMIT {{}}",
            *self.values,
            limit,
        )
        return [dict(row) for row in rows] if limit else []

    async def failed_ids(self) -> list[UUID]:
        sql = f"SELECT m.id FROM {self.where} AND {_FAILED}"  # noqa: S608 - no value in it
        return [row["id"] for row in await OutboxMessage.raw(sql, *self.values)]


def _messages(contest: UUID) -> list[_Messages]:
    """Of its results, by the text of their bodies, which are canonical; of its grants, by proposal."""
    places = ", ".join("{}" for _ in HANDLERS)
    about = _PROPOSAL[db.engine().engine_type]
    return [
        _Messages(
            f"outbox_message m WHERE m.handler IN ({places}) AND m.body LIKE {{}}",
            (*HANDLERS, f'%"contest":"{contest}"%'),
        ),
        _Messages(
            f"outbox_message m JOIN proposal p ON p.id = {about}"
            " WHERE m.handler = {} AND p.contest = {}",
            (GRANTED, str(contest)),
            ", p.id AS proposal, p.person, p.title, p.entry, p.issuer",
        ),
    ]


# --- why ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Able:
    """Issuers that have ever had a key, and those that have one in use now."""

    known: frozenset[str]
    active: frozenset[str]

    @classmethod
    async def now(cls) -> _Able:
        return cls(frozenset(await issuers_with_keys()), frozenset(await active_issuers()))

    def held(self, row: Mapping[str, Any]) -> Held:
        body = json.loads(row["body"])
        facts, proposal = body.get("facts", {}), row if row.get("proposal") else None
        own = [one for one in facts.get("outputs", ()) if one["issuer"] == facts.get("organiser")]
        persons: Sequence[str] = facts.get("persons") or [body.get("person", "")]
        issuer = facts.get("organiser") or body.get("issuer", "")
        if proposal:
            persons, issuer = [str(proposal["person"])], proposal["issuer"]
        return Held(
            row["id"],
            facts.get("entry", "") or (proposal["entry"] if proposal else ""),
            tuple(UUID(one) for one in persons if one),
            tuple(one["title"] for one in own)
            or ((json.loads(proposal["title"]),) if proposal else ()),
            row["attempts"],
            row["stuck_at"] is not None,
            self._reason(row, issuer, signs=row["handler"] != "credentials.propose"),
        )

    def _reason(self, row: Mapping[str, Any], issuer: str, *, signs: bool) -> Finding:
        """From what is in the way now, else from the kind of error; never from its words."""
        at, kind = f"/{row['id']}", row["last_error"].partition(":")[0].rpartition(".")[2]
        if signs and issuer not in self.active:
            known = issuer in self.known
            return Finding(at, f"credentials.held-{'key-out-of-use' if known else 'no-key'}", {})
        reasons = (
            (_DATABASE, "database"),
            (_SLOW, "slow"),
            (_UNFILED, "unfiled"),
            (_REFUSED, "refused"),
        )
        for kinds, code in reasons:
            if kind in kinds:
                return Finding(at, f"credentials.held-{code}", {})
        return Finding(at, "credentials.held-fault", {"number": str(row["id"])[:8]})
