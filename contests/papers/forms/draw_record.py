"""抽签记录表 of one module: the codes as drawn, without whose they are until they are opened. Before the
draw it is the form for drawing by hand."""

from __future__ import annotations

from typing import Any

from contests.exports.reading import lines_of_kinds
from contests.papers.about import About, labels, paper, section
from contests.replay.reading import body_of
from core.web.i18n import show_moment


async def data(of: About, part: str) -> dict[str, Any]:
    codes = of.known.codes.get(part, ())
    title = of.module_title(part)
    if not codes:
        return _by_hand(of, title)
    drawn = [
        (line, body)
        for line in await lines_of_kinds(of.contest, ["drawn"])
        if (body := body_of(line))["module"] == part
    ]
    line, body = drawn[0]
    people = await labels([body.get("by", ""), body.get("witness", "")])
    given = [
        (of.word("module"), title),
        (of.word("drawn_at"), show_moment(line.at, of.language)),
        (of.word("drawn_by"), people.get(body.get("by", ""), "")),
        (of.word("witness"), people.get(body.get("witness", ""), "")),
        (of.word("sealed"), body.get("commitment", "")),
    ]
    table = _opened(of, part, codes) if of.opened else _sealed(of, codes)
    note = "" if of.opened else of.note("codes_only")
    return paper(of, "draw_record", under=title, given=given, sections=[table], notes=[note])


def _sealed(of: About, codes: tuple[str, ...]) -> dict[str, Any]:
    columns = [(of.word("number"), 0), (of.word("code"), 2), (of.word("remark"), 3)]
    rows = [
        (n, code, of.word("practice") if code in of.known.trial else "")
        for n, code in enumerate(sorted(codes), 1)
    ]
    return section(columns, rows)


def _opened(of: About, module: str, codes: tuple[str, ...]) -> dict[str, Any]:
    whose = of.known.opened.get(module, {})
    entries = {str(row["id"]): row for row in of.entries}
    columns = [
        (of.word("number"), 0),
        (of.word("code"), 0),
        (of.word("entry_number"), 0),
        (of.word("delegation"), 2),
        (of.word("names"), 2),
    ]
    rows = []
    for n, code in enumerate(sorted(codes), 1):
        entry = whose.get(code, "")
        row = entries.get(entry)
        rows.append(
            (
                n,
                code,
                row["number"] if row else "",
                of.delegation(row) if row else "",
                of.who(entry),
            )
        )
    return section(columns, rows)


def _by_hand(of: About, title: str) -> dict[str, Any]:
    columns = [
        (of.word("number"), 0),
        (of.word("entry_number"), 2),
        (of.word("delegation"), 3),
        (of.word("code"), 2),
        (of.word("signature"), 3),
    ]
    competing = [row for row in of.entries if not row["reserve"]]
    rows = [(n, row["number"], of.delegation(row), "", "") for n, row in enumerate(competing, 1)]
    return paper(
        of,
        "draw_record",
        under=title,
        given=[(of.word("module"), title)],
        sections=[section(columns, rows, tall=True)],
        notes=[of.note("draw_by_hand")],
    )
