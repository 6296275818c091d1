"""Links for all holders of a contest: cards to cut out, each with a QR, and the same as a workbook."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from contests.actions.common import competition_row, contest_row
from contests.exports.spreadsheet import workbook
from contests.identity.sealing import persons_of
from contests.tables import Entry
from core import paper
from core.errors import Invalid
from core.jobs import JobContext, JobKind
from core.jobs import register as register_job
from core.privacy import names_of
from core.scoring.model import Finding
from core.web import qr
from core.web.i18n import pick, show_date, translate
from credentials.holder.links import LONGEST_DAYS, PERMISSION, Standing, make_links, standings
from credentials.tables import Certificate

HERE = Path(__file__).parent
PACKAGE = "holders"
NEW, ALL = "new", "all"
MODES: Mapping[str, str] = {
    NEW: "Whoever has no link yet, or one that is over",
    ALL: "Everybody; unused links of this contest end",
}
HEAD = ("Name", "Entrant's number", "Certificates", "Link", "Ends on")
_A_STACK = 500
"""Cards in one PDF."""


@dataclass(frozen=True, slots=True)
class HolderRow:
    """One person with certificates of a contest. name: "" once erased."""

    person: UUID
    name: str
    number: str
    certificates: Sequence[str]
    standing: Standing


def register() -> None:
    paper.register(PACKAGE, HERE / "paper")
    register_job(KIND)


async def holders_of(contest: UUID) -> list[HolderRow]:
    """By the entrant's number, then by name."""
    rows = await Certificate.select(
        Certificate.person, Certificate.public_id, Certificate.entry
    ).where(
        Certificate.contest == str(contest),
        Certificate.person.is_not_null(),
        Certificate.erased_at.is_null(),
    )
    held: dict[UUID, list[str]] = {}
    for row in rows:
        held.setdefault(row["person"], []).append(row["public_id"])
    names, known = await names_of(held), await standings(contest)
    numbers = await _numbers(contest)
    found = [
        HolderRow(
            person,
            names.get(person, ""),
            numbers.get(person, ""),
            sorted(ids),
            known.get(person, Standing()),
        )
        for person, ids in held.items()
    ]
    return sorted(found, key=lambda one: (one.number.rjust(8), one.name, str(one.person)))


def chosen(rows: Sequence[HolderRow], mode: str) -> list[HolderRow]:
    """Those whom a run makes links for. Raises Invalid."""
    if mode not in MODES:
        raise Invalid([Finding("/mode", "credentials.holder-link-mode", {})])
    waits = {"none", "expired"} if mode == NEW else {"none", "expired", "waiting", "opened"}
    found = [row for row in rows if row.name and row.standing.state in waits]
    if not found:
        raise Invalid([Finding("/mode", "credentials.holder-nobody", {})])
    return found


def check_days(text: str) -> int:
    """Raises Invalid."""
    days = int(text) if text.isdecimal() and len(text) < 4 else 0
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid([Finding("/days", "credentials.holder-days", {"most": str(LONGEST_DAYS)})])
    return days


async def run(context: JobContext) -> None:
    """Begun again after a kill it makes all of them anew: nobody has seen the first ones."""
    contest, language = UUID(context.params["contest"]), context.params["language"]
    days = int(context.params["days"])
    persons = [UUID(one) for one in context.params["persons"]]
    rows = [row for row in await holders_of(contest) if row.person in set(persons)]
    await context.progress(0, len(rows))
    addresses = await make_links(context.by, contest, [row.person for row in rows], days=days)
    ends = datetime.now(UTC) + timedelta(days=days)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for start in range(0, len(rows), _A_STACK):
            if await context.cancelled():
                return
            some = rows[start : start + _A_STACK]
            made = await cards(contest, some, addresses, language, ends=ends)
            archive.writestr(f"cards-{start + 1:05}.pdf", made)
            await context.progress(start + len(some), len(rows))
        archive.writestr("links.xlsx", _book(rows, addresses, language, ends))
    await context.result(out.getvalue(), "links.zip", "application/zip")


async def cards(
    contest: UUID,
    rows: Sequence[HolderRow],
    addresses: Mapping[UUID, str],
    language: str,
    *,
    ends: datetime,
) -> bytes:
    """Eight to a sheet of A4, in the language of who prints them."""
    row = await contest_row(contest)
    held = await competition_row(row["competition"])
    images = {f"{one.person}.svg": qr.svg(addresses[one.person]).encode() for one in rows}
    missing = paper.lacking([one.name for one in rows], language)
    data = {
        "contest": f"{pick(json.loads(held['title']), language)} · {pick(json.loads(row['title']), language)}",
        "title": translate("Your certificates", language),
        "how": translate(
            "Scan the code with your own phone. It works once and is for you alone: keep it like a"
            " key, and show it to nobody.",
            language,
        ),
        "ends": translate("Until {date}", language, date=show_date(ends, language)),
        "cards": [
            {
                "name": "".join(f"[U+{ord(c):04X}]" if c in missing else c for c in one.name),
                "number": one.number,
                "qr": f"{one.person}.svg",
            }
            for one in rows
        ],
    }  # fmt: skip
    return await paper.pdf(f"{PACKAGE}/cards.typ", data, language=language, images=images)


def _book(
    rows: Sequence[HolderRow], addresses: Mapping[UUID, str], language: str, ends: datetime
) -> bytes:
    title = translate("Links for holders", language)
    lines = [
        [
            row.name,
            row.number,
            ", ".join(row.certificates),
            addresses[row.person],
            show_date(ends, language),
        ]
        for row in rows
    ]
    head = [translate(word, language) for word in HEAD]
    return workbook([(title, head, lines)], at=datetime.now(UTC))


async def _numbers(contest: UUID) -> dict[UUID, str]:
    """Person -> the entrant's number."""
    rows = await Entry.select(Entry.id, Entry.number).where(
        Entry.contest == contest, Entry.number != ""
    )
    numbers = {str(row["id"]): row["number"] for row in rows}
    members = await persons_of(contest)
    return {
        person: numbers[entry]
        for entry, team in members.items()
        if entry in numbers
        for person in team
    }


KIND = JobKind("holders.links", "Links for holders", run, permission=PERMISSION)
