"""Who may change what: every request that changes something has a row in route_powers.toml, and every
row is tried with the roles that have the power, those that don't, strangers, and forged forms."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar

from core.security import INSTALLATION, PERMISSIONS, Role, Scope
from core.settings import Settings
from core.web.session import SAFE
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import SmallContest, small_contest

ROWS: dict[str, str] = tomllib.loads(
    (Path(__file__).parent / "route_powers.toml").read_text("utf-8")
)
OPEN = frozenset({"anybody", "tablet", "key"})
"""Words of a row that need no account. All words are explained in route_powers.toml."""
REFUSED = frozenset({401, 403, 404})
UNKNOWN = "00000000-0000-4000-8000-000000000000"
NUMBERS = frozenset({"seq", "number"})
"""Places of an address that take a whole number."""
BODIES: dict[str, object] = {
    "POST /api/v1/accounts/{account}/grants": {
        "role": "judge",
        "scope": "contest",
        "scope_id": UNKNOWN,
    },
    "POST /api/v1/accounts/{account}/links": {"target": "/", "hours": 1},
    "POST /api/v1/keys/{kid}/compromise": {"reason": "stolen"},
    "POST /api/v1/persons/{person}/honours": {
        "kind": "title",
        "code": "x",
        "title": {"en": "x"},
        "authority": "nobody",
        "granted_on": "2024-10-10",
        "source": "x",
    },
}
"""Where the power is asked for after the body was read, one that can be read."""
QUERIES = {
    "DELETE /api/v1/accounts/{account}/grants": {
        "role": "judge",
        "scope": "contest",
        "scope_id": UNKNOWN,
    },
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row, read. permissions: all of them are needed, of each one of its alternatives."""

    method: str
    path: str
    word: str
    permissions: tuple[tuple[str, ...], ...]
    somewhere: bool
    narrowed: bool

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    def roles(self) -> list[Role]:
        """Those that bring what the row asks for."""
        return [role for role in Role if all(brings(role, each) for each in self.permissions)]

    def without(self) -> list[Role]:
        """Roles that together still do not bring it: those that lack one permission."""
        return [role for role in Role if not brings(role, self.permissions[0])]

    def address(self, small: SmallContest) -> str:
        values = {"contest": str(small.contest), "competition": str(small.competition)}
        parts = []
        for part in self.path.split("/"):
            name = part[1:].partition(":")[0].rstrip("}") if part.startswith("{") else ""
            known = values.get(name, "1" if name in NUMBERS else UNKNOWN)
            parts.append(known if name else part)
        return "/".join(parts)

    def level(self) -> str:
        for name in ("contest", "competition"):
            if f"{{{name}" in self.path:
                return name
        return "installation"


def read(key: str, text: str) -> Row:
    method, _, path = key.partition(" ")
    words = text.split()
    narrowed, somewhere = "narrowed" in words, "somewhere" in words
    permissions = tuple(tuple(word.split("|")) for word in words if "." in word)
    return Row(method, path, text, permissions, somewhere, narrowed)


def brings(role: Role, alternatives: tuple[str, ...]) -> bool:
    return any(role in PERMISSIONS[permission] for permission in alternatives)


READ = [read(key, text) for key, text in ROWS.items()]
ASKING = [row for row in READ if row.permissions]


def changing(app: Litestar) -> set[str]:
    """ "POST /console/…" of every route that is no mere reading."""
    return {
        f"{method} {route.path_format}"
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods
        if method not in SAFE
    }


def test_every_row_can_be_read() -> None:
    known = {"anybody", "tablet", "key", "account", "object"}
    for row in READ:
        assert row.permissions or row.word in known, row.key
        for permission in (one for each in row.permissions for one in each):
            assert permission in PERMISSIONS, row.key


async def test_every_route_that_changes_something_has_a_row(app: Litestar) -> None:
    """A new route: add its line to tests/web/route_powers.toml."""
    found = changing(app)

    assert {"missing": found - set(ROWS), "gone": set(ROWS) - found} == {
        "missing": set(),
        "gone": set(),
    }


async def test_no_change_is_made_by_a_form_of_another_site(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    """With a session and without the token of our pages."""
    await log_in_browser(client, await make_account(*Role))
    wrong = {}
    for row in READ:
        answer = await client.request(row.method, row.address(small), data={"reason": "x"})
        if answer.status_code != 403 or "csrf" not in answer.text:
            wrong[row.key] = answer.status_code

    assert wrong == {}


async def test_nobody_without_a_log_in_changes_anything(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    wrong = {}
    for row in READ:
        if row.word == "anybody":
            continue
        answer = await client.request(row.method, row.address(small))
        if answer.status_code not in REFUSED:
            wrong[row.key] = answer.status_code

    assert wrong == {}


async def test_who_lacks_the_power_or_has_it_elsewhere_is_refused(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    """Every role that lacks it, all at once, in the right scope; and every role there is, in another
    organisation."""
    callers = Callers(client, small)
    wrong = {}
    for row in [row for row in READ if row.permissions or row.word == "object"]:
        if row.permissions:
            async with callers.with_roles(row.without(), row.level()):
                answer = await callers.send(row)
            if answer.status_code not in REFUSED:
                wrong[f"{row.key} without it"] = answer.status_code
        if not row.somewhere:
            async with callers.elsewhere():
                answer = await callers.send(row)
            if answer.status_code not in REFUSED:
                wrong[f"{row.key} elsewhere"] = answer.status_code

    assert wrong == {}


async def test_every_role_with_the_power_gets_past_the_door(
    client: httpx.AsyncClient, small: SmallContest
) -> None:
    """Each alone. Nothing that makes sense is sent, so most answers are refusals of another kind."""
    callers = Callers(client, small)
    wrong = {}
    for row in ASKING:
        for role in [] if row.narrowed else row.roles():
            async with callers.with_roles([role], row.level()):
                answer = await callers.send(row)
            if answer.status_code in {401, 403, 500}:
                wrong[f"{row.key} as {role}"] = answer.status_code

    assert wrong == {}


# --- callers -----------------------------------------------------------------------------------


class Callers:
    """Accounts with any set of roles, made once each."""

    def __init__(self, client: httpx.AsyncClient, small: SmallContest) -> None:
        self._client = client
        self._small = small
        self._accounts: dict[tuple[frozenset[Role], str], UUID] = {}
        self._sessions: dict[UUID, tuple[httpx.Cookies, str]] = {}
        self._token = ""

    async def send(self, row: Row) -> httpx.Response:
        return await self._client.request(
            row.method,
            row.address(self._small),
            headers={"x-csrf-token": self._token, "Accept": "text/html"},
            params=QUERIES.get(row.key),
            json=BODIES.get(row.key),
        )

    @asynccontextmanager
    async def with_roles(self, roles: list[Role], level: str) -> AsyncIterator[None]:
        """Within the contest's organisation, or on the installation for what belongs to that."""
        organisation = Scope("organisation", str(self._small.organisation))
        scope = INSTALLATION if level == "installation" else organisation
        await self._be(frozenset(roles), scope)
        yield

    @asynccontextmanager
    async def elsewhere(self) -> AsyncIterator[None]:
        await self._be(frozenset(Role), Scope("organisation", UNKNOWN))
        yield

    async def _be(self, roles: frozenset[Role], scope: Scope) -> None:
        key = (roles, scope.id)
        if key not in self._accounts:
            self._accounts[key] = await make_account(*((role, scope) for role in roles))
        account = self._accounts[key]
        self._client.cookies.clear()
        self._token = await log_in_browser(self._client, account)


@pytest.fixture
async def small(database: Settings) -> SmallContest:
    return await small_contest(until="draft", code=uuid4().hex[:8])
