"""What is known of a judge of the pool beside the qualifications, sealed under a key of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contests.declared import plain
from core.privacy import keyed_hash, new_key, place, seal, unseal, unwrap, wrap
from core.scoring.codec import canonical

FACTS = ("name", "number", "employer", "school", "trainer", "studio", "phone", "mail")
"""number: of the qualification."""


def sealed_facts(judge: UUID, facts: Mapping[str, str]) -> tuple[bytes, bytes]:
    """(wrapped key, sealed facts) with a new key."""
    key = new_key()
    context = place("pool_judge", "sealed_facts", judge)
    return wrap(key), seal(key, canonical(dict(facts)), context)


def open_facts(row: Mapping[str, Any]) -> dict[str, str]:
    """Of a pool_judge row; every fact "" once erased."""
    facts = dict.fromkeys(FACTS, "")
    if row["wrapped_key"] and row["sealed_facts"]:
        context = place("pool_judge", "sealed_facts", row["id"])
        plain_text = unseal(unwrap(bytes(row["wrapped_key"])), bytes(row["sealed_facts"]), context)
        facts |= json.loads(plain_text)
    return facts


def sealed_value(interest: UUID, value: str) -> tuple[bytes, bytes]:
    key = new_key()
    return wrap(key), seal(key, value.encode(), place("interest", "sealed_value", interest))


def open_value(row: Mapping[str, Any]) -> str:
    """Of an interest row; "" once erased."""
    if not row["wrapped_key"] or not row["sealed_value"]:
        return ""
    context = place("interest", "sealed_value", row["id"])
    return unseal(unwrap(bytes(row["wrapped_key"])), bytes(row["sealed_value"]), context).decode()


def match_hash(facts: Mapping[str, str]) -> str:
    """The same for the same name and employer, however they are spaced."""
    return keyed_hash("pool-judge", plain(facts.get("name", "")), plain(facts.get("employer", "")))
