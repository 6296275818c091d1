"""The scopes in which a grant speaks for an issuer."""

from __future__ import annotations

from core import enclosing
from core.security import Scope
from core.tables import Organisation


async def issuer_scopes(code: str) -> list[Scope]:
    """The issuer's own, and its organisation's when there is one here."""
    row = await Organisation.select(Organisation.id).where(Organisation.code == code).first()
    own = [Scope("organisation", str(row["id"]))] if row else []
    return [Scope("issuer", code), *own]


async def _around(code: str) -> list[Scope]:
    return (await issuer_scopes(code))[1:]


def install() -> None:
    """Tells the kernel that an issuer lies within its organisation."""
    enclosing.register("issuer", _around)
