"""What erases one person here: the sealed link of an entry to the person, and free texts about the
entry. The log keeps only ids and salted hashes, so its chain still verifies."""

from __future__ import annotations

from uuid import UUID

from contests.identity.sealing import person_hash
from contests.identity.tables import SealedIdentity
from contests.tables import LogText


class IdentityShredder:
    name = "contests.identity"

    async def shred(self, person: str) -> None:
        await SealedIdentity.update({SealedIdentity.sealed_person: None}).where(
            SealedIdentity.person_hash == person_hash(UUID(person))
        )


class TextShredder:
    name = "contests.texts"

    async def shred(self, person: str) -> None:
        rows = await SealedIdentity.select(SealedIdentity.entry).where(
            SealedIdentity.person_hash == person_hash(UUID(person))
        )
        if rows:
            await LogText.update({LogText.wrapped_key: None, LogText.sealed_text: None}).where(
                LogText.entry.is_in([row["entry"] for row in rows])
            )
