"""From what the queries know to the pack that a tablet marks with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from contests.duties import MARKING_ROLES
from contests.judging.queries import MySheet, OpenRound, my_contests, my_sheets, pack
from contests.judging.queries import Pack as Known
from contests.judging.schemas import (
    HeadView,
    ModuleView,
    Pack,
    PackContest,
    PartView,
    WorkView,
)
from contests.judging.sheet_view import aspect_view
from contests.sheets import slot_id
from contests.tables import Competition, Contest
from core.errors import NotAppointed
from core.scoring.codec import load
from core.scoring.model import Text

_STATES = {"accepted": "signed", "not_countable": "not_countable", "conflict": "conflict"}


async def pack_of(contest: UUID, account: UUID) -> Pack:
    """One pack for all that the account marks in the contest. Raises NotAppointed, or NotFound
    before marking starts."""
    own = [mine for mine in await my_contests(account) if mine.contest == str(contest)]
    judging = [mine.appointment.id for mine in own if mine.appointment.role in MARKING_ROLES]
    if not judging:
        raise NotAppointed(permission="contest.judge")
    known = [await pack(contest, UUID(id_), account=account) for id_ in judging]
    parts = []
    for one in known:
        sheets = await my_sheets(contest, UUID(one.appointment.id), account=account)
        parts += [_part(one, module, sheets) for module in one.duties]
    return Pack(
        contest=PackContest(
            id=str(contest),
            code=known[0].code,
            title=dict(known[0].title),
            competition=await _competition(contest),
            state=known[0].state,
            ended=known[0].ended,
        ),
        rules_hash=known[0].rules_hash,
        receipt_key=dict(known[0].installation_key),
        parts=parts,
        lock=known[0].lock,  # type: ignore[arg-type]  # checked when the rules are saved
    )


async def _competition(contest: UUID) -> dict[str, str]:
    rows = await Contest.select(Contest.competition).where(Contest.id == contest)
    held = await Competition.select(Competition.title).where(
        Competition.id == rows[0]["competition"]
    )
    title, _ = load(held[0]["title"])
    return dict(title)


def _part(known: Known, module: str, sheets: Iterable[MySheet]) -> PartView:
    facts = known.scheme.module(module)
    heads = {sheet.sheet: sheet for sheet in sheets if sheet.module == module}
    own = known.appointment
    return PartView(
        id=f"{own.id}/{module}",
        appointment=own.id,
        seat=own.seat,
        panel=own.panel,
        module=ModuleView(
            id=module,
            title=_title(facts.title),
            blind=facts.blind,
            aspects=[aspect_view(aspect, known.instruments) for aspect in known.duties[module]],
        ),
        codes=_works(known, module, heads),
    )


def _works(known: Known, module: str, heads: Mapping[str, MySheet]) -> list[WorkView]:
    again = {
        (round_.code, round_.attempt): round_ for round_ in known.rounds if round_.module == module
    }
    attempts = sorted({(code, 1) for code in known.codes[module]}
                      | {(head.code, head.attempt) for head in heads.values()} | set(again))  # fmt: skip
    return [
        _work(known, module, (code, attempt), again.get((code, attempt)), heads)
        for code, attempt in attempts
    ]


def _work(
    known: Known,
    module: str,
    work: tuple[str, int],
    again: OpenRound | None,
    heads: Mapping[str, MySheet],
) -> WorkView:
    code, attempt = work
    own = [head.round for head in heads.values() if (head.code, head.attempt) == work]
    round_ = again.round if again else max(own, default=1)
    slot = str(slot_id(known.contest, module, code, attempt, round_, known.appointment.id))
    head = heads.get(slot)
    return WorkView(
        code=code,
        sheet=slot,
        attempt=attempt,
        round=round_,
        state=_STATES[head.state] if head else "open",  # type: ignore[arg-type]
        aspects=list(again.aspects) if again else [],
        head=_head(head) if head else None,
        trial=code in known.trial.get(module, ()),
    )


def _head(head: MySheet) -> HeadView:
    return HeadView(head.revision, head.seq, dict(head.marks), head.state == "accepted")


def _title(text: Text) -> dict[str, str]:
    return dict(text)
