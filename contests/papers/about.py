"""What every paper of a contest needs to know, read once; and the pieces that all of them consist of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row, contest_row
from contests.exports.reading import codes_by_entry, delegations_of, facts, names
from contests.papers.kinds import KINDS
from contests.papers.words import NOTES, TITLES, WORDS
from contests.replay import Replayed
from contests.tables import Entry
from core.scoring.codec import from_json
from core.scoring.model import Rules, Scheme, Text
from core.security import Actor
from core.tables import Account
from core.web.i18n import pick, show_date, translate
from core.words import ROLES


@dataclass(frozen=True, slots=True)
class About:
    """row: the contest's columns. known: the log without marks. entries: rows in the order of
    registration, those that withdrew left out. names: None until the codes are open, and for a reader
    without `identity.read`: then no paper holds a name."""

    row: Mapping[str, Any]
    competition: Mapping[str, Any]
    known: Replayed
    scheme: Scheme
    rules: Rules
    entries: Sequence[Mapping[str, Any]]
    delegations: Mapping[Any, tuple[str, Text]]
    names: Mapping[str, Sequence[str]] | None
    language: str

    @property
    def contest(self) -> UUID:
        found: UUID = self.row["id"]
        return found

    @property
    def opened(self) -> bool:
        return bool(self.known.opened)

    @property
    def facts(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.row["facts"])
        return found

    def word(self, code: str) -> str:
        return translate(WORDS[code], self.language)

    def note(self, code: str) -> str:
        return translate(NOTES[code], self.language)

    def say(self, text: Text | str | None) -> str:
        return pick(text, self.language)

    def delegation(self, row: Mapping[str, Any]) -> str:
        return self.say(self.delegations.get(row["delegation"], ("", {}))[1])

    def group(self, code: str) -> str:
        return self.say(self.rules.group_titles.get(code)) or code

    def who(self, entry: str) -> str:
        """The names, "" wherever they may not stand."""
        return "、".join(name for name in (self.names or {}).get(entry, ()) if name)

    def codes(self) -> dict[str, dict[str, str]]:
        """Entry -> module -> code; nothing before the codes are open."""
        return codes_by_entry(self.known)

    def module_title(self, module: str) -> str:
        found = next((m for m in self.scheme.modules if m.id == module), None)
        return self.titled(module, found.title if found else {})

    def titled(self, code: str, title: Text) -> str:
        """ "A Knife work", or the code alone where the title says the same."""
        said = self.say(title)
        return f"{code} {said}" if said and said != code else code


async def outline(contest: UUID, known: Replayed, *, language: str) -> About:
    """Without anybody who is entered: which papers there are. Raises NotFound."""
    row = await contest_row(contest)
    return About(
        row=row,
        competition=await competition_row(row["competition"]),
        known=known,
        scheme=known.frozen.scheme
        if known.frozen
        else from_json(Scheme, json.loads(row["scheme"])),
        rules=known.frozen.rules if known.frozen else from_json(Rules, json.loads(row["rules"])),
        entries=(),
        delegations={},
        names=None,
        language=language,
    )


async def about(contest: UUID, *, by: Actor, language: str) -> About:
    """Raises NotFound."""
    of = await outline(contest, await facts(contest), language=language)
    entries = (
        await Entry.select()
        .where(Entry.contest == contest, Entry.status != "withdrawn")
        .order_by(Entry.created_at, Entry.id)
    )
    named = None
    if of.opened:
        named = await names(contest, [str(entry["id"]) for entry in entries], by=by)
    delegations = await delegations_of(of.row["competition"])
    return replace(of, entries=entries, delegations=delegations, names=named)


# --- pieces of papers --------------------------------------------------------------------------


def paper(
    of: About,
    kind: str,
    *,
    under: str = "",
    given: Sequence[tuple[str, str]] = (),
    sections: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """A whole paper for `record.typ`. given: label and value, above the tables."""
    held = of.facts.get("held_on") or of.competition["held_from"]
    place = of.facts.get("place") or of.competition["place"]
    first = [(of.word("day"), _date(held, of.language)), (of.word("held_place"), of.say(place))]
    return {
        "title": translate(TITLES[kind], of.language),
        "under": under,
        "head": f"{of.say(json.loads(of.competition['title']))} · {of.say(json.loads(of.row['title']))}",
        "foot": of.row["code"],
        "given": [[label, value] for label, value in [*first, *given] if value],
        "sections": list(sections),
        "notes": [note for note in notes if note],
        "roles": [translate(ROLES[role], of.language) for role in KINDS[kind].signers],
        "date": of.word("date"),
        "flipped": KINDS[kind].flipped,
    }


def _date(text: str, language: str) -> str:
    try:
        return show_date(text, language) if text else ""
    except ValueError:
        return str(text)


def section(
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Any]],
    *,
    title: str = "",
    tall: bool = False,
) -> dict[str, Any]:
    """columns: heading and width in parts, 0 = as narrow as what stands in it. tall: rows with space
    for handwriting."""
    return {
        "title": title,
        "columns": [{"title": heading, "width": width} for heading, width in columns],
        "rows": [[str(cell) for cell in row] for row in rows],
        "tall": tall,
    }


async def labels(accounts: Sequence[str]) -> dict[str, str]:
    """Account -> what colleagues call it."""
    wanted = [UUID(account) for account in accounts if account]
    rows = (
        await Account.select(Account.id, Account.label, Account.login).where(
            Account.id.is_in(wanted)
        )
        if wanted
        else []
    )
    return {str(row["id"]): row["label"] or row["login"] for row in rows}
