"""The column layout that WorldSkills' ceremonies programme reads, for the screens of an award ceremony.

Source of the layout: github.com/worldskills/worldskills-ceremonies, "CIS results-spreadsheet column
headers" (constant EXCEL_COLUMNS) and its readers (catalog and result format services): Position, Member,
Member Name, Skill Number, Medal, First Name, Last Name, WorldSkills Scale Score. One row for each
competitor; rows of one Member are shown together; a row without either name is skipped there; Medal is
Gold, Silver, Bronze or "Medallion for Excellence", and empty for everybody else.

Our own: Member is the delegation, Skill Number the contest's code. "WorldSkills Scale Score" holds the
contest's own total: this platform computes no standardised 700-point scale, and the programme only sorts
by it and finds the highest.
"""

from __future__ import annotations

from collections.abc import Iterator

from contests.exports.reading import Line
from contests.exports.rows import Cell, Taken, number
from core.scoring.awards import MEDALS
from core.scoring.model import AwardMethod

HEAD = (
    "Position",
    "Member",
    "Member Name",
    "Skill Number",
    "Medal",
    "First Name",
    "Last Name",
    "WorldSkills Scale Score",
)
_MEDALS = ("Gold", "Silver", "Bronze")
_BY_CODE = {"gold": 0, "first": 0, "silver": 1, "second": 1, "bronze": 2, "third": 2}
EXCELLENCE = "Medallion for Excellence"
_DOUBLE_SURNAMES = frozenset(
    [
        "欧阳",
        "歐陽",
        "司马",
        "司馬",
        "上官",
        "诸葛",
        "諸葛",
        "司徒",
        "东方",
        "東方",
        "皇甫",
        "尉迟",
        "尉遲",
        "公孙",
        "公孫",
        "令狐",
        "慕容",
        "夏侯",
        "端木",
        "轩辕",
        "軒轅",
        "南宫",
        "南宮",
        "宇文",
        "长孙",
        "長孫",
        "独孤",
        "獨孤",
    ]
)


def rows(taken: Taken) -> Iterator[list[Cell]]:
    """By place; members of a team one after the other. Names must be there: ask for them first."""
    for line in taken.found.lines:
        for name in (taken.names or {}).get(line.entry, ()):
            first, last = split_name(name)
            yield [
                line.rank,
                line.delegation,
                taken.say(line.delegation_title),
                taken.found.code,
                medal(taken, line),
                first,
                last,
                number(line.total),
            ]


def medal(taken: Taken, line: Line) -> str:
    """The best of the entry's prizes as that programme calls it."""
    found = []
    for rule in taken.found.rules.awards:
        if rule.method is AwardMethod.VOTE:
            continue
        for place, prize in enumerate(rule.prizes):
            if (rule.code, prize.code) in line.prizes:
                by_place = rule.method is AwardMethod.MEDALS and place < MEDALS
                found.append(place if by_place else _BY_CODE.get(prize.code, MEDALS))
    if not found:
        return ""
    return _MEDALS[min(found)] if min(found) < MEDALS else EXCELLENCE


def split_name(name: str) -> tuple[str, str]:
    """(given, family). A Chinese name begins with the family's; any other ends with it."""
    words = name.split()
    if len(words) == 1 and name and name[0] > "\u2e7f":
        length = 2 if name[:2] in _DOUBLE_SURNAMES and len(name) > 2 else 1
        return name[length:], name[:length]
    return " ".join(words[:-1]), words[-1] if words else ""
