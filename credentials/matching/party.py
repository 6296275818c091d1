"""Who asks on the pages of this room: somebody who came in by a link, by a holder's log-in, or by the account of
an employer. Nobody else gets past the guard, and each sees only what is his own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from litestar.datastructures import Cookie
from litestar.handlers.base import BaseRouteHandler

from core import settings
from core.db import transaction
from core.errors import JiangxinError, NotFound
from core.same_person import records_of
from core.security import Actor, Connection, Role, actor_if_any
from core.sessions import csrf_token
from core.web.session import CsrfMissing, masked, same_token
from credentials.holder.sessions import holder_of
from credentials.matching import links
from credentials.matching.enterprises import of_employers
from credentials.matching.links import CRAFTSMAN, ENTERPRISE, LONG, SHORT
from credentials.matching.tables import Craftsman

FIELD = "matching_token"


class PartyUnknown(JiangxinError):
    slug = "matching-unknown"
    title = (
        "To see this page, open the link that the union's office gave you. If it was used already, ask the"
        " office for a new one."
    )
    status = 403


@dataclass(frozen=True, slots=True)
class Party:
    """side: "enterprise" or "craftsman". subjects: enterprises, or the person's places on registries. session: of a
    link or a holder's log-in; None for an account, whose forms carry the account's own token. own: came in by a link
    of this room."""

    side: str
    subjects: Sequence[UUID]
    actor: Actor
    session: UUID | None = None
    own: bool = False

    @property
    def token(self) -> str:
        """For forms; never twice the same letters."""
        return masked(csrf_token(self.session)) if self.session else ""

    def check_own(self, side: str, subject: UUID, what: str) -> None:
        """Raises NotFound: strangers don't learn what there is."""
        if self.side != side or subject not in self.subjects:
            raise NotFound(kind=what, id=subject)


async def party_of(connection: Connection, now: datetime | None = None) -> Party | None:
    at = now or datetime.now(UTC)
    session = await links.session_by(connection.cookies.get(cookie_name(), ""), at)
    if session:
        side = session["side"]
        return Party(side, (session["subject"],), Actor(None, side), session["id"], own=True)
    holder = await holder_of(connection)
    if holder:
        rows = await Craftsman.select(Craftsman.id).where(
            Craftsman.person.is_in(list(await records_of(holder.person)))
        )
        if rows:
            ids = tuple(row["id"] for row in rows)
            return Party(CRAFTSMAN, ids, Actor(None, CRAFTSMAN), holder.session)
    return await _of_account(actor_if_any(connection))


async def _of_account(actor: Actor | None) -> Party | None:
    """An account with the role of an employer in an organisation that a union knows as an enterprise."""
    if actor is None:
        return None
    employers = [
        UUID(grant.scope.id)
        for grant in actor.grants
        if grant.role is Role.EMPLOYER and grant.scope.kind == "organisation"
    ]
    found = await of_employers(employers)
    return Party(ENTERPRISE, tuple(found), actor) if found else None


async def party(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard. Raises PartyUnknown."""
    found = await party_of(connection)
    if found is None:
        raise PartyUnknown
    cast("dict[str, Any]", connection.scope)["matching_party"] = found


def party_in(connection: Connection) -> Party:
    """Who asks, behind the guard."""
    found = connection.scope.get("matching_party")
    if not isinstance(found, Party):
        raise PartyUnknown
    return found


def check_form(asked: Party, sent: object) -> None:
    """Raises CsrfMissing unless the form is one of ours for this log-in. An account's is looked at before."""
    if asked.session and not same_token(str(sent or ""), csrf_token(asked.session)):
        raise CsrfMissing


async def enter(
    side: str, subject: UUID, *, device: str, own_device: bool, now: datetime
) -> Cookie:
    """Inside the caller's transaction, in which the link was used up."""
    life = LONG if own_device else SHORT
    secret = await links.open_session(side, subject, device=device, life=life, now=now)
    return Cookie(
        cookie_name(),
        "/",
        secret,
        httponly=True,
        samesite="lax",
        secure=settings.current().secure,
        max_age=int(life.total_seconds()),
    )


async def leave(asked: Party) -> None:
    if asked.own and asked.session:
        async with transaction():
            await links.end_session(asked.session, datetime.now(UTC))


def cookie_name() -> str:
    """As the account's cookie (`core.web.session`), with a name of its own."""
    now = settings.current()
    name = "jiangxin-matching-rehearsal" if now.rehearsal else "jiangxin-matching"
    return f"__Host-{name}" if now.secure else name
