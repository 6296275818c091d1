"""A tablet's file read leniently: every signed revision in it is found, and what is wrong is named."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from contests.sheets import SHEET_TYPE, jws_hash, take_apart
from core.scoring.model import Finding

FORMAT = "jiangxin-handover"
LARGEST = 20 * 1024 * 1024
LARGEST_SHOWN = "20 MB"
MOST = 5000
_COMPACT = re.compile(r"(?<![\w-])[\w-]{16,2000}\.[\w-]{16,90000}\.[\w-]{86}(?![\w-])", re.ASCII)
"""Tried only where a word begins, or a file of one long word would take hours."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The revisions of a file in its order, each once. label: the tablet's, as it says. photos: contents
    by their SHA-256; whether a sheet names them is not asked here."""

    revisions: tuple[str, ...] = ()
    label: str = ""
    findings: tuple[Finding, ...] = ()
    photos: Mapping[str, bytes] = field(default_factory=dict)


def read_file(content: bytes) -> HandedOver:
    """Never raises. A file that was cut or edited still gives the revisions that are whole in it."""
    if not content:
        return _nothing("handover-none")
    if len(content) > LARGEST:
        return _nothing("handover-too-large", limit=LARGEST_SHOWN)
    text = content.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return _salvaged(text)
    if not isinstance(found, dict):
        return _salvaged(text)
    if found.get("kind") == "receipts":
        return _nothing("handover-receipts")
    revisions = found.get("revisions")
    if not isinstance(revisions, list) or found.get("format", FORMAT) != FORMAT:
        return _salvaged(text)
    return _listed(found, revisions)


def _listed(found: Mapping[str, Any], revisions: list[Any]) -> HandedOver:
    whole = all(isinstance(jws, str) for jws in revisions)
    texts = [jws for jws in revisions if isinstance(jws, str)]
    sum_ = found.get("sha256")
    changed = not whole or (sum_ is not None and sum_ != jws_hash("\n".join(texts)))
    if not revisions:
        return _nothing("handover-empty")
    read = _limited(texts, str(found.get("label", ""))[:80], changed=changed)
    return replace(read, photos=dict(_photos(found.get("photos"))))


def _photos(found: Any) -> Iterable[tuple[str, bytes]]:
    for one in found if isinstance(found, list) else ():
        data = one.get("data") if isinstance(one, dict) else None
        if not isinstance(data, str):
            continue
        try:
            content = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
        except ValueError:
            continue
        yield hashlib.sha256(content).hexdigest(), content


def _salvaged(text: str) -> HandedOver:
    """What looks like a signed revision in a text that is no file of ours any more."""
    sheets = [jws for jws in _COMPACT.findall(text) if _is_sheet(jws)]
    return _limited(sheets, "", changed=True) if sheets else _nothing("handover-not-ours")


def _is_sheet(jws: str) -> bool:
    parts = take_apart(jws)
    return parts is not None and parts.header.get("typ") == SHEET_TYPE


def _limited(revisions: Iterable[str], label: str, *, changed: bool) -> HandedOver:
    once = tuple(dict.fromkeys(revisions))
    findings = [Finding("", "handover-changed", {})] if changed else []
    if len(once) > MOST:
        findings.append(Finding("", "handover-too-many", {"limit": str(MOST)}))
    return HandedOver(once[:MOST], label, tuple(findings))


def _nothing(code: str, **params: str) -> HandedOver:
    return HandedOver(findings=(Finding("", code, params),))
