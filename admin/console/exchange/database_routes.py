"""An authority's own database: the keys with which it reads, and the addresses that hear of changes."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.honours.guards import somewhere
from core.errors import JiangxinError, NotFound
from core.security import actor_in
from credentials.employers.pages import DAYS, OVERLAPS
from credentials.employers.words import ANSWERS, KEY_STATES
from credentials.records.bodies import ACTS, acting_bodies
from credentials.records.exchange import access, words

ROOM = "/console/exchange/databases"
ONE = ROOM + "/{keeper:str}"
_ACTS = [somewhere(ACTS)]


@get(ROOM, guards=_ACTS, include_in_schema=False)
async def choose(request: Req) -> Response[Any]:
    """To the only body that there is to act for; a choice between several."""
    bodies = await acting_bodies(actor_in(request))
    if len(bodies) == 1:
        return see_other(f"{ROOM}/{bodies[0].code}")
    return await show(request, "console-exchange/choose.html", room="exchange", bodies=bodies)


@get(ONE, guards=_ACTS, include_in_schema=False)
async def database(request: Req, keeper: str) -> Response[bytes]:
    return await _page(request, keeper)


@post(ONE + "/keys", guards=_ACTS, include_in_schema=False, status_code=200)
async def make_key(request: Req, keeper: str, data: Form) -> Response[bytes]:
    """The key is on this answer and nowhere else."""
    try:
        made = await access.make_key(
            actor_in(request), keeper, name=data.get("name", ""), days=_number(data.get("days", ""))
        )
    except JiangxinError as error:
        return await _problem(request, keeper, error, data)
    return await _once(request, keeper, "key", made.text, made.name)


@post(ONE + "/keys/{key:uuid}/rotate", guards=_ACTS, include_in_schema=False, status_code=200)
async def rotate(request: Req, keeper: str, key: UUID, data: Form) -> Response[bytes]:
    hours = _number(data.get("hours", ""))
    try:
        made = await access.rotate_key(actor_in(request), keeper, key, hours=hours)
    except JiangxinError as error:
        return await _problem(request, keeper, error)
    return await _once(request, keeper, "key", made.text, made.name)


@post(ONE + "/keys/{key:uuid}/revoke", guards=_ACTS, include_in_schema=False)
async def revoke(request: Req, keeper: str, key: UUID) -> Response[Any]:
    await access.revoke_key(actor_in(request), keeper, key)
    return see_other(f"{ROOM}/{keeper}", "The key is revoked.")


@post(ONE + "/addresses", guards=_ACTS, include_in_schema=False, status_code=200)
async def add(request: Req, keeper: str, data: Form) -> Response[bytes]:
    """The secret is on this answer and nowhere else."""
    try:
        made = await access.add_webhook(actor_in(request), keeper, data.get("address", ""))
    except JiangxinError as error:
        return await _problem(request, keeper, error, data)
    return await _once(request, keeper, "address", made.secret, made.address)


@post(ONE + "/addresses/{hook:uuid}/{verb:str}", guards=_ACTS, include_in_schema=False)
async def change(request: Req, keeper: str, hook: UUID, verb: str) -> Response[Any]:
    try:
        await access.change_webhook(actor_in(request), keeper, hook, verb)
    except JiangxinError as error:
        return await _problem(request, keeper, error)
    return see_other(f"{ROOM}/{keeper}#addresses", _SAID[verb])


_SAID = {
    "test": "A test is on its way. The list of messages shows the answer.",
    "on": "The address is switched on again.",
    "remove": "The address is removed.",
}


async def _problem(
    request: Req, keeper: str, error: JiangxinError, typed: dict[str, str] | None = None
) -> Response[bytes]:
    if isinstance(error, NotFound):
        raise error
    return await _page(request, keeper, error, typed)


async def _page(
    request: Req,
    keeper: str,
    error: JiangxinError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    by = actor_in(request)
    known = await access.keys_of(by, keeper)
    return await show(
        request,
        "console-exchange/database.html",
        room="exchange",
        error=error,
        body=keeper,
        title=await access.title_of(keeper),
        keys=[one for one in known if one.state in ("in_use", "ending")],
        ended=[one for one in known if one.state not in ("in_use", "ending")],
        hooks=await access.webhooks_of(by, keeper),
        typed=typed or {},
        days=DAYS,
        overlaps=OVERLAPS,
        key_words=KEY_STATES,
        change_words=words.CHANGES,
        answer_words=ANSWERS,
    )


async def _once(request: Req, keeper: str, kind: str, secret: str, called: str) -> Response[bytes]:
    response = await show(
        request,
        "console-exchange/once.html",
        room="exchange",
        body=keeper,
        kind=kind,
        secret=secret,
        called=called,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _number(text: str) -> int:
    """-1 for what is no number: a form of ours sends nothing else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


HANDLERS = [choose, database, make_key, rotate, revoke, add, change]
