"""What was kept apart, and what taking it as a sheet would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.chain import instant
from contests.judging.checking import place_refusal
from contests.judging.decisions.origins import Names, names_for
from contests.judging.decisions.schemas import Change, Origin, QuarantineOut
from contests.judging.decisions.unseen import still_marks
from contests.judging.desk import round_of
from contests.judging.graph import Stored, slot_standing
from contests.judging.incoming import Incoming, Refusal, Sender, authentic
from contests.judging.lineage import Node
from contests.judging.panel import Panel, read_panel
from contests.judging.releasing import kept_text
from contests.judging.slots import Slot
from contests.sheets import Payload, jws_hash
from contests.tables import Contest, MarkRound, Quarantine, Revision, SheetRow
from core.errors import NotFound
from core.findings import render
from core.scoring.codec import to_json
from core.scoring.model import Finding

MOST = 200
"""So many are listed, the newest first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    row: dict[str, Any]
    read: Incoming | Refusal

    @property
    def payload(self) -> Payload | None:
        return self.read.payload if isinstance(self.read, Incoming) else None


@dataclass(frozen=True, slots=True)
class _Background:
    """What is the same for every row of the list."""

    contest: dict[str, Any]
    panel: Panel | None
    names: Names
    account: UUID | None
    language: str


async def kept_apart(contest: UUID, *, account: UUID | None, language: str) -> list[QuarantineOut]:
    """What nobody has decided about and has not been stored since."""
    row = await Contest.select().where(Contest.id == contest).first()
    if row is None:
        raise NotFound(kind="contest", id=contest)
    rows = (
        await Quarantine.select()
        .where(Quarantine.contest == contest, Quarantine.resolution == "")
        .order_by(Quarantine.received_at, ascending=False)
        .limit(MOST)
    )
    known = await _stored_since([r["rid"] for r in rows])
    kept = [
        _Kept(r, await authentic(text, sender=Sender(), now=r["received_at"]))
        for r in rows
        if known.get(r["rid"]) != jws_hash(text := kept_text(r))
    ]
    about = await _background(row, kept, account, language)
    return [await _out(one, about, known) for one in kept]


async def _background(
    row: dict[str, Any], kept: list[_Kept], account: UUID | None, language: str
) -> _Background:
    try:
        panel: Panel | None = await read_panel(row["id"])
    except LookupError:
        panel = None
    names = Names()
    if panel is not None:
        names = await names_for(
            panel,
            [one.payload for one in kept if one.payload],
            [one.row["kid"] for one in kept],
            [one.row["account"] for one in kept if one.row["account"]],
        )
    return _Background(row, panel, names, account, language)


async def _stored_since(rids: list[str]) -> dict[str, str]:
    """rid -> hash of the bytes that are in the log under it."""
    ids = [UUID(rid) for rid in rids if rid]
    rows = (
        await Revision.select(Revision.id, Revision.jws_hash).where(Revision.id.is_in(ids))
        if ids
        else []
    )
    return {str(row["id"]): row["jws_hash"] for row in rows}


async def _out(kept: _Kept, about: _Background, known: dict[str, str]) -> QuarantineOut:
    row, payload, panel = kept.row, kept.payload, about.panel
    obstacle = await _obstacle(kept, about, known)
    stands, changes = "", list[Change]()
    if payload is not None and panel is not None and isinstance(kept.read, Incoming):
        stands, changes = await _effect(kept.read, panel)
    judge = panel.known(payload.judge) if panel and payload else None
    unseen = await _is_unseen(payload, panel, about.account)
    return QuarantineOut(
        id=str(row["id"]),
        reason=row["reason"],
        sentence=render(Finding("", row["reason"], {}), about.language),
        received_at=instant(row["received_at"]),
        size=len(bytes(row["payload"])),
        origin=about.names.origin(row["kid"], payload, panel)
        if payload and panel
        else Origin(row["kid"], *about.names.devices.get(row["kid"], ("", ""))),
        brought_by=about.names.accounts.get(str(row["account"]), ""),
        rid=row["rid"],
        sheet=row["sheet"],
        module=payload.module if payload else "",
        code=payload.code if payload else "",
        seat=judge.seat if judge else "",
        attempt=payload.attempt if payload else 0,
        round=payload.round if payload else 0,
        takeable=obstacle == "",
        obstacle=render(Finding("", obstacle, {}), about.language) if obstacle else "",
        stands=stands,  # type: ignore[arg-type]  # one of the five
        changes=[] if unseen else changes,
        unseen=unseen,
        own=judge is not None and judge.account == str(about.account),
    )


async def _is_unseen(payload: Payload | None, panel: Panel | None, account: UUID | None) -> bool:
    if payload is None or panel is None:
        return False
    return await still_marks(
        panel,
        account,
        contest=UUID(payload.contest),
        module=payload.module,
        code=payload.code,
        attempt=payload.attempt,
        round_=payload.round,
        judge=payload.judge,
    )


async def _obstacle(kept: _Kept, about: _Background, known: dict[str, str]) -> str:
    """Why it can't be taken now, as a slug; "" when it can."""
    payload, panel = kept.payload, about.panel
    if payload is None:
        return kept.read.reason if isinstance(kept.read, Refusal) else "unreadable"
    if payload.contest != str(about.contest["id"]):
        return "quarantine-of-another"
    if payload.rid in known:
        return "rid-used"
    if about.contest["state"] != "judging" or panel is None:
        return "contest-closed" if panel else "judging-not-started"
    if about.contest["judging_ended_at"] is not None:
        return "late-sheet"
    judge = panel.known(payload.judge)
    if judge is None:
        return "not-appointed"
    if judge.account == str(about.account):
        return "own-sheet"
    refused = place_refusal(payload, panel)
    if refused is not None:
        return refused.reason
    return "" if await _round_is_open(panel, payload) else "round-not-open"


async def _round_is_open(panel: Panel, payload: Payload) -> bool:
    if payload.round == 1:
        return True
    found: bool = await MarkRound.exists().where(
        MarkRound.id == round_of(panel, payload, payload.round)
    )
    return found


async def _effect(incoming: Incoming, panel: Panel) -> tuple[str, list[Change]]:
    payload = incoming.payload
    row = await SheetRow.select().where(SheetRow.id == UUID(payload.sheet)).first()
    head = Slot.read(row) if row else None
    stands = await _place(incoming, head)
    if stands == "older":
        return stands, []
    titles = {aspect.id: aspect.title for aspect in panel.duties(payload.module, payload.judge)}
    old = head.marks if head else {}
    changes = [
        Change(
            aspect,
            dict(titles.get(aspect, {})),
            to_json(old[aspect]) if aspect in old else None,
            to_json(payload.marks[aspect]) if aspect in payload.marks else None,
        )
        for aspect in dict.fromkeys([*titles, *old, *payload.marks])
        if old.get(aspect) != payload.marks.get(aspect)
    ]
    return stands, changes


async def _place(incoming: Incoming, head: Slot | None) -> str:
    payload = incoming.payload
    if head is None:
        return "first"
    if head.state != "conflict" and head.revision == payload.base:
        return "next"
    draft = Stored(Node(payload, incoming.kid, 2**62, ""))
    found, _, _ = await slot_standing(
        UUID(payload.contest), head.id, head=head.revision, fresh=[draft]
    )
    if found.settled and found.head == payload.rid:
        return "next"
    return "beside" if payload.rid in found.rivals else "older"
