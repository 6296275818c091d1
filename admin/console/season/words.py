"""Sentences of this room that stand in tables."""

KINDS = {
    "level": "Skill level",
    "title": "Title of a trade",
    "medal": "Medal",
    "honour": "Honour",
    "partner": "Partner's certificate",
}
FIGURES = {
    "contests": "Contests",
    "published": "Results published",
    "entrants": "Entrants",
    "finalists": "Finalists",
    "judges": "People who judged",
    "delegations": "Delegations",
    "days": "Days of contests",
    "marks": "Marks given",
    "prizes": "Prizes won",
    "certificates": "Certificates issued",
    "levels_proposed": "Levels proposed",
    "levels_granted": "Levels granted",
    "honours_proposed": "Titles and honours proposed",
    "honours_granted": "Titles and honours granted",
}
STATES = {
    "draft": "draft",
    "ready": "ready",
    "judging": "judging",
    "closed": "closed",
    "signed": "signed",
    "published": "published",
    "final": "final",
}
TABLES = {
    "figures": "Key figures",
    "places": "By city and trade",
    "contests": "Contests of the year",
    "prizes": "Prizes",
    "conferred": "Levels, titles and medals",
}
FIGURES_HEAD = ("What is counted", "How many")
PLACES_HEAD = ("City", "Trade")
CONTESTS_HEAD = ("Competition", "Contest", "City", "Trade", "State", "Dates")
PRIZES_HEAD = ("Competition", "Contest", "Prize", "How many")
CONFERRED_HEAD = (
    "Competition",
    "Contest",
    "Kind",
    "What is conferred",
    "Authority",
    "Proposed to it",
    "Granted by it",
)
PICTURES = {
    "path": "From entry to certificate",
    "cities": "Contests by city",
    "trades": "Finalists by trade",
    "prizes": "Prizes won",
    "conferred": "What was proposed and granted",
}
