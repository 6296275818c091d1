"""The holder's forms: excerpts and opened lines for somebody, and corrections asked for.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect

from core.errors import JiangxinError, NotFound
from core.security import Actor
from core.web.limits import rate_limit
from credentials.evidence.actions import close_lines_of, open_line_of
from credentials.holder import asking, shares
from credentials.holder.excerpt import LINE, MASKED
from credentials.holder.own import Own
from credentials.holder.pages import HEADERS, Req
from credentials.holder.room import Made, one_page
from credentials.holder.routes import OWN, own_certificate
from credentials.holder.sessions import FIELD, check_form, holder_in
from credentials.holder.shares import Wanted

AS_HOLDER = Actor(None, "holder")
BODY_LIMIT = asking.LARGEST_FILE + 256 * 1024
_SLOWLY = [*OWN, rate_limit(60, burst=30)]


@post("/mine/certificates/{number:str}/share", guards=_SLOWLY, include_in_schema=False)
async def share(request: Req, number: str) -> Response[Any]:
    """`action` = make: a link; otherwise a preview of what is chosen."""
    asked, form = holder_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    own = await _readable(request, number)
    wanted = _wanted(form)
    try:
        await shares.check_wanted(asked, own, wanted)
        if form.get("action") != "make":
            return await one_page(request, asked, own, wanted=wanted)
        made = Made(await shares.make_share(asked, own, wanted), "share")
    except JiangxinError as error:
        return await one_page(request, asked, own, error, wanted=wanted)
    return await one_page(request, asked, own, made=made)


def _wanted(form: Any) -> Wanted:
    days = str(form.get("days", ""))
    return Wanted(
        name=str(form.get("name", MASKED)),
        fields=frozenset(str(one) for one in form.getall("fields", [])),
        days=int(days) if days.isdecimal() and len(days) < 5 else 0,
        label=str(form.get("label", "")).strip(),
    )


@post("/mine/shares/{share_id:uuid}", guards=OWN, include_in_schema=False)
async def end_share(request: Req, share_id: UUID) -> Response[Any]:
    asked, form = holder_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    await shares.end_share(asked, share_id)
    return Redirect("/mine#shares", status_code=303, headers=HEADERS)


@post("/mine/certificates/{number:str}/lines", guards=_SLOWLY, include_in_schema=False)
async def open_line(request: Req, number: str) -> Response[Any]:
    """One line of the score sheet, by a link that carries its own proof; `close` = yes ends them all."""
    asked, form = holder_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    own = await _readable(request, number)
    if form.get("close") == "yes":
        await close_lines_of(own.row, by=AS_HOLDER)
        return Redirect(
            f"/mine/certificates/{own.public_id}#lines", status_code=303, headers=HEADERS
        )
    line, days = (str(form.get(name, "")) for name in ("line", "days"))
    try:
        at = _number(line.removeprefix(LINE), -1)
        address = await open_line_of(own.row, at, days=_number(days, 0), by=AS_HOLDER)
    except JiangxinError as error:
        return await one_page(request, asked, own, error, typed={"line": line, "line_days": days})
    return await one_page(request, asked, own, made=Made(address, "line"))


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise


async def _readable(request: Req, number: str) -> Own:
    """Of an erased one there is nothing to show to anybody. Raises NotFound."""
    own = await own_certificate(request, number)
    if not own.readable:
        raise NotFound(kind="certificate", id=own.public_id)
    return own


# --- corrections -------------------------------------------------------------------------------


@post(
    "/mine/certificates/{number:str}/requests",
    guards=_SLOWLY,
    include_in_schema=False,
    request_max_body_size=BODY_LIMIT,
)
async def ask(request: Req, number: str) -> Response[Any]:
    asked, form = holder_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    own = await own_certificate(request, number)
    typed = {name: str(form.get(name, "")) for name in ("field", "wanted", "why")}
    sent = form.get("file")
    file = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        await asking.ask(asked, own, **typed, file=file)
    except JiangxinError as error:
        return await one_page(request, asked, own, error, typed=typed)
    return Redirect("/mine#requests", status_code=303, headers=HEADERS)


@post("/mine/requests/{asked_for:uuid}", guards=OWN, include_in_schema=False)
async def take_back(request: Req, asked_for: UUID) -> Response[Any]:
    asked, form = holder_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    await asking.take_back(asked, asked_for)
    return Redirect("/mine#requests", status_code=303, headers=HEADERS)


HANDLERS = [share, end_share, open_line, ask, take_back]
