"""An employer's page: keys, lists, what is followed, where news goes. And the way in by an invitation.

Real imports throughout: litestar reads these annotations at run time.
"""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, head, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from core.errors import Invalid, JiangxinError, NotFound, TooMany
from core.findings import render as render_finding
from core.scoring.model import Finding
from core.security import actor_in, logged_in
from core.signing_in.devices import device_of
from core.web import assets, i18n, templates
from core.web.language import language_of
from core.web.limits import rate_limit
from core.web.session import session_cookie
from credentials.employers import counting, following, invitations, keys, messages, webhooks
from credentials.employers.access import employer_of, employers_of, of_employer
from credentials.employers.api import download
from credentials.employers.spreadsheet import LARGEST, check_list
from credentials.employers.words import ANSWERS, CHANGES, KEY_STATES, SCOPES, STATES

HERE = Path(__file__).parent
Req = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
DAYS = (30, 90, 180, 366)
OVERLAPS = (0, 1, 24, 72, 24 * 14)
SHOWN = 200
_OWN = [of_employer]
_OFTEN = [of_employer, rate_limit(30)]
_BULK = [of_employer, rate_limit(6)]


def register() -> None:
    """Names templates, styles and sentences to the web layer; twice does no harm."""
    messages.install()
    assets.register("credentials/employers", HERE / "static")
    templates.register("employers", HERE / "templates")
    i18n.register(HERE / "locale")


# --- the way in --------------------------------------------------------------------------------


@get("/employers/join/{token:str}", include_in_schema=False, guards=[rate_limit(60)])
async def invitation_page(request: Req, token: str) -> Response[bytes]:
    """Shows a form and uses nothing up: chat programs open links to preview them."""
    return await _joining(request, token, {})


@head("/employers/join/{token:str}", include_in_schema=False)
async def preview_invitation(token: str) -> None:
    """Some previews only ask for the headers; the answer says nothing about the link."""


@post("/employers/join/{token:str}", include_in_schema=False, guards=[rate_limit(20, burst=10)])
async def join(request: Req, token: str, data: Form) -> Response[Any]:
    try:
        employer, session = await invitations.join(
            token,
            login=data.get("login", ""),
            label=data.get("label", ""),
            password=data.get("password", ""),
            language=language_of(request),
            device=device_of(request),
        )
    except Invalid as error:
        return await _joining(request, token, data, error)
    address = f"/employers/{employer}"
    return Redirect(address, status_code=303, cookies=[session_cookie(session)])


async def _joining(
    request: Req, token: str, typed: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    title = await invitations.look_at(token)
    return _show(request, "employers/join.html", error, title=title, typed=typed)


# --- the page ----------------------------------------------------------------------------------


@get("/employers", include_in_schema=False, guards=[logged_in])
async def doors(request: Req) -> Response[Any]:
    """To the reader's own employer; a choice for who belongs to several."""
    found = await employers_of(actor_in(request))
    if len(found) == 1:
        return Redirect(f"/employers/{found[0].id}", status_code=303)
    return _show(request, "employers/doors.html", None, found=found)


@get("/employers/{employer:uuid}", include_in_schema=False, guards=_OWN)
async def home(request: Req, employer: UUID) -> Response[bytes]:
    return await _page(request, employer)


@get(
    [
        "/employers/{employer:uuid}/keys",
        "/employers/{employer:uuid}/keys/{key:uuid}/rotate",
        "/employers/{employer:uuid}/spreadsheet",
        "/employers/{employer:uuid}/follows",
        "/employers/{employer:uuid}/webhooks",
        "/employers/{employer:uuid}/webhooks/{webhook:uuid}/{verb:str}",
    ],
    include_in_schema=False,
    guards=_OWN,
)
async def after_a_step(request: Req, employer: UUID) -> Redirect:
    """Where a step was posted to there is nothing to read; the other language of its answer leads here."""
    chosen = request.query_params.get("lang", "")
    query = {"lang": chosen} if chosen in i18n.LANGUAGES else {}
    return Redirect(f"/employers/{employer}", query_params=query, status_code=303)


@post("/employers/{employer:uuid}/keys", include_in_schema=False, guards=_OFTEN)
async def make_key(request: Req, employer: UUID) -> Response[Any]:
    """The key is on this answer and nowhere else."""
    form = await request.form()
    typed = {"name": str(form.get("name", "")), "days": str(form.get("days", ""))}
    scopes = [scope for scope in keys.SCOPES if form.get(f"scope-{scope}")]
    try:
        made = await keys.make_key(
            actor_in(request),
            employer,
            name=typed["name"],
            scopes=scopes,
            days=_number(typed["days"]),
        )
    except JiangxinError as error:
        return await _page(request, employer, error, typed | {"scopes": ",".join(scopes)})
    return await _once(request, employer, kind="key", secret=made.text, name=made.name)


@post("/employers/{employer:uuid}/keys/{key:uuid}/rotate", include_in_schema=False, guards=_OFTEN)
async def rotate(request: Req, employer: UUID, key: UUID, data: Form) -> Response[Any]:
    try:
        made = await keys.rotate_key(
            actor_in(request), employer, key, hours=_number(data.get("hours", ""))
        )
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, employer, error)
    return await _once(request, employer, kind="key", secret=made.text, name=made.name)


@post("/employers/{employer:uuid}/keys/{key:uuid}/revoke", include_in_schema=False, guards=_OFTEN)
async def revoke(request: Req, employer: UUID, key: UUID) -> Response[Any]:
    await keys.revoke_key(actor_in(request), employer, key)
    return _back(employer, "keys")


@post(
    "/employers/{employer:uuid}/spreadsheet",
    include_in_schema=False,
    guards=_BULK,
    request_max_body_size=LARGEST + 64 * 1024,
)
async def check(request: Req, employer: UUID) -> Response[Any]:
    form = await request.form()
    file = form.get("file")
    try:
        data = await file.read() if isinstance(file, UploadFile) else b""
        if not data:
            raise Invalid([Finding("/file", "credentials.list-missing", {})])
        made = await check_list(data, organisation=employer, language=language_of(request))
    except JiangxinError as error:
        return await _page(request, employer, _at(error, "/file"))
    return download(made)


@post("/employers/{employer:uuid}/follows", include_in_schema=False, guards=_OFTEN)
async def follow(request: Req, employer: UUID, data: Form) -> Response[Any]:
    try:
        await following.follow(employer, data.get("certificate", ""), data.get("holder", ""))
    except JiangxinError as error:
        return await _page(request, employer, error, data)
    return _back(employer, "follows")


@post("/employers/{employer:uuid}/follows/{id:str}/end", include_in_schema=False, guards=_OFTEN)
async def unfollow(request: Req, employer: UUID, id: str) -> Response[Any]:
    await following.unfollow(employer, id)
    return _back(employer, "follows")


@post("/employers/{employer:uuid}/webhooks", include_in_schema=False, guards=_OFTEN)
async def add_webhook(request: Req, employer: UUID, data: Form) -> Response[Any]:
    """The secret is on this answer and nowhere else."""
    try:
        made = await webhooks.add_webhook(actor_in(request), employer, data.get("address", ""))
    except JiangxinError as error:
        return await _page(request, employer, error, data)
    return await _once(request, employer, kind="webhook", secret=made.secret, name=made.address)


@post(
    "/employers/{employer:uuid}/webhooks/{webhook:uuid}/{verb:str}",
    include_in_schema=False,
    guards=_OFTEN,
)
async def change_webhook(request: Req, employer: UUID, webhook: UUID, verb: str) -> Response[Any]:
    """verb: test, on or remove."""
    by = actor_in(request)
    try:
        if verb == "test":
            await webhooks.try_out(employer, webhook)
        elif verb == "on":
            await webhooks.switch_on(by, employer, webhook)
        elif verb == "remove":
            await webhooks.remove_webhook(by, employer, webhook)
        else:
            raise NotFound(kind="step", id=verb[:20])
    except webhooks.SwitchedOff as error:
        return await _page(request, employer, error)
    return _back(employer, "webhooks")


HANDLERS = [
    invitation_page,
    preview_invitation,
    join,
    doors,
    home,
    after_a_step,
    make_key,
    rotate,
    revoke,
    check,
    follow,
    unfollow,
    add_webhook,
    change_webhook,
]


async def _page(
    request: Req,
    employer: UUID,
    error: JiangxinError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    known = await keys.keys_of(employer)
    return _show(
        request,
        "employers/home.html",
        error,
        employer=await employer_of(actor_in(request), employer),
        checks=await counting.checked(employer, days=30),
        keys=[one for one in known if one.state in ("in_use", "ending")],
        ended=[one for one in known if one.state not in ("in_use", "ending")][:SHOWN],
        follows=await following.followed_by(employer, limit=SHOWN),
        hooks=await webhooks.webhooks_of(employer),
        typed=typed or {},
        days=DAYS,
        overlaps=OVERLAPS,
        scope_words=SCOPES,
        state_words=STATES,
        change_words=CHANGES,
        answer_words=ANSWERS,
        key_words=KEY_STATES,
    )


async def _once(
    request: Req, employer: UUID, *, kind: str, secret: str, name: str
) -> Response[bytes]:
    known = await employer_of(actor_in(request), employer)
    values = {"kind": kind, "secret": secret, "called": name, "employer": known}
    return _show(request, "employers/once.html", None, **values)


def _show(
    request: Req, template: str, error: JiangxinError | None, **values: Any
) -> Response[bytes]:
    """problem: the sentence and the findings, by place."""
    language = language_of(request)
    problem = None
    if error is not None:
        problem = {
            "sentence": i18n.translate(error.title, language, **error.params),
            "findings": [(f.pointer, render_finding(f, language)) for f in error.findings],
        }
    response = templates.render(
        request, template, status=error.status if error else 200, problem=problem, **values
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = error.params["seconds"]
    return response


def _at(error: JiangxinError, pointer: str) -> JiangxinError:
    """A finding about the whole file stands at the form's field."""
    error.findings = [Finding(pointer, f.code, f.params) for f in error.findings]
    return error


def _back(employer: UUID, part: str) -> Redirect:
    return Redirect(f"/employers/{employer}#{part}", status_code=303)


def _number(text: str) -> int:
    """-1 for what is no number: a form of ours sends nothing else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
