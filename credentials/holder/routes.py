"""The holder's pages: certificates with their files, consents, log-ins, everything on record.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from core import audit
from core.db import transaction
from core.errors import JiangxinError, NotFound
from core.security import Actor
from core.web import templates
from core.web.language import language_of
from core.web.limits import address_of, rate_limit
from credentials import rendering
from credentials.consents.actions import WORDING, give, withdraw
from credentials.files.making import certificate_pdf
from credentials.files.routes import PDF
from credentials.holder import everything, pages
from credentials.holder.own import Own, certificate_of
from credentials.holder.pages import HEADERS, Req
from credentials.holder.room import all_page, one_page
from credentials.holder.sessions import (
    FIELD,
    check_form,
    cookie_name,
    end_others,
    end_session,
    holder,
    holder_in,
)
from credentials.limits import guesses

OWN = [holder]
SOURCE = "On the holder's own page"
"""`HolderConsent.source` of what was given here; naming no person."""


@get("/mine", guards=OWN, include_in_schema=False)
async def mine(request: Req) -> Response[bytes]:
    return await all_page(request, holder_in(request))


@get("/mine/certificates/{number:str}", guards=OWN, include_in_schema=False)
async def certificate(request: Req, number: str) -> Response[bytes]:
    return await one_page(request, holder_in(request), await own_certificate(request, number))


@get("/mine/certificates/{number:str}/{kind:str}", guards=OWN, include_in_schema=False)
async def download(request: Req, number: str, kind: str) -> Response[Any]:
    """The paper, the signed token, or the badge as a picture."""
    own = await own_certificate(request, number)
    try:
        content, media = await _file(own, kind)
    except NotFound:
        raise
    except (
        JiangxinError
    ) as error:  # a withdrawn one is not handed out, a rare character not printed
        return await one_page(request, holder_in(request), own, error)
    named = {"Content-Disposition": f'attachment; filename="{own.public_id}.{kind}"'}
    return Response(content, media_type=media, headers=HEADERS | named)


async def own_certificate(request: Req, number: str) -> Own:
    """Raises NotFound, and counts it: guessing others' numbers is slow."""
    address = address_of(request)
    guesses.check(address)
    try:
        return await certificate_of(holder_in(request), number)
    except NotFound:
        guesses.miss(address)
        raise


async def _file(own: Own, kind: str) -> tuple[bytes, str]:
    if kind == "pdf":
        return await certificate_pdf(own.row), PDF
    token = rendering.token_of(own.row)
    if kind == "jwt" and token:
        return token.encode(), "application/vc+jwt"
    if kind in ("svg", "png") and token:
        media = "image/svg+xml" if kind == "svg" else "image/png"
        return await rendering.picture(own.row, kind), media
    raise NotFound(kind="file", id=kind[:8])


# --- what the holder allows --------------------------------------------------------------------


@post("/mine/consents/{kind:str}", guards=OWN, include_in_schema=False)
async def consent(request: Req, kind: str) -> Response[Any]:
    """`give` = yes or no: giving and withdrawing are one button each."""
    asked, form = holder_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    if kind not in WORDING:
        raise NotFound(kind="consent", id=kind[:40])
    gives = form.get("give") == "yes"
    async with transaction():
        changed = (
            await give(asked.person, kind, source=SOURCE, by=None)
            if gives
            else await withdraw(asked.person, kind)
        )
        if changed:
            await audit.record(
                Actor(None, "holder"),
                "consent.given" if gives else "consent.withdrawn",
                subject=str(asked.person),
                after={"kind": kind, "source": SOURCE},
            )
    return Redirect("/mine#consents", status_code=303, headers=HEADERS)


# --- log-ins -----------------------------------------------------------------------------------


@post("/mine/log-ins/others", guards=OWN, include_in_schema=False)
async def end_all_others(request: Req) -> Response[Any]:
    asked, form = holder_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    await end_others(asked)
    return Redirect("/mine#log-ins", status_code=303, headers=HEADERS)


@post("/mine/log-ins/{session:uuid}", guards=OWN, include_in_schema=False)
async def end_one(request: Req, session: UUID) -> Response[Any]:
    """One of the others, or this one: then the cookie goes too."""
    asked, form = holder_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    await end_session(asked, session)
    if session != asked.session:
        return Redirect("/mine#log-ins", status_code=303, headers=HEADERS)
    page = pages.show(request, "gone.html", alone=True)
    page.delete_cookie(cookie_name(), "/")
    return page


# --- everything --------------------------------------------------------------------------------


@get(
    "/mine/everything.zip",
    guards=[holder, rate_limit(6, burst=3)],
    include_in_schema=False,
)
async def export(request: Req) -> Response[bytes]:
    """As far as the log-in reaches."""
    asked, language = holder_in(request), language_of(request)

    def page(chapters: Any) -> bytes:
        told = [(one, everything.readable(one, language)) for one in chapters]
        return templates.html(request, "mine/everything.html", chapters=told)

    made = await everything.archive(asked.person, asked.within, page)
    named = {"Content-Disposition": 'attachment; filename="everything-about-me.zip"'}
    return Response(made, media_type="application/zip", headers=HEADERS | named)


HANDLERS = [mine, certificate, download, consent, end_all_others, end_one, export]
