"""What an enterprise told, under a key of its own: empty its key and nothing of it can be read any more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.privacy import place, seal, unseal, unwrap
from core.scoring.codec import canonical

Row = Mapping[str, Any]


def seal_facts(enterprise: Row, facts: Mapping[str, str]) -> bytes:
    return seal(_key(enterprise), canonical(dict(facts)), _facts(enterprise))


def facts_of(enterprise: Row) -> dict[str, str]:
    """Its name; nothing once it was forgotten."""
    if not enterprise["wrapped_key"] or not enterprise["sealed_facts"]:
        return {}
    found: dict[str, str] = json.loads(
        unseal(_key(enterprise), enterprise["sealed_facts"], _facts(enterprise))
    )
    return found


def seal_words(enterprise: Row, need: Any, words: Mapping[str, str]) -> bytes:
    return seal(_key(enterprise), canonical(dict(words)), place("craft_need", "sealed_words", need))


def words_of(enterprise: Row, need: Row) -> dict[str, str]:
    """problem, address, person, telephone, email, report; nothing once the enterprise was forgotten."""
    if not enterprise["wrapped_key"] or not need["sealed_words"]:
        return {}
    context = place("craft_need", "sealed_words", need["id"])
    found: dict[str, str] = json.loads(unseal(_key(enterprise), need["sealed_words"], context))
    return found


def _key(enterprise: Row) -> bytes:
    return unwrap(enterprise["wrapped_key"])


def _facts(enterprise: Row) -> bytes:
    return place("enterprise", "sealed_facts", enterprise["id"])
