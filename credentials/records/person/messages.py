"""Sentences of what may be wrong with training, mentoring, a joining of records or a time of keeping."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "credentials.learning-self": "Master and apprentice are the same person. Give the other one's name and number.",
    "credentials.learning-side": "Choose whether the person was trained, was the apprentice or was the master.",
    "credentials.learning-title": "Say in 1 to {most} characters what was taught.",
    "credentials.learning-trade": "Give the trade or its code with at most {most} characters.",
    "credentials.learning-until": "Give a last day that is not before the first one, {day}.",
    "credentials.join-itself": "This is the same record. Choose another one.",
    "credentials.join-erased": "One of the two records was erased. There is nothing to join.",
    "credentials.join-gone": "The record that stays is joined to another one already. Choose that one.",
    "credentials.join-stands": (
        "The record that goes stands for others already. Choose it as the one that stays, or take those apart first."
    ),
    "credentials.join-asked": "It is joined already, or somebody has asked for it. Decide on that one first.",
    "credentials.document-number": "Give the number of the document.",
    "credentials.kept-kind": "Choose one of the kinds in the list.",
    "credentials.kept-years": "Give a whole number of years from 0 to {most}. 0 takes the figure away.",
    "credentials.kept-source": "Say in 1 to {most} characters what the figure rests on.",
    "credentials.kept-until": "Give a day that is later than today.",
}
register(FINDINGS)
