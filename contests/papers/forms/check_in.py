"""检录表: who has come. By entry number and delegation; the entrants' own signatures are the only names on
it until the codes are open, and no code stands on it before then either."""

from __future__ import annotations

from typing import Any

from contests.papers.about import About, paper, section


async def data(of: About, part: str) -> dict[str, Any]:
    codes = of.codes()
    columns = [
        (of.word("number"), 0),
        (of.word("entry_number"), 0),
        (of.word("group"), 0),
        (of.word("delegation"), 3),
        (of.word("members"), 0),
        *([(of.word("code"), 0), (of.word("names"), 3)] if of.opened else []),
        (of.word("identity"), 0),
        (of.word("time"), 2),
        (of.word("signature"), 3),
        (of.word("remark"), 2),
    ]
    rows = []
    for n, row in enumerate(of.entries, 1):
        entry = str(row["id"])
        own = " · ".join(dict.fromkeys(codes.get(entry, {}).values()))
        remark = of.word("reserve") if row["reserve"] else ""
        if row["trial"]:
            remark = of.word("practice")
        rows.append(
            [
                n,
                row["number"],
                of.group(row["group_code"]),
                of.delegation(row),
                row["members"],
                *([own, of.who(entry)] if of.opened else []),
                "☐",
                "",
                "",
                remark,
            ]
        )
    note = "" if of.opened else of.note("codes_only")
    return paper(of, "check_in", sections=[section(columns, rows, tall=True)], notes=[note])
