"""What somebody hands in to be verified: a token, the text of a QR, an address, a baked badge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core import db
from credentials import keyring, queries
from credentials.baking import PNG_SIGNATURE, token_of_png, token_of_svg
from credentials.encoding import Malformed, from_json
from credentials.foreign import names_another_issuer
from credentials.identifiers import Addresses, understood
from credentials.trust import Refused
from credentials.verify import AWAY, TOKEN_LIMIT, Verdict, judge, read_printed, read_token, refusal

FIELDS = ("token", "qr", "text")


@dataclass(frozen=True, slots=True)
class Presented:
    """kind: "token", "printed" (a QR's signed content) or "id". `path_id`: the id beside it."""

    kind: str
    text: str
    path_id: str = ""


async def verify(data: bytes, now: datetime | None = None) -> tuple[Verdict, bool]:
    """The verdict, and whether the holder's name was presented with it (and may be shown)."""
    now = now or datetime.now(UTC)
    try:
        presented = recognised(data, keyring.addresses())
        if presented.kind == "id":
            return await queries.verify_by_id(presented.text, now), False
        trust = await keyring.trust_store_or_last()
        if presented.kind == "token":
            read = read_token(presented.text, trust)
        else:
            read = read_printed(presented.text, trust, path_id=presented.path_id)
    except Refused as refused:
        found = await _elsewhere(data, now) if refused.check == "issuer" else None
        return found or refusal(refused, now), bool(found and found.read)
    try:
        return await queries.verify_presented(read, now), True
    except Exception as error:
        if not db.unreachable(error):
            raise
        return judge(read, AWAY, now), True


async def _elsewhere(data: bytes, now: datetime) -> Verdict | None:
    """What no issuer here has signed may be another installation's that is believed here."""
    from credentials.trusting.elsewhere import verdict_elsewhere

    return await verdict_elsewhere(data, now)


def recognised(data: bytes, addresses: Addresses) -> Presented:
    """What these bytes are, by themselves. Raises Refused before anything large is looked at."""
    try:
        if data.startswith(PNG_SIGNATURE):
            return _baked(token_of_png(data), addresses)
        if data[:256].lstrip().startswith(b"<"):
            return Presented("token", token_of_svg(data))
        if len(data) > TOKEN_LIMIT:
            raise Refused("unaltered", "too-large")
        if data.lstrip()[:1] == b"{":
            return _of_text(_field(from_json(data), addresses), addresses)
        return _of_text(data.decode("ascii"), addresses)
    except Refused:
        raise
    except (Malformed, UnicodeDecodeError):
        raise Refused("unaltered", "encoding") from None


def _baked(text: str, addresses: Addresses) -> Presented:
    # Other issuers bake the document itself, with a proof inside.
    if text.startswith("{") and names_another_issuer(from_json(text.encode()), addresses):
        raise Refused("issuer", "unknown-key")
    return Presented("token", text)


def _field(body: Any, addresses: Addresses) -> str:
    for name in FIELDS:
        if isinstance(body, dict) and isinstance(body.get(name), str):
            return str(body[name])
    if names_another_issuer(body, addresses):
        raise Refused("issuer", "unknown-key")
    raise Malformed("encoding")


def _of_text(typed: str, addresses: Addresses) -> Presented:
    text = typed.strip()
    if text.count(".") == 2 and "/" not in text:
        return Presented("token", text)
    address, mark, fragment = text.partition("#")
    if mark:
        return Presented("printed", fragment, _path_id(address, addresses))
    if "/" in address:
        return Presented("id", _path_id(address, addresses))
    if len(text) <= 32:
        return Presented("id", text)
    return Presented("printed", text)


def _path_id(address: str, addresses: Addresses) -> str:
    """The id in one of our own addresses. A paper that points elsewhere is not ours."""
    named = addresses.public_id_in(address)
    if named is None:
        raise Refused("issuer", "other-address")
    return understood(named)
