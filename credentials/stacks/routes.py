"""An employer's pages: a link, a stack, its files, how far it is, and what came out. No log-in.

Real imports throughout: litestar reads these annotations at run time.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND, HTTP_422_UNPROCESSABLE_ENTITY

from core.errors import JiangxinError, NotFound
from core.findings import render as render_finding
from core.jobs import cancel_job, read_job, repeat_job
from core.privacy import unwrap
from core.scoring.model import Finding
from core.security import SYSTEM
from core.web import assets, templates
from core.web.i18n import translate
from core.web.language import language_of
from core.web.limits import address_of, rate_limit
from credentials.limits import guesses
from credentials.stacks import bounds, keeping, record, words, work
from credentials.stacks.invitations import invitation_by, is_open
from credentials.stacks.sheet import MEDIA
from credentials.stacks.tables import Stack

HERE = Path(__file__).parent
AnyRequest = Request[Any, Any, Any]
RESULTS = {"xlsx": MEDIA, "pdf": "application/pdf"}
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
REFRESH = 3
LOOKS = [rate_limit(240, 60)]
SENDS = [rate_limit(360, 320)]
"""A stack of 300 photos is sent file by file."""
ACTS = [rate_limit(20)]


def register() -> None:
    words.install()
    work.register()
    record.register()
    assets.register("credentials/stacks", HERE / "static")
    templates.register("stacks", HERE / "templates" / "stacks")


@get("/check/{secret:str}", guards=LOOKS, include_in_schema=False)
async def link_page(request: AnyRequest, secret: str) -> Response[bytes]:
    """The same answer for a link that never was and for one that is over and was never used."""
    invitation = await _invitation(request, secret)
    return await _link(request, secret, invitation) if invitation else _over(request)


@post("/check/{secret:str}", guards=ACTS, include_in_schema=False)
async def begin(request: AnyRequest, secret: str) -> Response[Any]:
    invitation = await _invitation(request, secret)
    if invitation is None:
        return _over(request)
    try:
        stack = await keeping.begin(invitation, language_of(request))
    except JiangxinError as error:
        return await _link(request, secret, invitation, error)
    return Redirect(f"/check/{secret}/{stack}", status_code=303)


@get("/check/{secret:str}/{stack:uuid}", guards=LOOKS, include_in_schema=False)
async def stack_page(request: AnyRequest, secret: str, stack: UUID) -> Response[bytes]:
    found = await _found(request, secret, stack)
    return await _page(request, secret, found[1]) if found else _over(request)


@post(
    "/check/{secret:str}/{stack:uuid}/files",
    guards=SENDS,
    include_in_schema=False,
    request_max_body_size=bounds.FORM_BYTES,
)
async def add_files(request: AnyRequest, secret: str, stack: UUID) -> Response[Any]:
    """Good files are taken although others are not; each that is not is named, with what to do."""
    found = await _found(request, secret, stack)
    if found is None:
        return _over(request)
    wrong, error = await _add(request, found[1])
    if request.headers.get("x-one-file") == "yes":
        return _told(request, wrong, error)
    if not wrong and not error:
        return Redirect(f"/check/{secret}/{stack}", status_code=303)
    row = await keeping.stack_of(found[0]["id"], stack)
    return await _page(request, secret, row, wrong, error)


@post("/check/{secret:str}/{stack:uuid}/send", guards=ACTS, include_in_schema=False)
async def send(request: AnyRequest, secret: str, stack: UUID) -> Response[Any]:
    found = await _found(request, secret, stack)
    if found is None:
        return _over(request)
    invitation, row = found
    if not row["files"]:
        return await _page(request, secret, row, [Finding("/files", "stacks.nothing-sent", {})])
    try:
        await work.send(row, invitation)
    except JiangxinError as error:
        row = await keeping.stack_of(invitation["id"], stack)
        return await _page(request, secret, row, error=error)
    return Redirect(f"/check/{secret}/{stack}", status_code=303)


@post("/check/{secret:str}/{stack:uuid}/cancel", guards=ACTS, include_in_schema=False)
async def cancel(request: AnyRequest, secret: str, stack: UUID) -> Response[Any]:
    return await _of_job(request, secret, stack, cancel_job)


@post("/check/{secret:str}/{stack:uuid}/again", guards=ACTS, include_in_schema=False)
async def again(request: AnyRequest, secret: str, stack: UUID) -> Response[Any]:
    return await _of_job(request, secret, stack, repeat_job)


@get("/check/{secret:str}/{stack:uuid}/result/{kind:str}", guards=LOOKS, include_in_schema=False)
async def result(request: AnyRequest, secret: str, stack: UUID, kind: str) -> Response[bytes]:
    found = await _found(request, secret, stack)
    if found is None or kind not in RESULTS:
        return _over(request)
    try:
        data = await keeping.result_of(found[1], kind)
    except NotFound:
        return await _page(request, secret, found[1])
    name = translate("Certificates checked", found[1]["language"])
    day = found[1]["made_at"].date().isoformat()
    headers = {
        **PRIVATE,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}%20{day}.{kind}",
    }
    return Response(data, media_type=RESULTS[kind], headers=headers)


# --- behind them -----------------------------------------------------------------------------------


async def _invitation(request: AnyRequest, secret: str) -> dict[str, Any] | None:
    address = address_of(request)
    guesses.check(address)
    found = await invitation_by(secret)
    if found is None:
        guesses.miss(address)
    return found


async def _found(
    request: AnyRequest, secret: str, stack: UUID
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The invitation and its own stack; None for any other."""
    invitation = await _invitation(request, secret)
    if invitation is None:
        return None
    try:
        return invitation, await keeping.stack_of(invitation["id"], stack)
    except NotFound:
        guesses.miss(address_of(request))
        return None


async def _add(
    request: AnyRequest, row: Mapping[str, Any]
) -> tuple[list[Finding], JiangxinError | None]:
    wrong: list[Finding] = []
    try:
        form = await request.form()
    except ClientException:  # cut on the way, or no form at all
        return [Finding("/files", "stacks.nothing-sent", {})], None
    files = [one for one in form.getall("files", []) if isinstance(one, UploadFile)]
    files = [one for one in files if one.filename]
    if not files:
        wrong.append(Finding("/files", "stacks.nothing-sent", {}))
    for file in files:
        data = await file.read(bounds.FILE_BYTES + 1)
        try:
            if finding := await keeping.add_file(row, file.filename, data):
                wrong.append(finding)
        except JiangxinError as error:
            return wrong, error
    return wrong, None


def _told(
    request: AnyRequest, wrong: Sequence[Finding], error: JiangxinError | None
) -> Response[Any]:
    """For the page's script, which sends one file after the other."""
    language = language_of(request)
    said = [render_finding(finding, language) for finding in wrong]
    if error:
        said.append(translate(error.title, language, **error.params))
    status = HTTP_422_UNPROCESSABLE_ENTITY if said else HTTP_200_OK
    return Response({"wrong": said}, status_code=status, headers=PRIVATE)


async def _of_job(request: AnyRequest, secret: str, stack: UUID, act: Any) -> Response[Any]:
    found = await _found(request, secret, stack)
    if found is None:
        return _over(request)
    row = found[1]
    try:
        if row["job"] is None or row["forgotten_at"] or row["made_at"]:
            raise keeping.StackTaken()
        await act(SYSTEM, row["job"])
    except JiangxinError as error:
        return await _page(request, secret, row, error=error)
    return Redirect(f"/check/{secret}/{stack}", status_code=303)


async def _link(
    request: AnyRequest,
    secret: str,
    invitation: Mapping[str, Any],
    error: JiangxinError | None = None,
) -> Response[bytes]:
    stacks = (
        await Stack.select()
        .where(Stack.link == invitation["id"])
        .order_by(Stack.created_at, ascending=False)
        .limit(bounds.OPEN_STACKS + 20)
    )
    return _shown(
        request,
        "stacks/link.html",
        error=error,
        base=f"/check/{secret}",
        secret=secret,
        invitation=invitation,
        open=is_open(invitation, datetime.now(UTC)),
        stacks=stacks,
        bounds=bounds,
    )


async def _page(
    request: AnyRequest,
    secret: str,
    row: Mapping[str, Any],
    wrong: Sequence[Finding] = (),
    error: JiangxinError | None = None,
) -> Response[bytes]:
    job = await read_job(SYSTEM, row["job"]) if row["job"] else None
    files = []
    if job is None and row["wrapped_key"]:
        key = unwrap(row["wrapped_key"])
        files = [
            (keeping.about_of(key, each).name, each["size"])
            for each in await keeping.file_rows(row["id"])
        ]
    return _shown(
        request,
        "stacks/stack.html",
        error=error,
        base=f"/check/{secret}/{row['id']}",
        secret=secret,
        stack=row,
        job=job,
        files=files,
        wrong=wrong,
        bounds=bounds,
        refresh=REFRESH,
    )


def _shown(
    request: AnyRequest, template: str, *, error: JiangxinError | None, **values: Any
) -> Response[bytes]:
    wrong = values.get("wrong", ())
    status = error.status if error else HTTP_422_UNPROCESSABLE_ENTITY if wrong else HTTP_200_OK
    page = templates.render(request, template, status=status, error=error, **values)
    page.headers.update(PRIVATE)
    return page


def _over(request: AnyRequest) -> Response[bytes]:
    page = templates.render(
        request, "stacks/over.html", status=HTTP_404_NOT_FOUND, base=request.url.path
    )
    page.headers.update(PRIVATE)
    return page


HANDLERS = [link_page, begin, stack_page, add_files, send, cancel, again, result]
