"""Which of a slot's revisions stand, pure: the same whatever order they arrived in.

A revision replaces the one that it names as its base, and through it everything that one replaced.
What a decision set aside stays aside. A barred revision (of a locked sheet, half of a swap) replaces
nothing until somebody lets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from contests.sheets import Payload


@dataclass(frozen=True, slots=True)
class Node:
    """A stored revision. place and hash: of its entry in the log. countersigned: a leader confirmed
    it, with all that it was made from."""

    payload: Payload
    device: str
    place: int
    hash: str
    countable: bool = True
    barred: bool = False
    countersigned: bool = False

    @property
    def rid(self) -> str:
        return self.payload.rid


@dataclass(frozen=True, slots=True)
class Decision:
    """place: its entry in the log; everything before it but `chosen` is set aside."""

    place: int
    chosen: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The revisions that nothing replaces, in the log's order. `head` counts; it is undecided
    (`settled` false) while others stand beside it or while it is barred itself."""

    rivals: tuple[str, ...]
    head: str
    settled: bool


def standing(nodes: Iterable[Node], decisions: Sequence[Decision], *, head: str = "") -> Standing:
    """`head`: the one that has counted so far; it stays while it stands."""
    known = {node.rid: node for node in sorted(nodes, key=lambda node: node.place)}
    graph = _Graph(known, decisions)
    rivals = graph.rivals()
    free = [rid for rid in rivals if not graph.barred(known[rid])]
    settled = len(rivals) == 1 and bool(free)
    first = head if head in free else (free or rivals)[0]
    return Standing(tuple(rivals), first, settled)


@dataclass(frozen=True, slots=True)
class _Graph:
    known: Mapping[str, Node]
    decisions: Sequence[Decision]

    def rivals(self) -> list[str]:
        aside = self._set_aside()
        replaced = {rid for node in self.known.values() for rid in self._replaces(node)}
        left = [rid for rid in self.known if rid not in aside]
        # Bases that name each other in a ring replace one another: then all of them stand.
        return [rid for rid in left if rid not in replaced] or left

    def barred(self, node: Node) -> bool:
        """A sheet that does not count yet may always be put right."""
        chosen = any(decision.chosen == node.rid for decision in self.decisions)
        base = self.known.get(node.payload.base)
        return node.barred and not chosen and (base is None or base.countable)

    def _set_aside(self) -> set[str]:
        if not self.decisions:
            return set()
        last = max(self.decisions, key=lambda decision: decision.place)
        return {
            node.rid
            for node in self.known.values()
            if node.place < last.place and node.rid != last.chosen
        }

    def _replaces(self, node: Node) -> Iterator[str]:
        if node.countersigned and not self.barred(node):
            yield from self._ancestors(node)
            return
        base = self.known.get(node.payload.base)
        before = [base] if base is not None else self._gone_before(node)
        for older in before:
            if not self.barred(node) or self.barred(older):
                yield older.rid

    def _ancestors(self, node: Node) -> Iterator[str]:
        seen = {node.rid}
        waiting = [node]
        while waiting:
            here = waiting.pop()
            base = self.known.get(here.payload.base)
            for older in [base] if base is not None else self._gone_before(here):
                if older.rid not in seen:
                    seen.add(older.rid)
                    waiting.append(older)
                    yield older.rid

    def _gone_before(self, node: Node) -> list[Node]:
        """While the base is still under way the device's own order says what came before."""
        if not node.payload.base:
            return []
        return [
            older
            for older in self.known.values()
            if older.device == node.device and older.payload.seq < node.payload.seq
        ]
