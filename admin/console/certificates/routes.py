"""The certificates of a contest: layout and preview, issuing, what is held up, handing out."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.certificates import calling, changing, faces, messages, printing, sheets
from admin.console.certificates.changing import BASE
from admin.console.certificates.faces import about, ends_of, preview
from admin.console.certificates.printing import READS, one_pdf
from admin.console.certificates.room import (
    address,
    certificate_of,
    certificates_room,
    preview_values,
    typed_layout,
)
from admin.console.frame import Form, Req, part, see_other
from contests.routing import of_contest
from core.errors import JiangxinError, NotFound
from core.jobs import start_job
from core.security import Scope, actor_in, requires
from core.web import assets, templates
from core.web.language import language_of
from credentials.actions import create_issuer
from credentials.issuance import try_again
from credentials.layouts import keep_layout

HERE = Path(__file__).parent
_READ = [requires("certificate.read", of_contest)]
_NAMES = [requires(READS, of_contest)]
_KEPT_NOWHERE = {"Cache-Control": "no-store"}


def register() -> None:
    messages.install()
    faces.register()
    printing.register()
    calling.register()
    assets.register("admin/certificates", HERE / "static")
    templates.register("certificates", HERE / "templates")


@get(BASE, guards=_READ, include_in_schema=False)
async def certificates_page(request: Req, contest: UUID) -> Response[bytes]:
    return await certificates_room(request, contest)


# --- layout, preview, paper --------------------------------------------------------------------


@post(BASE + "/layout", guards=_NAMES, include_in_schema=False)
async def choose_layout(request: Req, contest: UUID, data: Form) -> Response[Any]:
    layout = typed_layout(data)
    try:
        await keep_layout(actor_in(request), contest, (await about(contest)).issuer, layout)
    except JiangxinError as error:
        return await certificates_room(request, contest, error, layout=layout)
    return see_other(
        address(contest), "The layout is kept. Everything is printed with it from now on."
    )


@get(BASE + "/preview", guards=_NAMES, include_in_schema=False)
async def preview_part(request: Req, contest: UUID) -> Response[bytes]:
    """The two pictures of a layout that nobody has kept yet, for htmx."""
    layout = typed_layout(dict(request.query_params))
    values = preview_values(contest, layout)
    ends = await ends_of(contest)
    return part(request, "certificates/pictures.html", contest=contest, ends=ends, **values)


@get(BASE + "/preview/{which:str}", guards=_NAMES, include_in_schema=False)
async def preview_picture(request: Req, contest: UUID, which: str) -> Response[bytes]:
    layout = typed_layout(dict(request.query_params))
    made = await preview(contest, layout, which, language_of(request))
    return Response(made, media_type="image/png", headers=_KEPT_NOWHERE)


@get(BASE + "/{number:str}/pdf", guards=_NAMES, include_in_schema=False)
async def download_one(request: Req, contest: UUID, number: str) -> Response[Any]:
    try:
        row = await certificate_of(contest, number)
        made = await one_pdf(contest, row["public_id"])
    except NotFound:
        raise
    except JiangxinError as error:
        return await certificates_room(request, contest, error)
    headers = {"Content-Disposition": f'attachment; filename="{row["public_id"]}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers | _KEPT_NOWHERE)


@post(BASE + "/file", guards=_NAMES, include_in_schema=False)
async def make_file(request: Req, contest: UUID, data: Form) -> Response[Any]:
    """mode "stock": only what differs, for sheets that are printed already."""
    mode = "stock" if data.get("mode") == "stock" else ""
    params = {"contest": str(contest), "language": language_of(request), "mode": mode}
    scope = Scope("contest", str(contest))
    job = await start_job(actor_in(request), printing.KIND.name, scope, params)
    return see_other(f"/console/jobs/{job}")


# --- issuing -----------------------------------------------------------------------------------


@post(BASE + "/again", guards=_READ, include_in_schema=False)
async def again(request: Req, contest: UUID, data: Form) -> Response[Any]:
    """ "Try again", for one or everything that failed. The issuer's grants decide who may."""
    try:
        only = _id(data.get("only", ""))
        issuer = (await about(contest)).issuer
        count = await try_again(actor_in(request), contest, issuer, only=only)
    except JiangxinError as error:
        return await certificates_room(request, contest, error)
    return see_other(address(contest), "{count} are being tried again.", count=count)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound(kind="result", id=text[:40]) from None


@post(BASE + "/issuer", guards=_READ, include_in_schema=False)
async def become_issuer(request: Req, contest: UUID) -> Response[Any]:
    """Makes the contest's organiser able to sign certificates."""
    try:
        await create_issuer(actor_in(request), (await about(contest)).issuer)
    except JiangxinError as error:
        return await certificates_room(request, contest, error)
    return see_other(address(contest), "The organiser can sign certificates now.")


HANDLERS = [
    certificates_page,
    choose_layout,
    preview_part,
    preview_picture,
    download_one,
    make_file,
    again,
    become_issuer,
    *sheets.HANDLERS,
    *changing.HANDLERS,
]
