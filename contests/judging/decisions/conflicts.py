"""Revisions that stand against each other, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from contests.judging.decisions.origins import Names, names_for
from contests.judging.decisions.schemas import Cell, ConflictOut, Version
from contests.judging.decisions.unseen import still_marks
from contests.judging.graph import Stored, slot_standing, stored_by_rid
from contests.judging.panel import Panel, read_panel
from contests.judging.slots import Slot
from contests.tables import SheetRow
from core.errors import NotFound
from core.findings import render
from core.problems import ProblemFinding
from core.scoring.codec import from_json, to_json
from core.scoring.model import Finding


@dataclass(frozen=True, slots=True)
class _Dispute:
    """A slot in conflict with the revisions to choose from, the one that counts first."""

    slot: Slot
    versions: tuple[Stored, ...]


async def conflicts(contest: UUID, *, account: UUID | None, language: str) -> list[ConflictOut]:
    """Every undecided one. `account`: whose own sheets are marked as such."""
    rows = (
        await SheetRow.select()
        .where(SheetRow.contest == contest, SheetRow.state == "conflict")
        .order_by(SheetRow.module, SheetRow.code, SheetRow.attempt, SheetRow.round)
    )
    if not rows:
        return []
    try:
        panel = await read_panel(contest)
    except LookupError:
        raise NotFound(kind="frozen scheme of contest", id=contest) from None
    disputes = [await _dispute(contest, Slot.read(row)) for row in rows]
    every = [one for dispute in disputes for one in dispute.versions]
    names = await names_for(
        panel, [one.node.payload for one in every], [one.node.device for one in every]
    )
    swapped = await stored_by_rid(contest, {s for one in every if (s := one.node.payload.swap)})
    codes = {one.node.rid: one.node.payload.code for one in swapped}
    found = [_out(dispute, panel, names, codes, account, language) for dispute in disputes]
    for shown, dispute in zip(found, disputes, strict=True):
        if await _is_unseen(dispute.slot, panel, account):
            shown.unseen, shown.cells = True, []
            for version in shown.versions:
                version.findings = []
    return found


async def _is_unseen(slot: Slot, panel: Panel, account: UUID | None) -> bool:
    return await still_marks(
        panel,
        account,
        contest=slot.contest,
        module=slot.module,
        code=slot.code,
        attempt=slot.attempt,
        round_=slot.round,
        judge=slot.judge,
    )


async def _dispute(contest: UUID, slot: Slot) -> _Dispute:
    found, _, stored = await slot_standing(contest, slot.id, head=slot.revision)
    rivals = [one for one in stored if one.node.rid in {*found.rivals, slot.revision}]
    rivals.sort(key=lambda one: (one.node.rid != slot.revision, one.node.place))
    return _Dispute(slot, tuple(rivals))


def _out(
    dispute: _Dispute,
    panel: Panel,
    names: Names,
    codes: dict[str, str],
    account: UUID | None,
    language: str,
) -> ConflictOut:
    slot = dispute.slot
    judge = panel.known(slot.judge)
    title = next((m.title for m in panel.frozen.scheme.modules if m.id == slot.module), {})
    return ConflictOut(
        sheet=str(slot.id),
        module=slot.module,
        module_title=dict(title),
        code=slot.code,
        seat=judge.seat if judge else "",
        attempt=slot.attempt,
        round=slot.round,
        versions=[_version(one, slot, panel, names, codes, language) for one in dispute.versions],
        cells=_cells(dispute.versions, panel, slot),
        own=judge is not None and judge.account == str(account),
    )


def _version(
    stored: Stored, slot: Slot, panel: Panel, names: Names, codes: dict[str, str], language: str
) -> Version:
    node, body = stored.node, stored.body
    findings = [from_json(Finding, found) for found in body.get("findings", ())]
    return Version(
        rid=node.rid,
        seq=node.place,
        received_at=body["received_at"],
        origin=names.origin(
            node.device, node.payload, panel, countersigned=body.get("countersigned", "")
        ),
        counts_now=node.rid == slot.revision,
        countable=node.countable,
        reason=body.get("barred", ""),
        swap_code=codes.get(node.payload.swap, ""),
        findings=[
            ProblemFinding(f.pointer, f.code, render(f, language), dict(f.params)) for f in findings
        ],
    )


def _cells(versions: Sequence[Stored], panel: Panel, slot: Slot) -> list[Cell]:
    titles = {aspect.id: aspect.title for aspect in panel.duties(slot.module, slot.judge)}
    marked = [aspect for one in versions for aspect in one.node.payload.marks]
    cells = []
    for aspect in dict.fromkeys([*(a for a in titles if a in marked), *marked]):
        marks = {
            one.node.rid: to_json(one.node.payload.marks[aspect])
            for one in versions
            if aspect in one.node.payload.marks
        }
        said = [repr(marks.get(one.node.rid)) for one in versions]
        cells.append(Cell(aspect, dict(titles.get(aspect, {})), marks, len(set(said)) > 1))
    return cells
