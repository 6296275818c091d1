"""Draws (抽签): what is drawn, by whom, and asking for one; on paper too. The codes' owners stay sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from admin.console.running.arrivals import asked
from admin.console.running.forms import Done, Duty, Field, module_field
from admin.console.running.hall import Hall, labels_of, numbered
from admin.console.running.typed import Typing
from contests.actions.approvals import request_approval
from contests.chain import instant
from contests.identity.sealing import codes_taken
from contests.tables import Approval, LogEntry
from core.scoring.model import Finding, Text
from core.security import Actor

AFTER_READY = ("ready", "judging")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One module. at "" = not drawn. check: what was made public of the seed at the draw; seed: the
    seed itself, once the codes are open. waiting: somebody has asked for it."""

    module: str
    title: Text
    codes: Sequence[str] = ()
    at: str = ""
    by: str = ""
    witness: str = ""
    check: str = ""
    seed: str = ""
    paper: bool = False
    waiting: bool = False


async def draws(hall: Hall) -> list[Drawn]:
    """Every module, in the order of the scheme. Late entrants' codes are among the codes."""
    rows = (
        await LogEntry.select(LogEntry.kind, LogEntry.at, LogEntry.body)
        .where(LogEntry.contest == hall.contest, LogEntry.kind.is_in(["drawn", "codes_opened"]))
        .order_by(LogEntry.seq)
    )
    first: dict[str, Mapping[str, object]] = {}
    seeds: dict[str, str] = {}
    for row in rows:
        body = json.loads(row["body"])
        if row["kind"] == "codes_opened":
            seeds[body["module"]] = body.get("seed", "")
        elif "by" in body:
            first.setdefault(body["module"], {**body, "at": instant(row["at"])})
    people = {str(body[name]) for body in first.values() for name in ("by", "witness")} - {""}
    labels = {str(k): v for k, v in (await labels_of({UUID(one) for one in people})).items()}
    asked_for = await _asked_for(hall.contest)
    codes = await codes_taken(hall.contest) if first else {}
    return [
        _drawn(
            Drawn(module, title, sorted(codes.get(module, ())), waiting=module in asked_for),
            first.get(module),
            seeds.get(module, ""),
            labels,
        )
        for module, title in hall.modules
    ]


def _drawn(
    found: Drawn, body: Mapping[str, object] | None, seed: str, labels: Mapping[str, str]
) -> Drawn:
    if body is None:
        return replace(found, codes=())
    return replace(
        found,
        at=str(body["at"]),
        by=labels.get(str(body["by"]), ""),
        witness=labels.get(str(body["witness"]), ""),
        check=str(body.get("commitment", "")),
        seed=seed,
        paper=not body.get("commitment"),
        waiting=False,
    )


async def _asked_for(contest: UUID) -> set[str]:
    rows = await Approval.select(Approval.body).where(
        Approval.contest == contest, Approval.verb == "draw_codes", Approval.decided_at.is_null()
    )
    return {json.loads(row["body"]).get("module", "") for row in rows}


async def ask_for_draw(by: Actor, contest: UUID, module: str) -> UUID:
    return await request_approval(by, contest, "draw_codes", {"module": module})


async def ask_for_opening(by: Actor, contest: UUID) -> UUID:
    return await request_approval(by, contest, "open_codes", {})


async def _paper_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        module_field(hall, language, value=data.get("module", "")),
        Field(
            "codes",
            "Numbers and codes",
            "area",
            hint="A line an entrant: the number of the check-in list, a space, the code that was drawn.",
            required=True,
        ),
    )


async def _paper(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    known = {one.number.casefold(): one.id for one in await numbered(hall)}
    codes: dict[str, str] = {}
    for line in typed.needed("codes", "Numbers and codes").splitlines():
        if not line.strip():
            continue
        number, _, code = line.strip().partition(" ")
        entry = known.get(number.casefold())
        if not code.strip():
            typed.wrong("codes", "line-unreadable", line=line[:60])
        elif entry is None:
            typed.findings.append(Finding("/codes", "nobody-by-number", {"number": number[:40]}))
        else:
            codes[entry] = code.strip()
    typed.done()
    body = {"module": typed.text("module"), "codes": codes}
    return asked(contest, await request_approval(by, contest, "draw_codes", body))


DUTIES = (
    Duty(
        "paper-draw",
        "draws",
        "/draws/paper",
        "Drawn on paper",
        "Enter a draw that was made on paper",
        "Lots were drawn by hand. Enter which number drew which code; it stays sealed until the codes "
        "are opened.",
        "Ask for this draw",
        "contest.draw",
        _paper_fields,
        _paper,
        AFTER_READY,
        two=True,
    ),
)
