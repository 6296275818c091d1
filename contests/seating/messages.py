"""What the findings of the judges' room say in English; the catalogues beside this file translate them."""

from __future__ import annotations

from pathlib import Path

from core.findings import register
from core.web import i18n

SENTENCES = {
    "leaving-unknown": "“{policy}” is no way to go on without a judge. Choose one of {known}.",
    "leaving-first-unchosen": "The usual way is not among those that are allowed. Tick it too, or choose another.",
    "leaving-not-declared": "“{policy}” was not declared before the contest began. Declared are {known}.",
    "leaving-nobody-left": "Nobody would be left to mark {aspect} in module {module}. Choose a substitute.",
    "substitute-missing": "Name who takes the open sheets.",
    "substitute-judges-already": "This person judges here already. Choose somebody else.",
    "judge-left-already": "{seat} left this contest in the middle. Choose somebody else.",
    "text-too-long": "This is longer than {limit} characters. Shorten it.",
    "pool-judge-twice": "{name} of this employer is in the pool already (row {row}). Leave one of them out.",
    "pool-small": "The pool has {pool} judges who may be drawn; {wanted} would be twice the {seats} seats. You can draw all the same.",
    "pool-expired": "The qualification of {name} ended on {date}. It is not drawn for this contest.",
    "seat-nobody": "Nobody of the {pool} judges in the pool fits seat {number} of {seats} (panel {panel}, group {group}). The reasons stand below.",
    "plan-seats-differ": "The plan has {planned} seats for judges, the marking scheme asks for {wanted}. Choose below which are drawn.",
    "plan-seats-without-work": "{count} planned seats have no work in this marking scheme any more. They are not drawn.",
    "draw-out-conflict": "{count} have a conflict of interest with an entrant: {kind}.",
    "draw-out-expired": "{count} have a qualification that has ended.",
    "draw-out-trade": "{count} are of another trade.",
    "draw-out-leader": "{count} are not qualified to lead a group.",
    "draw-out-seated": "{count} were drawn for another seat.",
    "draw-out-employer": "{count} share their employer with somebody drawn already.",
    "draw-out-delegation": "{count} belong to a delegation that has its share of seats.",
    "draw-not-open": "There is no draw that waits to be confirmed. Draw first.",
    "draw-changed": "The pool, the entrants or the seats have changed since this draw was shown. Look at the new one.",
    "draw-appointed-already": "Judges are appointed here already. End their duties first, or appoint the others one by one.",
    "interest-kind-unknown": "“{kind}” is no kind of interest. Kinds are {known}.",
    "interest-empty": "Say whom or what it is about.",
    "delegation-not-here": "There is no such delegation in this competition. Choose one from the list.",
    "group-unknown": "There is no group {group} in the scheme. Groups are {known}.",
}


def install() -> None:
    """Makes the sentences and their translations known; a second call changes nothing."""
    register(SENTENCES)
    i18n.register(Path(__file__).parent / "locale")
