"""A person's own certificates, as far as the log-in reaches, each with its verdict of this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import NotFound
from core.same_person import records_of
from core.scoring.model import Text
from core.web.i18n import pick, translate
from credentials import queries
from credentials.files.faces import issuer_title
from credentials.files.making import not_handed_out
from credentials.holder.sessions import Holder
from credentials.identifiers import understood
from credentials.messages import STATES
from credentials.pages import past
from credentials.pages.display import day, shown
from credentials.pages.view import LOOKS, spaced
from credentials.tables import Certificate
from credentials.verify import Verdict

_OF_PERSON = "SELECT " + queries.COLUMNS + queries.JOINED + " WHERE c.person = {}"


@dataclass(frozen=True, slots=True)
class Own:
    """row: as `credentials.queries` reads one."""

    row: Mapping[str, Any]
    verdict: Verdict

    @property
    def public_id(self) -> str:
        return str(self.row["public_id"])

    @property
    def number(self) -> str:
        return spaced(self.public_id)

    @property
    def printable(self) -> bool:
        return not_handed_out(self.row) is None

    @property
    def readable(self) -> bool:
        return self.verdict.credential is not None


@dataclass(frozen=True, slots=True)
class Look:
    """A state as word, icon and colour, and one sentence. icon: the path of an SVG."""

    tone: str
    icon: str
    word: str
    sentence: str


async def certificates_of(asked: Holder) -> list[Own]:
    """The newest first, of every record that was joined to the holder's."""
    records = await records_of(asked.person)
    rows = [row for one in records for row in await Certificate.raw(_OF_PERSON, one)]
    rows.sort(key=lambda row: row["public_id"])
    rows.sort(key=lambda row: row["awarded_on"], reverse=True)
    return [await _own(row) for row in rows if _reaches(asked, row)]


async def certificate_of(asked: Holder, number: str) -> Own:
    """Raises NotFound for anybody else's, for one that the log-in does not reach and for none at all:
    nobody is told which."""
    row = await queries.stored(number)
    records = await records_of(asked.person)
    if row is None or row["person"] not in records or not _reaches(asked, row):
        raise NotFound(kind="certificate", id=understood(number)[:32])
    return await _own(row)


async def look_of(own: Own, language: str) -> Look:
    tone, icon = LOOKS[own.verdict.state]
    if past.correcting(own.verdict, own.row):
        issuer = await issuer_title(own.row["issuer"])
        return Look(tone, icon, *past.correcting_words(own.row, issuer, language))
    read = own.verdict.read
    params = {"date": day(read.notice_until, language)} if read else {}
    word, sentence = STATES[own.verdict.state]
    return Look(
        tone, icon, translate(word, language, **params), translate(sentence, language, **params)
    )


def title_of(own: Own, language: str) -> str:
    return shown(pick(queries.title_of(own.row), language))


async def issuer_titles(owned: Sequence[Own]) -> dict[str, Text]:
    return {code: await issuer_title(code) for code in {own.row["issuer"] for own in owned}}


def _reaches(asked: Holder, row: Mapping[str, Any]) -> bool:
    return asked.within.has(contest=row["contest"], issuer=row["issuer"])


async def _own(row: Mapping[str, Any]) -> Own:
    return Own(dict(row), await queries.verify_stored(row))
