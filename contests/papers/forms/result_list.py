"""成绩单 of one result version: places by group with the four signatures, bound by the fingerprint that is
signed on the screen."""

from __future__ import annotations

from typing import Any

from contests.exports.reading import Line, Summary, summary
from contests.exports.words import OUTCOMES
from contests.papers.about import About, paper, section
from contests.replay import content_hash
from core.web.i18n import show_moment, translate


async def data(of: About, part: str) -> dict[str, Any]:
    """part: the version's number, "" = the newest. Raises NotFound before the first closing."""
    found = await summary(of.contest, version=int(part) if part else None)
    seal = content_hash(str(of.contest), found.stored)
    given = [
        (of.word("version"), f"{found.version} · {show_moment(found.created_at, of.language)}"),
        (of.word("fingerprint"), f"{seal[:16]} {seal[16:32]} {seal[32:48]} {seal[48:]}"),
    ]
    sections = [_group(of, found, code, of.say(title) or code) for code, title, _ in found.groups]
    return paper(of, "result_list", given=given, sections=sections)


def _group(of: About, found: Summary, code: str, title: str) -> dict[str, Any]:
    several = len(found.scheme.modules) > 1
    columns = [
        (of.word("place"), 0),
        (of.word("entry_number"), 0),
        (of.word("code"), 0),
        *([(of.word("names"), 2)] if of.names is not None else []),
        (of.word("delegation"), 2),
        *((module.id, 0) for module in found.scheme.modules if several),
        (of.word("total"), 0),
        (of.word("prize"), 1),
    ]
    rows = [_row(of, line, several=several) for line in found.lines if line.group == code]
    return section(columns, rows, title=title if len(found.groups) > 1 else "")


def _row(of: About, line: Line, *, several: bool) -> list[str]:
    place = "" if line.rank is None else str(line.rank)
    return [
        f"{place} {of.word('shared')}" if line.shared else place or "—",
        line.number,
        line.code,
        *([of.who(line.entry)] if of.names is not None else []),
        of.say(line.delegation_title),
        *(line.modules if several else ()),
        line.total or translate(OUTCOMES[line.status], of.language),
        "、".join(of.say(title) for title in line.prize_titles),
    ]
