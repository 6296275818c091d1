"""The rooms about people: entrants of a contest, delegations of a competition, and their imports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other, show
from admin.console.people import delegations, importing
from admin.console.people.importing import XLSX, download
from admin.console.people.reading import (
    documents_shown,
    fields_of,
    key,
    shown_value,
    typed_members,
    unshown_in,
)
from admin.console.people.words import GROUPS, VERDICTS
from contests.entering import badges, exporting, forms, photos
from contests.entering.checking import eligibility
from contests.entering.columns import ENTRANTS
from contests.entering.load import known_for, surroundings_of
from contests.entering.roll import roll_of
from contests.routing import of_contest
from core.errors import Invalid, JiangxinError
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web import assets, templates
from core.web.language import language_of

HERE = Path(__file__).parent
_ENTER = [requires("contest.enter", of_contest)]
_NAMES = [requires("identity.read", of_contest)]
_BASE = "/console/contests/{contest:uuid}/people"
_MEMBER = tuple(f for f in ENTRANTS if f.code not in forms.SHARED)


def register() -> None:
    assets.register("admin/people", HERE / "static")
    templates.register("people", HERE / "templates")


@get(_BASE, guards=_ENTER, include_in_schema=False)
async def entrants(request: Req, contest: UUID) -> Response[bytes]:
    return await _list(request, contest)


@post(f"{_BASE}/numbers", guards=_ENTER, include_in_schema=False, status_code=200)
async def numbers(request: Req, contest: UUID) -> Response[Any]:
    try:
        count = await forms.number_entries(actor_in(request), contest)
    except JiangxinError as error:
        return await _list(request, contest, error)
    return see_other(
        f"/console/contests/{contest}/people", "{count} entries got numbers.", count=count
    )


@get(f"{_BASE}/new", guards=_ENTER, include_in_schema=False)
async def new(request: Req, contest: UUID) -> Response[bytes]:
    return await _form(
        request, contest, shared=dict.fromkeys(forms.SHARED, ""), members=[{}], persons=[None]
    )


@post(f"{_BASE}/new", guards=_ENTER, include_in_schema=False, status_code=200)
async def add(request: Req, contest: UUID) -> Response[Any]:
    texts, _ = await fields_of(request)
    shared, members, persons = typed_members(texts)
    typed: dict[str, Any] = {"shared": shared, "members": members, "persons": persons}
    if "more" in texts:
        members.append({})
        persons.append(None)
        return await _form(request, contest, **typed)
    by = actor_in(request)
    try:
        entry = await forms.add_entrant(
            by, contest, shared, members, confirmed=texts.get("confirmed") == "yes"
        )
    except JiangxinError as error:
        return await _form(request, contest, error=error, **typed)
    undo = f"/console/contests/{contest}/people/{entry}/withdraw"
    return see_other(f"/console/contests/{contest}/people", "Entered.", undo=undo)


@get(_BASE + "/{entry:uuid}", guards=[*_ENTER, *_NAMES], include_in_schema=False)
async def one(request: Req, contest: UUID, entry: UUID) -> Response[bytes]:
    return await _entry(request, contest, entry)


@post(_BASE + "/{entry:uuid}", guards=[*_ENTER, *_NAMES], include_in_schema=False, status_code=200)
async def change(request: Req, contest: UUID, entry: UUID) -> Response[Any]:
    texts, _ = await fields_of(request)
    shared, members, persons = typed_members(texts)
    typed: dict[str, Any] = {"shared": shared, "members": members, "persons": persons}
    if "more" in texts:
        members.append({})
        persons.append(None)
        return await _entry(request, contest, entry, **typed)
    try:
        fields = await forms.change_entrant(
            actor_in(request), contest, entry, shared, members, persons
        )
    except JiangxinError as error:
        return await _entry(request, contest, entry, error=error, **typed)
    words = "Saved." if fields else "Nothing was changed."
    return see_other(f"/console/contests/{contest}/people/{entry}", words)


@post(_BASE + "/{entry:uuid}/withdraw", guards=_ENTER, include_in_schema=False, status_code=200)
async def withdraw(request: Req, contest: UUID, entry: UUID) -> Response[Any]:
    try:
        await forms.withdraw_entrant(actor_in(request), contest, entry)
    except JiangxinError as error:
        return await _list(request, contest, error)
    undo = f"/console/contests/{contest}/people/{entry}/readmit"
    return see_other(f"/console/contests/{contest}/people", "Withdrawn.", undo=undo)


@post(_BASE + "/{entry:uuid}/readmit", guards=_ENTER, include_in_schema=False, status_code=200)
async def readmit(request: Req, contest: UUID, entry: UUID) -> Response[Any]:
    try:
        await forms.readmit(actor_in(request), contest, entry)
    except JiangxinError as error:
        return await _list(request, contest, error)
    return see_other(f"/console/contests/{contest}/people", "Entered again.")


# --- photos --------------------------------------------------------------------------------------


@get(f"{_BASE}/photos", guards=[*_ENTER, *_NAMES], include_in_schema=False)
async def photos_page(request: Req, contest: UUID) -> Response[bytes]:
    return await show(request, "people/photos.html", room="people", contest=contest, matched=None)


@post(f"{_BASE}/photos", guards=[*_ENTER, *_NAMES], include_in_schema=False, status_code=200)
async def take_photos(request: Req, contest: UUID) -> Response[bytes]:
    """Shows what was matched and what was not, at once."""
    _, files = await fields_of(request)
    matched, error = None, None
    try:
        data = await files["file"].read() if "file" in files else b""
        matched = await photos.take_zip(actor_in(request), contest, data)
    except JiangxinError as refused:
        error = refused
    return await show(
        request, "people/photos.html", room="people", contest=contest, matched=matched, error=error
    )


@get(_BASE + "/{entry:uuid}/photos/{person:uuid}", guards=_NAMES, include_in_schema=False)
async def photo(request: Req, contest: UUID, entry: UUID, person: UUID) -> Response[bytes]:
    data = await photos.photo_of(actor_in(request), contest, entry, person)
    headers = {"Cache-Control": "private, no-store"}
    return Response(data, media_type="image/jpeg", headers=headers)


@post(
    _BASE + "/{entry:uuid}/photos/{person:uuid}",
    guards=[*_ENTER, *_NAMES],
    include_in_schema=False,
    status_code=200,
)
async def set_photo(request: Req, contest: UUID, entry: UUID, person: UUID) -> Response[Any]:
    texts, files = await fields_of(request)
    by = actor_in(request)
    try:
        if "remove" in texts:
            await photos.remove_photo(by, contest, entry, person)
        else:
            data = await files["photo"].read() if "photo" in files else b""
            await photos.set_photo(by, contest, entry, person, data)
    except JiangxinError as error:
        return await _entry(request, contest, entry, error=error)
    return see_other(f"/console/contests/{contest}/people/{entry}", "Saved.")


# --- out of the house ----------------------------------------------------------------------------


@post(f"{_BASE}/export", guards=[*_ENTER, *_NAMES], include_in_schema=False, status_code=200)
async def export(request: Req, contest: UUID) -> Response[bytes]:
    """A file with names: asked for by a form, because the look is put on record."""
    texts, _ = await fields_of(request)
    language = language_of(request)
    documents = texts.get("documents") == "yes"
    table = await exporting.entrants_table(
        actor_in(request), contest, language, documents=documents
    )
    stem = await exporting.file_stem(contest)
    if texts.get("format") == "csv":
        return download(exporting.csv_text(table), "text/csv; charset=utf-8", f"{stem}.csv")
    return download(exporting.xlsx(table, stem), XLSX, f"{stem}.xlsx")


@post(f"{_BASE}/badges", guards=[*_ENTER, *_NAMES], include_in_schema=False, status_code=200)
async def badges_pdf(request: Req, contest: UUID) -> Response[bytes]:
    try:
        data = await badges.badges(
            actor_in(request), contest, language_of(request), at=datetime.now(UTC)
        )
    except JiangxinError as error:
        return await _list(request, contest, error)
    return download(data, "application/pdf", "badges.pdf")


@post(f"{_BASE}/seat-cards", guards=_ENTER, include_in_schema=False, status_code=200)
async def seat_cards_pdf(request: Req, contest: UUID) -> Response[bytes]:
    try:
        data = await badges.seat_cards(
            actor_in(request), contest, language_of(request), at=datetime.now(UTC)
        )
    except JiangxinError as error:
        return await _list(request, contest, error)
    return download(data, "application/pdf", "seat-cards.pdf")


# --- pages ---------------------------------------------------------------------------------------


async def _list(request: Req, contest: UUID, error: JiangxinError | None = None) -> Response[bytes]:
    asked = request.query_params
    page = asked.get("page", "")
    roll = await roll_of(
        actor_in(request),
        contest,
        search=asked.get("q", ""),
        show=asked.get("show", ""),
        page=int(page) if page.isdigit() else 1,
    )
    return await show(
        request, "people/list.html", room="people", contest=contest, error=error, roll=roll,
        q=asked.get("q", ""), shown=asked.get("show", ""), groups=GROUPS,
    )  # fmt: skip


async def _form(
    request: Req,
    contest: UUID,
    *,
    shared: dict[str, str],
    members: list[dict[str, str]],
    persons: list[UUID | None],
    error: JiangxinError | None = None,
    **more: Any,
) -> Response[bytes]:
    known = await surroundings_of(contest)
    choices = await exporting.template_choices("", None, language_of(request))
    values: dict[str, Any] = {
        "entry": None, "held": [], "clauses": [], "verdicts": VERDICTS, "withdrawn": False, **more,
    }  # fmt: skip
    return await show(
        request,
        "people/entry.html",
        room="people",
        contest=contest,
        error=error,
        shared=shared,
        members=list(zip(members, persons, strict=True)),
        member_fields=_MEMBER,
        key=key,
        unshown=unshown_in(members),
        delegations=known.delegations,
        groups=known.groups,
        group_words=GROUPS,
        offered={code: choices[code] for code in ("document_kind", "gender")},
        confirm=bool(error and any(f.pointer == "/confirmed" for f in error.findings)),
        **values,
    )


async def _entry(
    request: Req,
    contest: UUID,
    entry: UUID,
    *,
    shared: dict[str, str] | None = None,
    members: list[dict[str, str]] | None = None,
    persons: list[UUID | None] | None = None,
    error: JiangxinError | None = None,
) -> Response[bytes]:
    by, language = actor_in(request), language_of(request)
    held = await forms.entry_of(by, contest, entry)
    known = await known_for(contest)
    having = await photos.persons_with_photo([held])
    if shared is None or members is None or persons is None:
        shared = {
            "number": held.number,
            "group": held.group,
            "delegation": shown_value("delegation", held.delegation or "", known, language),
            "team": held.team.get("zh-Hans", ""),
            "reserve": "yes" if held.reserve else "",
        }
        members = [
            {"name": m.name, **{c: shown_value(c, v, known, language) for c, v in m.facts.items()}}
            for m in held.members
        ]
        persons = [m.person for m in held.members]
    if not members:
        raise Invalid([Finding("", "people-no-entrants", {})])
    return await _form(
        request,
        contest,
        shared=shared,
        members=members,
        persons=persons,
        error=error,
        entry=held,
        held=[
            (m, documents_shown(m.documents, language), m.person in having) for m in held.members
        ],
        clauses=[
            (m.name, eligibility(m.facts, m.documents, held.group, held.delegation, known))
            for m in held.members
        ],
        withdrawn=held.status == "withdrawn",
    )


HANDLERS = [
    entrants, numbers, new, add, one, change, withdraw, readmit, photos_page, take_photos, photo,
    set_photo, export, badges_pdf, seat_cards_pdf, *importing.HANDLERS, *delegations.HANDLERS,
]  # fmt: skip
