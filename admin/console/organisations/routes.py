"""The room of organisations: what each is called in four languages, and where questions are answered."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers.base import BaseRouteHandler

from admin.console.frame import Form, Req, see_other, show
from core.errors import Forbidden, JiangxinError, NotFound
from core.filing import typed_filing
from core.organisations import (
    change_filing,
    change_organisation,
    create_organisation,
    description_of,
)
from core.registry import registry
from core.scoring.model import Text
from core.security import INSTALLATION, Actor, Connection, Scope, actor_in, check, requires
from core.skill_levels import ALL_LEVELS
from core.tables import Organisation
from core.web import templates
from core.web.i18n import LANGUAGES, NAMES
from credentials.occupations.looking import titles_of, unlisted
from credentials.occupations.reading import code_of

HERE = Path(__file__).parent
ROOM = "/console/organisations"
MAY = "organisation.describe"
_BLANK = typed_filing({})
KINDS: Mapping[str, str] = {
    "organiser": "It runs contests",
    "assessment_body": "It certifies skill levels",
    "authority": "It confers titles and honours",
}
"""What is added here; employers come by an invitation."""


async def describes_some(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard: the permission somewhere; page and action ask where."""
    if not actor_in(connection).may_somewhere(MAY):
        raise Forbidden(permission=MAY)


_GUARDS = [describes_some]


def register() -> None:
    templates.register("organisations", HERE / "templates")


@get(ROOM, guards=_GUARDS, include_in_schema=False)
async def organisations_page(request: Req) -> Response[bytes]:
    return await _list(request)


@post(ROOM, guards=[requires("organisation.manage")], include_in_schema=False)
async def add(request: Req, data: Form) -> Response[Any]:
    """An organiser, an assessment body or an authority; who acts for it is given a role afterwards."""
    title = {one: said for one in LANGUAGES if (said := data.get(f"title/{one}", "").strip())}
    try:
        made = await create_organisation(
            actor_in(request),
            code=data.get("code", "").strip(),
            title=title,
            kind=data.get("kind", ""),
        )
    except JiangxinError as error:
        return await _list(request, error, data)
    return see_other(f"{ROOM}/{made}", "The organisation is added. Give somebody a role in it under “People with accounts”.")  # fmt: skip


async def _list(
    request: Req, error: JiangxinError | None = None, typed: Mapping[str, str] | None = None
) -> Response[bytes]:
    by = actor_in(request)
    rows = await Organisation.select().order_by(Organisation.code)
    found = [
        {"id": row["id"], "code": row["code"], **description_of(row)}
        for row in rows
        if by.may(MAY, _scope(row["id"]))
    ]
    return await show(
        request,
        "organisations/list.html",
        room="organisations",
        error=error,
        found=found,
        typed=typed or {},
        may_add=by.may("organisation.manage", INSTALLATION),
        kinds=KINDS,
        authorities=_authorities(),
        tongues=[(code, NAMES[code]) for code in LANGUAGES],
    )


@get(f"{ROOM}/{{organisation:uuid}}", guards=_GUARDS, include_in_schema=False)
async def organisation_page(request: Req, organisation: UUID) -> Response[bytes]:
    return await _page(request, organisation)


@post(f"{ROOM}/{{organisation:uuid}}", guards=_GUARDS, include_in_schema=False)
async def change(request: Req, organisation: UUID, data: Form) -> Response[Any]:
    typed = _typed(data)
    try:
        await change_organisation(actor_in(request), organisation, **typed)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, organisation, error, typed)
    return see_other(f"{ROOM}/{organisation}", "The organisation's details are saved.")


@post(
    f"{ROOM}/{{organisation:uuid}}/filing",
    guards=[requires("organisation.manage")],
    include_in_schema=False,
)
async def file_body(request: Req, organisation: UUID, data: Form) -> Response[Any]:
    """What an assessment body is filed for; not its own to change."""
    filing = typed_filing(data)
    added = [code for code in [code_of(data.get("occupation", ""))] if code]
    filing["occupations"] = list(dict.fromkeys([*filing["occupations"], *added]))
    filing["levels"] = [code for code in ALL_LEVELS if data.get(f"level/{code}") == "yes"]
    try:
        await change_filing(actor_in(request), organisation, filing)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, organisation, error, filing=filing)
    return see_other(f"{ROOM}/{organisation}", "The filing is saved.")


def _authorities() -> dict[str, Text]:
    """The codes under which partner rules look for an authority, and what they call it."""
    found: dict[str, Text] = {}
    for partner in registry().partners():
        found |= {kind.authority: kind.authority_title for kind in partner.honours()}
        found |= {output.issuer: output.issuer_title for output in partner.outputs()}
    return {code.replace("_", "-"): title for code, title in found.items() if code}


async def _page(
    request: Req,
    organisation: UUID,
    error: JiangxinError | None = None,
    typed: dict[str, Any] | None = None,
    filing: dict[str, Any] | None = None,
) -> Response[bytes]:
    row = await _row(actor_in(request), organisation)
    filed = _BLANK | (json.loads(row["filing"] or "{}") if filing is None else filing)
    return await show(
        request,
        "organisations/edit.html",
        room="organisations",
        error=error,
        organisation=organisation,
        code=row["code"],
        now=description_of(row),
        values=typed or description_of(row),
        files=row["kind"] == "assessment_body",
        may_file=actor_in(request).may("organisation.manage", INSTALLATION),
        filed=bool(row["filing"]),
        filing=filed,
        occupation_titles=await titles_of(filed["occupations"]),
        unlisted=await unlisted(filed["occupations"], "/occupations"),
        levels=ALL_LEVELS,
        tongues=[(code, NAMES[code]) for code in LANGUAGES],
    )


async def _row(by: Actor, organisation: UUID) -> dict[str, Any]:
    check(by, MAY, _scope(organisation))
    row = await Organisation.select().where(Organisation.id == organisation).first()
    if row is None:
        raise NotFound(kind="organisation", id=organisation)
    return dict(row)


def _typed(data: dict[str, str]) -> dict[str, Any]:
    return {
        "title": {one: data.get(f"title/{one}", "") for one in LANGUAGES},
        "telephone": data.get("telephone", ""),
        "hours": {one: data.get(f"hours/{one}", "") for one in LANGUAGES},
    }


def _scope(organisation: UUID) -> Scope:
    return Scope("organisation", str(organisation))


HANDLERS = [organisations_page, add, organisation_page, change, file_body]
