"""Paper beyond the layout: pre-printed sheets with their calibration, documents, rare characters, and
the sheet of a ceremony. The issuer's grant decides in the actions."""

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile

from admin.console.certificates.calling import calling_sheet
from admin.console.certificates.changing import BASE
from admin.console.certificates.faces import about
from admin.console.certificates.printing import READS
from admin.console.certificates.room import address
from admin.console.frame import Form, Req, see_other, show
from contests.actions.common import scopes_of
from contests.routing import of_contest
from core.errors import Invalid, JiangxinError
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web.i18n import pick, translate
from core.web.language import language_of
from credentials.files import documents, glyphs, seals, stock
from credentials.files.stock import FIELDS, Place, Stock, millimetres
from credentials.scopes import issuer_scopes

_READ = [requires("certificate.read", of_contest)]
_NAMES = [requires(READS, of_contest)]
_BODY = 1024 * 1024
_HOW = (
    "Print this page at its own size, without fitting it to the page. Lay it over a sheet of your"
    " stock and hold both against the light. Measure how far a frame misses its place, to half a"
    " millimetre, and type that as the offset."
)


@get(BASE + "/paper", guards=_READ, include_in_schema=False)
async def paper_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


async def _page(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    *,
    typed: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """typed: the form that was refused."""
    by, known, language = actor_in(request), await about(contest), language_of(request)
    kept = await stock.stock_of(contest, known.issuer)
    rules = await documents.rules_of(known.issuer)
    return await show(
        request,
        "certificates/papers.html",
        room="certificates",
        contest=contest,
        error=error,
        about=known,
        named=by.may(READS, *await scopes_of(contest)),
        may_issue=bool(known.issuer)
        and by.may("certificate.issue", *await issuer_scopes(known.issuer)),
        values={**_written(kept), **(typed or {})},
        fields=[(name, translate(words, language)) for name, words in FIELDS.items()],
        kinds=[(kind.code, pick(kind.title, language)) for kind in documents.kinds()],
        rules=rules,
        shown=[(code, translate(words, language)) for code, words in documents.SHOWN.items()],
        glyphs=[_glyph(one) for one in await glyphs.glyphs_of(known.issuer)],
        me=by.account,
        seal=await seals.seal_of(known.issuer),
        batches=await seals.batches_of(contest, known.issuer),
    )


def _glyph(row: Mapping[str, Any]) -> dict[str, Any]:
    picture = base64.b64encode(row["picture"]).decode()
    return {**row, "place": f"U+{ord(row['character']):04X}", "shown": picture}


def _written(kept: Stock) -> dict[str, str]:
    lengths = {"width": kept.width, "height": kept.height, "right": kept.right, "down": kept.down}
    for name, place in kept.places.items():
        lengths |= {f"{name}-x": place.x, f"{name}-y": place.y, f"{name}-width": place.width}
    letters = {f"{name}-letters": str(place.letters) for name, place in kept.places.items()}
    return {name: f"{half / 2:g}" for name, half in lengths.items()} | letters


def typed_stock(typed: Mapping[str, str]) -> Stock:
    """As the form sends it; a field without a place is not printed. Raises Invalid with every length
    that can't be read."""
    wrong: list[Finding] = []

    def length(name: str) -> int:
        found = millimetres(typed.get(name, "") or "0")
        if found is None:
            params = {"given": typed.get(name, "")[:20]}
            wrong.append(Finding(f"/{name.partition('-')[0]}", "credentials.stock-half", params))
        return found or 0

    places = {
        name: Place(
            length(f"{name}-x"),
            length(f"{name}-y"),
            length(f"{name}-width"),
            _whole(typed.get(f"{name}-letters", "")),
        )
        for name in FIELDS
        if typed.get(f"{name}-x", "").strip()
    }
    width, height, right, down = map(length, ("width", "height", "right", "down"))
    if wrong:
        raise Invalid(wrong)
    return Stock(width, height, right, down, places)


def _whole(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text) < 6 else 0


@post(BASE + "/paper/stock", guards=_NAMES, include_in_schema=False)
async def keep_stock(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        issuer = (await about(contest)).issuer
        await stock.keep_stock(actor_in(request), contest, issuer, typed_stock(data))
    except JiangxinError as error:
        return await _page(request, contest, error, typed=data)
    return see_other(f"{address(contest)}/paper", "The sheet is kept.")


@get(BASE + "/paper/calibration", guards=_NAMES, include_in_schema=False)
async def calibration_page(request: Req, contest: UUID) -> Response[bytes]:
    language = language_of(request)
    said = {"title": "Calibration page", "how": _HOW, **FIELDS}
    kept = await stock.stock_of(contest, (await about(contest)).issuer)
    words = {name: translate(sentence, language) for name, sentence in said.items()}
    return _pdf(await stock.calibration(kept, language, words), "calibration")


@get(BASE + "/paper/calling", guards=_NAMES, include_in_schema=False)
async def calling_page(request: Req, contest: UUID) -> Response[bytes]:
    title = (await about(contest)).contest
    return _pdf(await calling_sheet(contest, title, language_of(request)), "calling")


def _pdf(made: bytes, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(made, media_type="application/pdf", headers=headers)


@post(BASE + "/paper/documents", guards=_NAMES, include_in_schema=False)
async def keep_documents(request: Req, contest: UUID, data: Form) -> Response[Any]:
    wanted = {kind.code: data.get(kind.code, "none") for kind in documents.kinds()}
    try:
        await documents.keep_rules(actor_in(request), (await about(contest)).issuer, wanted)
    except JiangxinError as error:
        return await _page(request, contest, error)
    return see_other(f"{address(contest)}/paper", "The rule for documents is kept.")


@post(BASE + "/paper/glyph", guards=_NAMES, include_in_schema=False, request_max_body_size=_BODY)
async def propose_glyph(request: Req, contest: UUID) -> Response[Any]:
    form = await request.form()
    typed = {name: str(form.get(name, "")).strip() for name in ("character", "source")}
    sent = form.get("picture")
    picture = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        issuer = (await about(contest)).issuer
        await glyphs.propose_glyph(
            actor_in(request), issuer, typed["character"], picture, source=typed["source"]
        )
    except JiangxinError as error:
        return await _page(request, contest, error, typed=typed)
    return see_other(f"{address(contest)}/paper", "The picture waits for a second person.")


@post(BASE + "/paper/approve", guards=_NAMES, include_in_schema=False)
async def approve_glyph(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        issuer = (await about(contest)).issuer
        await glyphs.approve_glyph(actor_in(request), issuer, data.get("character", ""))
    except JiangxinError as error:
        return await _page(request, contest, error)
    return see_other(
        f"{address(contest)}/paper", "The picture is approved and printed from now on."
    )


@post(BASE + "/paper/seal", guards=_NAMES, include_in_schema=False, request_max_body_size=_BODY)
async def keep_seal(request: Req, contest: UUID) -> Response[Any]:
    form = await request.form()
    keeper, sent = str(form.get("keeper", "")).strip(), form.get("seal-picture")
    picture = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        await seals.keep_seal(actor_in(request), (await about(contest)).issuer, picture, keeper)
    except JiangxinError as error:
        return await _page(request, contest, error, typed={"keeper": keeper})
    return see_other(
        f"{address(contest)}/paper", "The seal is kept. It is printed on no paper yet."
    )


@post(BASE + "/paper/batch", guards=_NAMES, include_in_schema=False)
async def ask_for_seal(request: Req, contest: UUID) -> Response[Any]:
    try:
        await seals.ask_for_seal(actor_in(request), contest, (await about(contest)).issuer)
    except JiangxinError as error:
        return await _page(request, contest, error)
    return see_other(f"{address(contest)}/paper", "The batch waits for who keeps the seal.")


@post(BASE + "/paper/batch/{batch:uuid}", guards=_READ, include_in_schema=False)
async def release_seal(request: Req, contest: UUID, batch: UUID) -> Response[Any]:
    """Only the keeper; the action asks."""
    try:
        issuer = (await about(contest)).issuer
        count = await seals.release_seal(actor_in(request), issuer, batch)
    except JiangxinError as error:
        return await _page(request, contest, error)
    return see_other(
        f"{address(contest)}/paper", "The seal stands on {count} certificates.", count=count
    )


HANDLERS = [
    paper_page,
    keep_stock,
    calibration_page,
    calling_page,
    keep_documents,
    propose_glyph,
    approve_glyph,
    keep_seal,
    ask_for_seal,
    release_seal,
]
