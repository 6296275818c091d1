"""The rooms of the console: what the side of every page leads to, as far as the reader may enter.

A room is a folder beside this file with `routes.py` (its HANDLERS) and its templates, words and styles.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What a room belongs to; its address starts there."""

    HOUSE = "/console"
    COMPETITION = "/console/competitions/{competition}"
    CONTEST = "/console/contests/{contest}"


@dataclass(frozen=True, slots=True)
class Room:
    """code: stable, also the template folder. title: msgid. path: below its level's address.
    permission: asked in the level's scopes; without it the room is not shown, and its routes refuse.
    part: msgid over the first of the rooms that belong together, or ""."""

    code: str
    title: str
    level: Level
    path: str
    permission: str
    part: str = ""


def _contest(part: str, *rooms: tuple[str, str, str, str]) -> tuple[Room, ...]:
    return tuple(
        Room(code, title, Level.CONTEST, path, permission, part)
        for code, title, path, permission in rooms
    )


ROOMS: tuple[Room, ...] = (
    Room("contests", "Contests", Level.HOUSE, "", ""),
    Room("season", "Season", Level.HOUSE, "/season", "contest.read"),
    Room("approvals", "What waits for me", Level.HOUSE, "/approvals", ""),
    Room("accounts", "People with accounts", Level.HOUSE, "/accounts", "account.manage"),
    Room("organisations", "Organisations", Level.HOUSE, "/organisations", "organisation.describe"),
    Room("employers", "Employers", Level.HOUSE, "/employers", "employer.invite"),
    Room("stacks", "Checks for employers", Level.HOUSE, "/stacks", "organisation.describe"),
    Room("matching", "Craftsmen help enterprises", Level.HOUSE, "/matching", "matching.read"),
    Room("persons", "Records of persons", Level.HOUSE, "/persons", "person.read"),
    Room("honours", "Honours", Level.HOUSE, "/honours", "proposal.read"),
    Room("levels", "Skill levels", Level.HOUSE, "/levels", "proposal.read"),
    Room("occupations", "Occupations", Level.HOUSE, "/occupations", "installation.manage"),
    Room("exchange", "Earlier records", Level.HOUSE, "/exchange", "proposal.read"),
    Room("applications", "Applications", Level.HOUSE, "/applications", "proposal.read"),
    Room("jobs", "Background work", Level.HOUSE, "/jobs", ""),
    Room("audit", "Changes", Level.HOUSE, "/audit", "audit.read"),
    Room("partners", "Partners who sign", Level.HOUSE, "/partners", "issuer.manage"),
    Room(
        "installations", "Other installations", Level.HOUSE, "/installations", "installation.manage"
    ),
    Room("retention", "Time of keeping", Level.HOUSE, "/retention", "person.erase"),
    Room("copies", "Copies", Level.HOUSE, "/copies", "installation.manage"),
    Room("rehearsal", "Rehearsal", Level.HOUSE, "/rehearsal", "installation.manage"),
    Room("me", "My account", Level.HOUSE, "/me", ""),
    Room("competition", "Contests side by side", Level.COMPETITION, "", "contest.read"),
    Room("programme", "Programme", Level.COMPETITION, "/programme", "contest.read"),
    Room("delegations", "Delegations", Level.COMPETITION, "/delegations", "contest.configure"),
    Room("judges-pool", "Pool of judges", Level.COMPETITION, "/judges", "competition.configure"),
    Room(
        "competition-settings", "Settings", Level.COMPETITION, "/settings", "competition.configure"
    ),
    *_contest("", ("contest", "Where it stands", "", "contest.read")),
    *_contest(
        "Preparing",
        ("schemes", "Marking scheme", "/scheme", "contest.read"),
        ("rules", "Rules", "/rules", "contest.read"),
        ("partner-rules", "Partner rules", "/partner-rules", "contest.configure"),
        ("people", "Entrants", "/people", "contest.enter"),
        ("judges", "The judges", "/judges", "contest.appoint"),
    ),
    *_contest(
        "On the day",
        ("draws", "Draws", "/draws", "contest.read"),
        ("checkin", "Check-in", "/check-in", "contest.run"),
        ("marking", "Marking", "/marking", "contest.run"),
        ("clock", "Clock", "/clock", "contest.time"),
        ("incidents", "In the hall", "/incidents", "contest.run"),
        ("leader", "For the leader", "/leader", "contest.run"),
        ("share", "For the chat group", "/share", "contest.read"),
    ),
    *_contest(
        "After marking",
        ("recheck", "Recheck", "/recheck", "contest.correct"),
        ("appeals", "Appeals", "/appeals", "contest.read_standings"),
        ("results", "Results", "/results", "contest.read_standings"),
        ("signing", "Sign-off", "/signing", "contest.read"),
        ("publication", "Publication", "/publication", "contest.read"),
        ("certificates", "Certificates", "/certificates", "certificate.read"),
        ("proposals", "Proposals", "/proposals", "proposal.read"),
    ),
    *_contest(
        "Kept with it",
        ("papers", "Papers", "/papers", "contest.papers"),
        ("audit", "Changes", "/audit", "audit.read"),
        ("settings", "Settings", "/settings", "contest.configure"),
    ),
)
"""In the order in which they are shown."""
