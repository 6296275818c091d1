"""What is said of proposed prizes; the catalogues translate it."""

from __future__ import annotations

from core.findings import register
from core.scoring.awards import BOUNDARY, RULING

SENTENCES = {
    "prize-undecided": "Place {rank}, work {code}: look at this proposal and tick that you have decided.",
    "prize-reason-missing": "The prizes differ from the proposal. Write the reason.",
    "prize-twice": "Work {code} has the prize twice. Keep one.",
}
WHY = {
    BOUNDARY: "Equal places at the limit of the prize: all of them get it, more than the rules count.",
    RULING: "Equal places at the limit of the prize: the chief referee decides who gets it.",
    "rounded": "The rules ask for {asked} prizes; it was rounded.",
}
"""What makes a proposal need a person's eye -> msgid."""


def install() -> None:
    register(SENTENCES)
