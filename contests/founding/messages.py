"""What founding says in English: findings, rules in words, the parts of a scheme."""

from __future__ import annotations

from pathlib import Path

from core.findings import register
from core.web import i18n

SENTENCES: dict[str, str] = {
    "not-a-small-contest": "This is no small contest. Say so in its settings while it is a draft.",
    "small-needs-two": "A small contest needs two persons: choose a chief referee other than the organiser.",
    "account-choose": "Choose somebody who has an account here.",
    "organisation-choose": "Choose the organisation that holds it.",
    "file-missing": "No file was chosen. Choose one and send it again.",
    "file-of-another-contest": "This file was uploaded for another contest. Upload it here again.",
    "words-too-long": "This is longer than {limit} characters. Shorten it.",
    "time-malformed": "“{value}” is no time of day. Write it like 09:30.",
    "session-reversed": "The session ends at {last}, before it begins at {first}. Exchange them.",
    "session-outside": "The competition is held from {first} to {last}. Choose a day within it, or change its days.",
    "venue-choose": "Choose a venue of this competition; add it first if it is missing.",
    "venue-in-use": "Sessions are held at this venue: {count}. Move or remove them first.",
    "contest-choose": "Choose a contest of this competition.",
    "many-no-heading": "No row has the heading {names}. Use the template, or name the columns as it does.",
    "many-empty": "There is no contest below the headings. Write one in each row.",
    "many-too-many": "{found} rows are here; {limit} contests can be made at once. Split the file.",
    "many-type-empty": "The contest type is missing. Write one of {known}.",
    "many-type-unknown": "“{type}” is no contest type known here. Write one of {known}.",
    "many-type-missing": "The contest type {type} is not installed any more.",
    "many-template-unknown": "This type has no template “{template}”. Write one of {known}, or leave it empty.",
    "many-yes-or-no": "“{value}” is neither yes nor no. Write yes, no, or leave it empty.",
    "many-made-already": "The contests of this file were made already.",
    "many-undone-already": "These contests were taken back already.",
    "many-grown": "Contest {code} is no empty draft any more. Nothing was taken back; cancel contests one by one.",
}
RULES: dict[str, str] = {
    "trim": "From {minimum} marks on, the highest {high} and the lowest {low} of an aspect are dropped.",
    "total": "Totals have {decimals} decimals, rounded half up.",
    "ties-shared": "Equal totals are told apart by {count} further rules, then the place is shared.",
    "ties-ruled": "Equal totals are told apart by {count} further rules, then the chief referee decides.",
    "ties-within": "Totals no more than {points} points apart share a place.",
    "prize-count": "{award}: {prize} × {count}.",
    "prize-share": "{award}: {prize} for {share} % of the entrants.",
    "prize-ratio": "{award}: {prize}, {parts} parts of at most {cap} % of the entrants.",
    "prize-other": "{award}: {prize}.",
    "no-prizes": "No prizes are proposed.",
    "notice": "Results are in public notice for {days} days.",
    "no-notice": "Results become final without a public notice.",
    "appeals": "Appeals are taken for {minutes} minutes after marking.",
    "issue-final": "Award certificates are issued when the result is final.",
    "issue-signed": "Award certificates are issued when the result is signed, marked as in public notice.",
}
PARTS: dict[str, str] = {
    "module": "module",
    "criterion": "criterion",
    "sub_criterion": "sub-criterion",
    "aspect": "aspect",
    "section": "standards section",
    "title": "title",
    "maximum": "maximum",
    "weight": "weight",
    "kind": "way of marking",
    "step": "step of a mark",
    "judges": "judges",
    "descriptors": "descriptions",
    "requirement": "requirement",
    "calculation": "calculation",
    "control": "way of entering",
    "spread": "accepted spread",
    "trim": "marks dropped",
    "day": "day",
    "group": "group",
    "blind": "judged blind",
    "unit": "unit",
    "defects": "deductions",
    "factor": "factor",
    "panel": "panel",
    "over_time": "time limit",
    "round_award": "rounding",
    "round_panel": "rounding of the mean",
}


def install() -> None:
    """Makes the sentences and their translations known; a second call changes nothing."""
    register(SENTENCES)
    i18n.register(Path(__file__).parent / "locale")
