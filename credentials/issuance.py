"""How far the issuing of one contest is: it goes on behind the pages, message by message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import NotFound
from core.outbox import retry
from core.scoring.model import Finding, Text
from core.security import Actor, Scope, check
from core.tables import OutboxMessage
from credentials.keyring import active_issuers, issuers_with_keys
from credentials.records.tables import Proposal
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate

HANDLERS = (
    "credentials.issue_signed",
    "credentials.issue_final",
    "credentials.propose",
    "credentials.rename",
)
GRANTED = "credentials.issue_granted"
_DATABASE = frozenset(
    {"OperationalError", "InterfaceError", "PostgresConnectionError", "ConnectionError", "OSError"}
    | {"ConnectionDoesNotExistError", "TooManyConnectionsError", "CannotConnectNowError"}
)
_SLOW = frozenset({"TimeoutError", "CancelledError", "QueryCanceledError"})
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
    certificates: so many are on record. signing: whether its issuer has a key to sign with."""

    asked: int
    done: int
    held: tuple[Held, ...]
    certificates: int
    signing: bool

    @property
    def stuck(self) -> int:
        return sum(1 for one in self.held if one.stuck)


async def issuance_of(contest: UUID, issuer: str) -> Issuance:
    """issuer: code of the organisation that signs the contest's awards."""
    rows = await _messages(contest)
    able = await _Able.now()
    return Issuance(
        asked=len(rows),
        done=sum(1 for row in rows if row["done_at"] is not None),
        held=tuple(able.held(row) for row in rows if row["attempts"] and row["done_at"] is None),
        certificates=await Certificate.count().where(Certificate.contest == str(contest)),
        signing=issuer in able.known,
    )


async def try_again(by: Actor, contest: UUID, issuer: str, *, only: UUID | None = None) -> int:
    """Everything of the contest that failed starts over now, or one of it; how many. Raises NotFound
    for one that did not fail here."""
    check(by, "certificate.issue", *await issuer_scopes(issuer))
    held = [row["id"] for row in await _messages(contest) if row["attempts"] and not row["done_at"]]
    if only is not None:
        if only not in held:
            raise NotFound(kind="result", id=only)
        held = [only]
    await retry(held)
    if held:
        async with transaction():
            after = {"count": len(held)}
            scope = Scope("contest", str(contest))
            await audit.record(by, "certificates.again", scope=scope, after=after)
    return len(held)


async def _messages(contest: UUID) -> list[dict[str, Any]]:
    """Of its results, by the text of their bodies, which are canonical; of its grants, by proposal."""
    message = OutboxMessage
    columns = (
        message.id,
        message.handler,
        message.body,
        message.attempts,
        message.done_at,
        message.stuck_at,
        message.last_error,
    )
    results = await message.select(*columns).where(
        message.handler.is_in(list(HANDLERS)), message.body.like(f'%"contest":"{contest}"%')
    )
    proposals = {
        row["id"]: row
        for row in await Proposal.select(
            Proposal.id, Proposal.person, Proposal.title, Proposal.entry, Proposal.issuer
        ).where(Proposal.contest == str(contest))
    }
    grants = await message.select(*columns).where(message.handler == GRANTED) if proposals else []
    return [
        *results,
        *({**row, "proposal": found} for row in grants if (found := proposals.get(_proposal(row)))),
    ]


def _proposal(row: Mapping[str, Any]) -> UUID:
    return UUID(json.loads(row["body"])["proposal"])


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
        facts, proposal = body.get("facts", {}), row.get("proposal")
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
        for kinds, code in ((_DATABASE, "database"), (_SLOW, "slow"), (_REFUSED, "refused")):
            if kind in kinds:
                return Finding(at, f"credentials.held-{code}", {})
        return Finding(at, "credentials.held-fault", {"number": str(row["id"])[:8]})
