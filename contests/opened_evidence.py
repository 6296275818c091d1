"""Hands the lines of one entrant's sheet to whoever opens a leaf of a certificate, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from contests.evidence import Leaf, root
from contests.remembered import replayed
from contests.tables import EvidenceLeaf
from core import score_evidence
from core.score_evidence import SheetLine
from core.scoring.model import Scheme, Text
from core.scoring.numbers import milli_text

Named = Mapping[tuple[str, str], tuple[Text, str]]


def install() -> None:
    """Called when the package is loaded."""
    score_evidence.register(lines_of_entry)


async def lines_of_entry(contest: str, entry: str, wanted: str) -> Sequence[SheetLine]:
    """Of the version of the result whose root this is."""
    try:
        contest_id, entry_id = UUID(contest), UUID(entry)
    except ValueError:
        return ()
    leaves = await _leaves(contest_id, entry_id, wanted)
    frozen = (await replayed(contest_id)).frozen if leaves else None
    if frozen is None:
        return ()
    named = _named(frozen.scheme)
    return [_line(leaf, named, frozen.scheme.title) for leaf in leaves]


async def _leaves(contest: UUID, entry: UUID, wanted: str) -> list[Leaf]:
    rows = (
        await EvidenceLeaf.select()
        .where(EvidenceLeaf.contest == contest, EvidenceLeaf.entry == entry)
        .order_by(EvidenceLeaf.position)
    )
    for version in sorted({row["version"] for row in rows}, reverse=True):
        leaves = [
            Leaf(row["position"], row["content"], bytes(row["salt"]))
            for row in rows
            if row["version"] == version
        ]
        if root(leaves) == wanted:
            return leaves
    return []


def _named(scheme: Scheme) -> Named:
    found: dict[tuple[str, str], tuple[Text, str]] = {}
    for module in scheme.modules:
        found["module", module.id] = module.title, _shown(module.maximum)
        for aspect in module.aspects():
            found["aspect", aspect.id] = aspect.title, _shown(aspect.maximum)
    return found


def _shown(maximum: int | None) -> str:
    return "" if maximum is None else milli_text(maximum)


def _line(leaf: Leaf, named: Named, whole: Text) -> SheetLine:
    content = json.loads(leaf.content)
    for kind in ("aspect", "module"):
        if kind in content:
            title, maximum = named.get((kind, content[kind]), ({}, ""))
            return SheetLine(leaf.content, leaf.salt, title or {"en": content[kind]}, maximum)
    return SheetLine(leaf.content, leaf.salt, whole)
