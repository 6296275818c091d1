"""The scopes in which a grant speaks for an issuer."""

from __future__ import annotations

from core.security import Scope
from core.tables import Organisation


async def issuer_scopes(code: str) -> list[Scope]:
    """The issuer's own, and its organisation's when there is one here."""
    row = await Organisation.select(Organisation.id).where(Organisation.code == code).first()
    own = [Scope("organisation", str(row["id"]))] if row else []
    return [Scope("issuer", code), *own]
