"""异常情况记录: what the record holds of interruptions, penalties, absences and the like, and space to write.

By codes. What was recorded of an entrant by entry (an absence, a reserve, a late entry) never stands
with a code, and its reason in words only after the opening: who typed it knew the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contests.chain import LogLine
from contests.exports.reading import lines_of_kinds
from contests.exports.words import OUTCOMES
from contests.papers.about import About, paper, section
from contests.papers.incident_messages import SENTENCES
from contests.replay.reading import body_of
from contests.texts import texts_of
from core.web.i18n import show_moment, translate

_BLANK_ROWS = 8


async def data(of: About, part: str) -> dict[str, Any]:
    lines = await lines_of_kinds(of.contest, SENTENCES)
    texts = await texts_of(of.contest)
    numbers = {str(row["id"]): row["number"] for row in of.entries}
    columns = [
        (of.word("number"), 0),
        (of.word("time"), 0),
        (of.word("module"), 0),
        (of.word("work"), 0),
        (of.word("what"), 3),
        (of.word("reason"), 3),
    ]
    rows = [_row(of, n, line, texts, numbers) for n, line in enumerate(lines, 1)]
    blank = [(len(rows) + n, "", "", "", "", "") for n in range(1, _BLANK_ROWS + 1)]
    return paper(
        of,
        "incident",
        sections=[
            *([section(columns, rows)] if rows else []),
            section(columns, blank, title=of.note("hand_space"), tall=True),
        ],
        notes=[
            "" if rows else of.note("no_incident"),
            "" if of.opened else of.note("codes_only"),
        ],
    )


def _row(
    of: About, n: int, line: LogLine, texts: Mapping[str, str], numbers: Mapping[str, str]
) -> list[Any]:
    body = body_of(line)
    by_entry = "code" not in body
    entry = body.get("entry", body.get("absent", ""))
    known = entry if isinstance(entry, str) else entry.get("id", "")
    reason = texts.get(body.get("reason_hash", ""), "")
    said = translate(SENTENCES[line.kind], of.language, **_params(body, of))
    return [
        n,
        show_moment(line.at, of.language),
        body.get("located") or body.get("module", ""),
        numbers.get(known, "") if by_entry else body["code"],
        said,
        "" if by_entry and not of.opened else reason,
    ]


def _params(body: Mapping[str, Any], of: About) -> dict[str, str]:
    minutes, seconds = divmod(int(body.get("seconds", 0)), 60)
    return {
        "time": f"{minutes}:{seconds:02}",
        "points": str(body.get("points", "")),
        "status": _status(of, body),
    }


def _status(of: About, body: Mapping[str, Any]) -> str:
    status = str(body.get("status", ""))
    return translate(OUTCOMES[status], of.language) if status else of.word("none")
