"""Texts of a record that may name somebody: each record has a key of its own, which erasure destroys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.errors import JiangxinError
from core.privacy import new_key, place, seal, unseal, unwrap, wrap


def new_wrapped() -> bytes:
    return wrap(new_key())


def hide(wrapped: bytes | None, text: str, table: str, column: str, row: UUID) -> bytes | None:
    """None for an empty text. Raises Erased once the key is gone."""
    if not text:
        return None
    return seal(unwrap(wrapped), text.encode(), place(table, column, row))


def show(wrapped: bytes | None, sealed: bytes | None, table: str, column: str, row: UUID) -> str:
    """ "" for nothing, and once the key is gone."""
    if not wrapped or not sealed:
        return ""
    return unseal(unwrap(wrapped), sealed, place(table, column, row)).decode()


def shown(row: Mapping[str, Any], column: str, table: str, wrapped: bytes | None) -> str:
    """The column of a row as it was read."""
    try:
        return show(wrapped, row[column], table, column, row["id"])
    except JiangxinError:
        return ""
