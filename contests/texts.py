"""Free text beside the log: the log holds a salted hash, the text itself is sealed and erasable."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from uuid import UUID, uuid4

from contests.tables import LogText
from core.privacy import new_key, seal, unseal, unwrap, wrap


async def keep(contest: UUID, text: str, *, entry: UUID | None = None) -> str:
    """Stores a text and returns the hash that the log may hold; "" for no text."""
    text = text.strip()
    if not text:
        return ""
    salt = secrets.token_bytes(16)
    digest = text_hash(text, salt)
    await keep_salted(contest, text, salt, entry=entry)
    return digest


async def keep_salted(contest: UUID, text: str, salt: bytes, *, entry: UUID | None = None) -> None:
    """The same for a text whose hash a log holds already: it was written at a venue."""
    digest, key = text_hash(text, salt), new_key()
    await LogText.insert(
        LogText(
            id=uuid4(),
            contest=contest,
            entry=entry,
            text_hash=digest,
            salt=salt,
            wrapped_key=wrap(key),
            sealed_text=seal(key, text.encode(), b"text|" + digest.encode()),
        )
    )


async def forget(contest: UUID, hashes: Sequence[str]) -> None:
    """Deletes texts whose hash no log entry holds."""
    if hashes:
        await LogText.delete().where(
            LogText.contest == contest, LogText.text_hash.is_in(list(hashes))
        )


async def texts_of(contest: UUID) -> dict[str, str]:
    """Hash -> text, for readers who may; "" when it was erased."""
    rows = await LogText.select().where(LogText.contest == contest)
    return {row["text_hash"]: _text(row) for row in rows}


def text_hash(text: str, salt: bytes) -> str:
    return hashlib.sha256(salt + text.encode()).hexdigest()


def _text(row: dict[str, bytes]) -> str:
    if not row["wrapped_key"] or not row["sealed_text"]:
        return ""
    key = unwrap(bytes(row["wrapped_key"]))
    context = b"text|" + str(row["text_hash"]).encode()
    return unseal(key, bytes(row["sealed_text"]), context).decode()
