"""An authority's keys and addresses for its own database: whoever may act for the body handles them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.errors import NotFound
from core.scoring.model import Text
from core.security import Actor, check
from core.tables import Organisation
from credentials.employers import keys, webhooks
from credentials.employers.keys import EXCHANGE, Known, Made
from credentials.employers.webhooks import NewWebhook, Shown
from credentials.records.bodies import ACTS, titles_of
from credentials.scopes import issuer_scopes


async def make_key(by: Actor, keeper: str, *, name: str, days: int) -> Made:
    body = await _body(by, keeper)
    return await keys.issue_key(
        by, body, name=name, scopes=[EXCHANGE], days=days, known=(EXCHANGE,)
    )


async def rotate_key(by: Actor, keeper: str, key: UUID, *, hours: int) -> Made:
    return await keys.replace_key(by, await _body(by, keeper), key, hours=hours)


async def revoke_key(by: Actor, keeper: str, key: UUID) -> None:
    await keys.end_key(by, await _body(by, keeper), key)


async def keys_of(by: Actor, keeper: str) -> Sequence[Known]:
    return await keys.keys_of(await _body(by, keeper))


async def add_webhook(by: Actor, keeper: str, address: str) -> NewWebhook:
    return await webhooks.add_webhook(by, await _body(by, keeper), address)


async def change_webhook(by: Actor, keeper: str, webhook: UUID, verb: str) -> None:
    """verb: test, on or remove."""
    body = await _body(by, keeper)
    if verb == "test":
        await webhooks.try_out(body, webhook)
    elif verb == "on":
        await webhooks.switch_on(by, body, webhook)
    elif verb == "remove":
        await webhooks.remove_webhook(by, body, webhook)
    else:
        raise NotFound(kind="step", id=verb[:20])


async def webhooks_of(by: Actor, keeper: str) -> Sequence[Shown]:
    return await webhooks.webhooks_of(await _body(by, keeper))


async def title_of(keeper: str) -> Text:
    return (await titles_of([keeper])).get(keeper, {})


async def _body(by: Actor, keeper: str) -> UUID:
    """Raises NotFound for what is no body; Forbidden for somebody else's."""
    row = (
        await Organisation.select(Organisation.id)
        .where(Organisation.code == keeper, Organisation.kind != "employer")
        .first()
    )
    if row is None:
        raise NotFound(kind="organisation", id=keeper[:60])
    check(by, ACTS, *await issuer_scopes(keeper))
    body: UUID = row["id"]
    return body
