"""The way in: a link that shows a button, and the button, which uses it up.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Any

from litestar import Response, get, head, post
from litestar.response import Redirect

from core.signing_in.devices import device_of
from core.web.limits import address_of, rate_limit
from credentials.holder import links
from credentials.holder.links import HolderLinkOver
from credentials.holder.pages import HEADERS, Req, show
from credentials.holder.sessions import cookie, holder_of, open_session
from credentials.limits import guesses

_LIMIT = [rate_limit(60, burst=30)]


@get("/mine/in/{token:str}", include_in_schema=False, guards=_LIMIT)
async def look(request: Req, token: str) -> Response[bytes]:
    """Uses nothing up and names nobody: chat programs open links to preview them."""
    guesses.check(address_of(request))
    works = await links.look_at(token)
    if not works:
        guesses.miss(address_of(request))
    return show(request, "enter.html", status=200 if works else 404, works=works)


@head("/mine/in/{token:str}", include_in_schema=False)
async def preview(token: str) -> None:
    """Some previews only ask for the headers; the answer says nothing about the link."""


@post("/mine/in/{token:str}", include_in_schema=False, guards=_LIMIT)
async def enter(request: Req, token: str) -> Response[Any]:
    address = address_of(request)
    guesses.check(address)
    form = await request.form()
    before = await holder_of(request)
    try:
        secret, life = await open_session(
            token,
            before=before,
            device=device_of(request),
            own_device=form.get("own_device") == "yes",
        )
    except HolderLinkOver:
        guesses.miss(address)
        return show(request, "enter.html", status=404, works=False)
    return Redirect("/mine", status_code=303, cookies=[cookie(secret, life)], headers=HEADERS)


HANDLERS = [look, preview, enter]
