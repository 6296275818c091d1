"""Forms that come back with what was typed: a Hong Kong number never stands beside a name, not even there. It
is sealed into a hidden field, and counts again unless another number is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import disclosure, privacy

NUMBER, KIND = "document_number", "document_kind"
KEPT = f"{NUMBER}.kept"


def shown_again(typed: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a form may show of what was typed into it."""
    number, kind = number_in(typed), str(typed.get(KIND, ""))
    if not number or not (kind in disclosure.never() or disclosure.hong_kong(number)):
        return typed
    return {**typed, NUMBER: "", KEPT: privacy.sealed_in_form(number)}


def number_in(typed: Mapping[str, Any]) -> str:
    """The number that was typed, or that was kept from before."""
    return str(typed.get(NUMBER, "")) or privacy.read_in_form(str(typed.get(KEPT, "")))
