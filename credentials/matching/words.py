"""The words of the codes that profiles, needs and results are made of; msgids of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.skill_levels import LEVELS as LEVELS

NEED_WORDS: Mapping[str, str] = {
    "filed": "need filed",
    "dispatched": "offered to craftsmen",
    "accepted": "taken on",
    "reported": "result reported",
    "confirmed": "confirmed by the enterprise",
    "closed": "closed by the union",
    "withdrawn": "withdrawn by the enterprise",
}

OFFER_WORDS: Mapping[str, str] = {
    "waiting": "waiting for an answer",
    "accepted": "accepted",
    "declined": "declined",
    "taken_back": "taken back",
    "passed": "not needed any more",
    "left": "given up",
}

DAYS: Sequence[tuple[int, str]] = (
    (1, "Monday"),
    (2, "Tuesday"),
    (4, "Wednesday"),
    (8, "Thursday"),
    (16, "Friday"),
    (32, "Saturday"),
    (64, "Sunday"),
)
DAY_WORDS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

SERVICES: Mapping[str, str] = {
    "advice": "advice on a technical problem",
    "repair": "repair and adjustment on the spot",
    "process": "a better process or tool",
    "training": "training of workers",
    "apprentice": "taking apprentices",
    "research": "research together with the enterprise",
}

LANGUAGES: Mapping[str, str] = {
    "cmn": "Putonghua",
    "yue": "Cantonese",
    "eng": "English (spoken)",
    "por": "Portuguese (spoken)",
}

HONOURS: Mapping[str, str] = {
    "model_worker": "model worker",
    "craftsman": "craftsman",
    "technical_expert": "technical expert",
    "medal": "labour medal",
    "other": "another honour",
}

TIERS: Mapping[str, str] = {
    "national": "national",
    "provincial": "provincial",
    "municipal": "municipal",
    "district": "of a district",
    "enterprise": "of an enterprise",
}

RESULTS: Mapping[str, str] = {
    "solved": "solved",
    "partly": "partly solved",
    "unsolved": "not solved",
}

UNITS: Mapping[str, str] = {
    "cny": "yuan a year",
    "hour": "working hours a year",
    "percent": "per cent",
    "kwh": "kilowatt hours a year",
    "tonne": "tonnes a year",
    "person": "workers trained",
    "piece": "pieces",
}

SIDES: Mapping[str, str] = {
    "enterprise": "enterprise",
    "craftsman": "craftsman",
}

OF_ERRORS = ("need", "offer", "craftsman", "enterprise", "service team", "registry")
"""What there is none of."""
