"""What may be wrong with a signed revision, and with a leader's decision about one."""

from __future__ import annotations

from core.findings import register

SENTENCES: dict[str, str] = {
    "judge-not-admitted": "The judge was not signed in on this tablet. The group leader decides "
    "whether the sheet counts.",
    "paper-not-here": "It says that it was typed from paper, but the paper desk has not signed it. "
    "Type the sheet at the paper desk.",
    "typed-by-one": "One person has typed both times. A second person types the sheet as well.",
    "not-a-hash": "“{value}” is no SHA-256 in small hexadecimal digits. Load the contest again.",
    "swap-with-itself": "A sheet can't be swapped with itself. Choose the other work.",
    "sheet-locked": "The sheet was locked before this change. The group leader decides whether the "
    "change counts.",
    "swap-waiting": "The other sheet of this swap has not arrived. Send it too.",
    "swap-wrong": "It can't be swapped with the sheet that it names. The group leader decides which "
    "marks count.",
    "own-sheet": "The sheet is your own. Another leader or the chief referee decides.",
    "mark-first": "You still have to mark this work yourself. Somebody else types its sheets, or you do "
    "when your own is in.",
    "quarantine-decided": "Somebody has decided about this sheet already. Load the page again.",
    "quarantine-of-another": "These bytes say that they belong to another contest. Decide there.",
    "late-sheet": "Marking has ended, so this sheet can't be taken any more. Two persons may correct "
    "the marks instead.",
}


def install() -> None:
    register(SENTENCES)
