"""Who may have the paper of a certificate, which shows the whole name.

Its number alone is not enough. It takes somebody who hands certificates out (`certificate.issue` for
the issuer) or knows the holders of its contest (`person.read`), or the signed content of the QR, which only who holds the paper or the link has. A room
that knows holders by another way says so by `register`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from core import enclosing
from core.errors import Forbidden, NotFound
from core.security import Actor, Scope
from credentials import keyring, presented, queries
from credentials.identifiers import understood
from credentials.scopes import issuer_scopes
from credentials.trust import Refused
from credentials.verify import read_printed

PERMISSION = "certificate.issue"
KNOWS = "person.read"

Holds = Callable[[Actor, Mapping[str, Any]], Awaitable[bool]]
_holds: dict[str, Holds] = {}


class PaperHeldBack(Forbidden):
    slug = "paper-held-back"
    title = (
        "The number alone does not open this paper, because it shows the holder's whole name. Scan the"
        " QR on the paper or open the holder's link, or log in as who issues it."
    )


def register(name: str, holds: Holds) -> None:
    """holds: whether this caller is the holder of that certificate. Twice does no harm."""
    _holds[name] = holds


async def may_have(by: Actor | None, row: Mapping[str, Any]) -> bool:
    if by is None:
        return False
    if by.may(PERMISSION, *await issuer_scopes(row["issuer"])):
        return True
    if (around := await _around(str(row["contest"]))) and by.may(KNOWS, *around):
        return True
    for holds in _holds.values():
        if await holds(by, row):
            return True
    return False


async def _around(contest: str) -> Sequence[Scope]:
    """Nothing for a contest that is on record no more."""
    try:
        return list(await enclosing.scopes(Scope("contest", contest)))
    except NotFound:
        return ()


async def proved(row: Mapping[str, Any], text: str) -> bool:
    """Whether this is the content of a genuine QR of this very certificate, and of no other."""
    try:
        shown = presented.recognised(text.strip().encode(), keyring.addresses())
        if shown.kind != "printed":
            return False
        path_id = shown.path_id or row["public_id"]
        read = read_printed(shown.text, await keyring.trust_store(), path_id=path_id)
    except Refused:
        return False
    if understood(read.public_id) != row["public_id"]:
        return False
    verdict = await queries.verify_presented(read)
    return all(check.code != "not-in-ledger" for check in verdict.checks)
