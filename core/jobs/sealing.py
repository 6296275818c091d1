"""What a job holds of people, under the job's own key."""

from __future__ import annotations

from uuid import UUID

from core import privacy


def seal(key: bytes, table: str, column: str, row: UUID, plain: bytes) -> bytes:
    return privacy.seal(key, plain, privacy.place(table, column, row))


def unseal(key: bytes, table: str, column: str, row: UUID, sealed: bytes) -> bytes:
    return privacy.unseal(key, bytes(sealed), privacy.place(table, column, row))
