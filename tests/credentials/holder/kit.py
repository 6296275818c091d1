"""A holder with a certificate and a score sheet, and the way in by a link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from contests.evidence import Leaf, root
from core.db import transaction
from core.events import Output, ResultFinal
from core.privacy import create_person
from core.score_evidence import SheetLine
from core.security import Actor
from credentials.holder.links import make_link
from credentials.holder.sessions import FIELD
from credentials.queries import certificates_of
from tests.credentials.facts import FIRST, issuers, result, tell
from tests.factories_contests import SmallContest, small_contest

NAME, DOCUMENT = "欧阳晓明", "11010519491231002X"
LINES = [
    SheetLine('{"aspect":"A1","award":"3"}', b"a" * 16, {"en": "Knife work"}, "3"),
    SheetLine('{"aspect":"A2","award":"1.5"}', b"b" * 16, {"en": "Taste"}, "5"),
    SheetLine('{"rank":1,"total":"177.75"}', b"c" * 16, {"en": "Pastry"}),
]
ROOT = root([Leaf(n, line.content, line.salt) for n, line in enumerate(LINES)])
ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}


async def sheet(contest: str, entry: str, wanted: str) -> Sequence[SheetLine]:
    return LINES if wanted == ROOT else ()


@dataclass
class Held:
    """One person's certificate in a contest of its own."""

    small: SmallContest
    person: UUID
    number: str

    @property
    def url(self) -> str:
        return f"/mine/certificates/{self.number}"

    async def organiser(self) -> Actor:
        return await self.small.actor("organiser")

    async def link(self) -> str:
        """The path of a new link."""
        address = await make_link(await self.organiser(), self.small.contest, self.person)
        return urlsplit(address).path


async def someone(name: str = NAME, document: str = DOCUMENT) -> UUID:
    async with transaction():
        return await create_person(
            name=name,
            facts={"romanised": "Ouyang Xiaoming"},
            documents=[("mainland_id", document)] if document else [],
        )


async def held(person: UUID | None = None, *outputs: Output, name: str = NAME) -> Held:
    """A certificate in a new contest; `issuers()` must be there already."""
    holder = person or await someone(name, "" if name != NAME else DOCUMENT)
    small = await small_contest(until="draft")
    facts = result(
        [holder],
        *(outputs or (FIRST,)),
        contest=str(small.contest),
        evidence_root=ROOT,
        details={"disclosure": "modules"},
    )
    await tell(ResultFinal(facts))
    found = await certificates_of(str(small.contest))
    return Held(small, holder, found[0]["public_id"])


async def first() -> Held:
    await issuers()
    return await held()


async def enter(client: httpx.AsyncClient, one: Held, **form: str) -> str:
    """In by a new link; the token of the forms."""
    answer = await client.post(await one.link(), data=form)
    assert answer.status_code == 303, answer.text
    return await token_of(client)


async def token_of(client: httpx.AsyncClient) -> str:
    page = await client.get("/mine", headers=ENGLISH)
    assert page.status_code == 200, page.text
    return field_in(page.text)


def field_in(page: str) -> str:
    found = re.search(rf'name="{FIELD}" value="([^"]+)"', page)
    assert found
    return found[1]


async def send(client: httpx.AsyncClient, path: str, token: str, **form: Any) -> httpx.Response:
    return await client.post(path, data={FIELD: token, **form}, headers=ENGLISH)


async def share(client: httpx.AsyncClient, one: Held, token: str, **form: Any) -> str:
    """The path of a new excerpt."""
    wanted = {"name": "masked", "fields": ["what"], "days": "7", **form, "action": "make"}
    page = await send(client, f"{one.url}/share", token, **wanted)
    assert page.status_code == 200, page.text
    found = re.search(r'id="made" readonly value="([^"]+)"', page.text)
    assert found, page.text
    return urlsplit(found[1]).path
