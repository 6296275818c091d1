"""What happens to an authority's honours and levels becomes signed messages to its own database, in the same
transaction. A message names the record, and nobody.

Called by whatever grants, corrects or withdraws one, after it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core.events import CertificateRevoked, NameCorrected
from core.outbox import put
from core.same_person import records_of
from core.tables import Organisation
from credentials.employers.events import WebhookDue
from credentials.employers.tables import Webhook, WebhookDelivery
from credentials.encoding import to_instant, to_text
from credentials.records.bodies import organisation_code
from credentials.records.honours.tables import HonourCase
from credentials.records.tables import HeldLevel

HONOUR, LEVEL, LIST = "honour", "level", "list"
CHANGES = (
    "granted", "corrected", "withdrawn", "taken_out", "list_taken_in", "list_taken_back",
)  # fmt: skip
_PATHS = {HONOUR: "/api/exchange/honours/{id}", LEVEL: "/api/exchange/levels/{id}"}
Row = Mapping[str, Any]


async def note_honour(row: Row, change: str) -> None:
    """row: the honour's case."""
    await _note([row["authority"]], HONOUR, row["id"], change)


async def note_level(row: Row, change: str) -> None:
    await _note([row["keeper"] or row["issuer"]], LEVEL, row["id"], change)


async def note_list(row: Row, change: str) -> None:
    """One message for a whole list."""
    await _note([row["keeper"]], LIST, row["id"], change)


async def level_revoked(events: Sequence[CertificateRevoked]) -> None:
    """The certificate of a level was withdrawn: the level with it."""
    ids = [UUID(event.certificate) for event in events]
    for row in await HeldLevel.select().where(HeldLevel.certificate.is_in(ids)):
        await note_level(row, "withdrawn")


async def name_corrected(events: Sequence[NameCorrected]) -> None:
    for event in events:
        own = list(await records_of(UUID(event.person)))
        for row in await HonourCase.select().where(
            HonourCase.person.is_in(own), HonourCase.state.is_in(["granted", "withdrawn"])
        ):
            await note_honour(row, "corrected")
        for row in await HeldLevel.select().where(HeldLevel.person.is_in(own)):
            await note_level(row, "corrected")


async def _note(codes: Iterable[str], kind: str, id: UUID, change: str) -> None:
    wanted = sorted({organisation_code(code) for code in codes if code})
    bodies = await Organisation.select(Organisation.id).where(
        Organisation.code.is_in(wanted), Organisation.kind != "employer"
    )
    if not bodies:
        return
    hooks = await Webhook.select(Webhook.id).where(
        Webhook.organisation.is_in([body["id"] for body in bodies]), Webhook.disabled_at.is_null()
    )
    for hook in hooks:
        await _deliver(hook["id"], kind, id, change)


async def _deliver(hook: UUID, kind: str, id: UUID, change: str) -> None:
    delivery, now = uuid4(), datetime.now(UTC)
    body = {
        "delivery": str(delivery),
        "change": change,
        "kind": kind,
        "id": str(id),
        "at": to_instant(now),
        **({"path": _PATHS[kind].format(id=id)} if kind in _PATHS else {}),
    }
    await WebhookDelivery.insert(
        WebhookDelivery(
            id=delivery, webhook=hook, change=change, body=to_text(body), made_at=now, next_at=now
        )
    )
    await put(WebhookDue(str(delivery)))
