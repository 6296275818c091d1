"""The next step in words, and what its button does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.actions.approvals import request_approval
from contests.actions.closing import (
    close_contest,
    confirm_awards,
    finalise_contest,
    publish_contest,
    sign_contest,
)
from contests.actions.running import end_judging, start_judging
from contests.actions.setup import make_ready
from core.security import Actor

Run = Callable[[Actor, UUID, str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """title, help and button are msgids; run None = done elsewhere (the API, the tablets).

    asks: the step takes two persons, so the button asks another one for approval."""

    title: str
    help: str
    permission: str = "contest.read"
    button: str = ""
    run: Run | None = None
    asks: bool = False


async def _draw(by: Actor, contest: UUID, module: str) -> Any:
    return await request_approval(by, contest, "draw_codes", {"module": module})


async def _open(by: Actor, contest: UUID, module: str) -> Any:
    return await request_approval(by, contest, "open_codes", {})


def _plain(action: Callable[[Actor, UUID], Awaitable[Any]]) -> Run:
    async def run(by: Actor, contest: UUID, module: str) -> Any:
        return await action(by, contest)

    return run


STEPS: Mapping[str, Step] = {
    "save_scheme": Step(
        "Put the marking scheme right",
        "The scheme can't be used as it stands. Correct it and save it again.",
        "contest.configure",
    ),
    "save_rules": Step(
        "Put the rules right",
        "The rules can't be used as they stand. Correct them and save them again.",
        "contest.configure",
    ),
    "save_facts": Step(
        "Add what will be printed",
        "The contest lacks facts that certificates and notices name.",
        "contest.configure",
    ),
    "register_entrants": Step(
        "Register the entrants",
        "Nobody is entered yet. Register the entrants with their documents.",
        "contest.enter",
    ),
    "appoint": Step(
        "Appoint judges and officials",
        "Some seats are still empty. Appoint everybody who is needed.",
        "contest.appoint",
    ),
    "make_ready": Step(
        "Make the contest ready",
        "Entrants and appointments are complete. From then on each change is recorded.",
        "contest.configure",
        "Make ready",
        _plain(make_ready),
    ),
    "draw_codes": Step(
        "Draw the codes",
        "Each work gets a code, so that nobody knows whose it is. It takes two persons.",
        "contest.draw",
        "Ask for the draw",
        _draw,
        asks=True,
    ),
    "start_judging": Step(
        "Start marking",
        "Scheme and rules are fixed from then on, and the tablets open.",
        "contest.run",
        "Start marking",
        _plain(start_judging),
    ),
    "collect_sheets": Step(
        "Wait for the sheets",
        "Marking is under way. These sheets are still missing.",
        "contest.run",
    ),
    "decide_conflict": Step(
        "Decide between two revisions",
        "A sheet has two revisions that do not follow from each other. Decide which one counts.",
        "contest.decide_conflict",
    ),
    "end_judging": Step(
        "End marking",
        "No more sheets are taken.",
        "contest.run",
        "End marking",
        _plain(end_judging),
    ),
    "open_codes": Step(
        "Open the codes",
        "Every sheet is signed. Opening shows whose work each code is; it takes two persons.",
        "contest.open_codes",
        "Ask for the opening",
        _open,
        asks=True,
    ),
    "rule_places": Step(
        "Rule on a tie",
        "The rules allow no shared place here. The chief referee gives the order.",
        "contest.close",
    ),
    "close_contest": Step(
        "Close the contest",
        "The standings are computed and stored. Marks change only by a correction from then on.",
        "contest.close",
        "Close the contest",
        _plain(close_contest),
    ),
    "confirm_awards": Step(
        "Confirm the prizes",
        "Some proposals need a person's eye: a rounded number, or a tie at the limit of a prize.",
        "contest.close",
        "Confirm as proposed",
        _plain(confirm_awards),
    ),
    "sign_contest": Step(
        "Sign the results",
        "In this order: judge, group leader, chief referee, supervisor.",
        "contest.sign",
        "Sign the results",
        _plain(sign_contest),
    ),
    "publish_contest": Step(
        "Publish the results",
        "The public notice starts, and the standings are on the public page.",
        "contest.publish",
        "Publish",
        _plain(publish_contest),
    ),
    "rule_appeal": Step(
        "Rule on the appeal",
        "Nothing becomes final while an appeal is open.",
        "appeal.rule",
    ),
    "finalise_contest": Step(
        "Make the results final",
        "When the notice is over and no appeal is open. Certificates are issued by themselves.",
        "contest.finalise",
        "Make final",
        _plain(finalise_contest),
    ),
    "": Step(
        "The contest is over", "The results are final. Certificates are issued by themselves."
    ),
}

APPROVALS: Mapping[str, str] = {
    "draw_codes": "Draw the codes of module {module}",
    "open_codes": "Open the codes",
    "add_late_entrant": "Admit a late entrant",
    "record_absence": "Record an absence",
    "use_reserve": "Let a reserve take an absent entrant's place",
    "correct_mark": "Correct a mark",
    "correct_name": "Correct a name on certificates",
    "recall_contest": "Call the contest back from the venue",
}
PERMISSIONS: Mapping[str, str] = {
    "draw_codes": "contest.draw",
    "open_codes": "contest.open_codes",
    "add_late_entrant": "contest.enter",
    "record_absence": "contest.run",
    "use_reserve": "contest.run",
    "correct_mark": "contest.correct",
    "correct_name": "contest.correct",
    "recall_contest": "contest.correct",
}
