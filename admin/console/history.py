"""The record in words: one sentence for each entry, without technical terms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contests.chain import LogLine
from contests.sheets import payload_of

SENTENCES: Mapping[str, str] = {
    "contest_prepared": "The contest was made ready.",
    "rules_frozen": "Marking started; scheme and rules are fixed.",
    "duties_shared": "Small contest: who holds more than one duty was recorded.",
    "drawn": "The codes of module {module} were drawn.",
    "checked_in": "Entrants were checked in.",
    "device_enrolled": "A tablet was admitted.",
    "sheet": "{seat} signed the sheet of work {code} in module {module}.",
    "conflict": "{seat} signed a second revision of work {code} in module {module}.",
    "conflict_decided": "It was decided which revision of a sheet counts.",
    "mark_round": "Work {code} in module {module} is to be marked again by its group.",
    "penalty": "A penalty was given to work {code} in module {module}.",
    "penalty_cancelled": "A penalty was taken back.",
    "clock": "The clock of work {code} in module {module} was stamped.",
    "timing": "The time of work {code} in module {module} was entered.",
    "interruption": "Work {code} in module {module} got compensation time.",
    "attempt_ruled": "The attempt that counts was named for work {code} in module {module}.",
    "status": "A status was recorded for work {code}.",
    "votes": "Votes were entered.",
    "recused": "A judge was recused.",
    "late_entry": "A late entrant was admitted.",
    "absence": "An absence was recorded.",
    "reserve_used": "A reserve took an absent entrant's place.",
    "appointed": "{seat} was appointed.",
    "appointment_ended": "An appointment ended.",
    "judge_left": "A judge left in the middle.",
    "judges_drawn": "The judges were drawn and appointed.",
    "judges_draw_opened": "A draw of judges was begun.",
    "judges_draw_undone": "The draw of judges was taken back.",
    "judging_ended": "Marking ended.",
    "codes_opened": "The codes of module {module} were opened.",
    "place_ruled": "The chief referee ruled on a tie.",
    "contest_closed": "The results were computed (version {result_version}).",
    "awards_confirmed": "The prizes were confirmed.",
    "signed": "The results were signed: {role}.",
    "published": "The results were published.",
    "finalised": "The results became final.",
    "appeal_filed": "An appeal was filed.",
    "appeal_ruled": "An appeal was ruled on.",
    "correction": "A mark was corrected.",
    "cancelled": "The contest was cancelled.",
    "lent": "The contest was lent to a venue's server.",
    "returned": "The contest came back from the venue's server.",
}
_OTHER = "Something was recorded: {kind}."


@dataclass(frozen=True, slots=True)
class Happening:
    """sentence: msgid with params."""

    seq: int
    at: str
    sentence: str
    params: Mapping[str, Any]
    hash: str


def happenings(
    lines: Sequence[LogLine], seats: Mapping[str, str], *, latest: int
) -> list[Happening]:
    """The newest first."""
    return [_happening(line, seats) for line in reversed(lines[-latest:])]


def _happening(line: LogLine, seats: Mapping[str, str]) -> Happening:
    body = json.loads(line.body)
    params = {key: value for key, value in body.items() if isinstance(value, str | int)}
    if line.kind in ("sheet", "conflict"):
        payload = payload_of(body["jws"])
        params = {
            "seat": seats.get(payload.judge, "?"),
            "code": payload.code,
            "module": payload.module,
        }
    params["kind"] = line.kind
    return Happening(line.seq, line.at, SENTENCES.get(line.kind, _OTHER), params, line.hash)
