"""Evidence of a score, pure: a Merkle root over salted leaves, one per line of an entrant's sheet.

Somebody who is shown one leaf with its salt and path can check it without seeing the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from contests.sheets import b64
from core.scoring.codec import canonical
from core.scoring.model import AspectScore, ModuleScore, Results, Standing
from core.scoring.numbers import decimal_text


@dataclass(frozen=True, slots=True)
class Leaf:
    """`content`: canonical JSON of one line; `position` orders the lines of one entry."""

    position: int
    content: str
    salt: bytes

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(b"\x00" + self.salt + self.content.encode()).digest()


def contents_of(entry: str, results: Results) -> list[str]:
    """The lines that one entry's root covers: aspects, modules, total."""
    aspects = [_aspect(a) for a in results.aspects if a.entry == entry]
    modules = [_module(m) for m in results.modules if m.entry == entry]
    totals = [_total(s) for s in results.standings if s.entry == entry]
    return [*aspects, *modules, *totals]


def contents_by_entry(results: Results) -> dict[str, list[str]]:
    """The same for everybody in one pass."""
    found: dict[str, list[str]] = {standing.entry: [] for standing in results.standings}
    for aspect in results.aspects:
        found[aspect.entry].append(_aspect(aspect))
    for module in results.modules:
        found[module.entry].append(_module(module))
    for standing in results.standings:
        found[standing.entry].append(_total(standing))
    return found


def root(leaves: Sequence[Leaf]) -> str:
    """base64url; "" without leaves. An odd node goes up unchanged."""
    level = [leaf.hash for leaf in sorted(leaves, key=lambda leaf: leaf.position)]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [_node(left, right) for left, right in pairs] + odd
    return b64(level[0]) if level else ""


def path(leaves: Sequence[Leaf], position: int) -> list[tuple[str, str]]:
    """("left" or "right", base64url hash) from one leaf up to the root."""
    ordered = sorted(leaves, key=lambda leaf: leaf.position)
    index = [leaf.position for leaf in ordered].index(position)
    level, steps = [leaf.hash for leaf in ordered], []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            steps.append(("right" if sibling > index else "left", b64(level[sibling])))
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [_node(left, right) for left, right in pairs] + odd
        index //= 2
    return steps


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _aspect(score: AspectScore) -> str:
    line = {
        "aspect": score.aspect,
        "module": score.module,
        "outcome": str(score.outcome),
        "panel": None if score.panel is None else decimal_text(score.panel),
        "award": None if score.award is None else decimal_text(score.award),
        "raw": score.raw,
    }
    return canonical(line).decode()


def _module(score: ModuleScore) -> str:
    line = {
        "module": score.module,
        "outcome": str(score.outcome),
        "score": None if score.score is None else decimal_text(score.score),
        "penalty": decimal_text(score.penalty),
    }
    return canonical(line).decode()


def _total(standing: Standing) -> str:
    line = {
        "total": None if standing.total is None else decimal_text(standing.total),
        "rank": standing.rank,
        "status": str(standing.status),
    }
    return canonical(line).decode()
