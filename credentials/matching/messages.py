"""Sentences of what may be wrong in the forms of this room; msgids of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from core.findings import register

FINDINGS: Mapping[str, str] = {
    "matching.text": "Write 1 to {most} letters, without characters that can't be seen.",
    "matching.long": "At most {most} letters, without characters that can't be seen.",
    "matching.contact-in-text": (
        "A telephone number or an address stands here. Move it to the contact: it is shown only once somebody"
        " has taken the need on."
    ),
    "matching.telephone": "This is no telephone number. Write it with digits, as +86 760 8800 0000.",
    "matching.email": "This is no e-mail address. Write it as name@example.com, or leave it empty.",
    "matching.reachable": "Give a telephone number or an e-mail address, so that the other side can reach you.",
    "matching.day": "{value} is no date. Write it as 2026-11-30.",
    "matching.period": "The last day is before the first one.",
    "matching.number": "Write a whole number from {least} to {most}.",
    "matching.amount": "{value} is no amount. Write digits, at most three of them after the point.",
    "matching.choice": "Choose one of the list.",
    "matching.trades": "Give 1 to {most} trades, one a line.",
    "matching.weekdays": "Choose at least one weekday.",
    "matching.consent": "Tick that you agree; without it nobody can be listed.",
    "matching.not-together": (
        "There is no certificate of this number and name here. Type both as they stand on the certificate."
    ),
    "matching.listed-already": "This person is on the registry already.",
    "matching.nobody-chosen": "Choose at least one craftsman or a team.",
    "matching.not-listed": "Somebody you chose is not listed any more. Load the page again.",
    "matching.offered-already": "Somebody you chose has this need already. Load the page again.",
    "matching.offers-many": "A need is offered to {most} at most at one time.",
    "matching.needs-many": "{count} of your needs are open already. Withdraw or confirm one first.",
    "matching.visits-many": "{count} visits stand there already. Put the rest into the report.",
    "matching.future": "This day is still to come. Enter a visit once it was made.",
    "matching.before": "This day is before the need was taken on.",
    "matching.benefits": "Give each benefit its figure and its unit.",
    "matching.file-large": "The file is larger than {most} MB. Choose a smaller one.",
    "matching.days": "Give 1 to {most} days.",
}


def install() -> None:
    register(FINDINGS)
