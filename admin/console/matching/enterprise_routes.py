"""Enterprises: let in by a link or by their own account, and forgotten on request.

Real imports throughout: litestar reads these annotations at run time.
"""

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other
from admin.console.matching.shared import BASE, DISPATCHES, HOUSE, READS, links_page, room
from core.errors import JiangxinError, NotFound
from core.scoring.model import Text
from core.security import actor_in
from core.tables import Organisation
from credentials.matching import forms
from credentials.matching.enterprises import (
    CONTACT_DAYS,
    enterprises_of,
    forget_enterprise,
    invite_again,
    invite_enterprise,
)


@get(f"{BASE}/enterprises", guards=READS, include_in_schema=False)
async def enterprises_page(request: Req, organisation: UUID) -> Response[bytes]:
    return await _page(request, organisation)


@post(f"{BASE}/enterprises", guards=DISPATCHES, include_in_schema=False)
async def invite(request: Req, organisation: UUID, data: Form) -> Response[Any]:
    """The link is on this answer and nowhere else."""
    name, days = forms.plain(data.get("name")), forms.narrow(data.get("contact_days"))
    employer = data.get("employer", "")
    try:
        address = await invite_enterprise(
            actor_in(request),
            organisation,
            name=name,
            contact_days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
            employer=_uuid(employer) if employer else None,
        )
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, organisation, error, typed=(name, days, employer))
    return await _link(request, organisation, name, address)


@post(f"{BASE}/enterprises/{{enterprise:uuid}}/link", guards=DISPATCHES, include_in_schema=False)
async def another_link(request: Req, organisation: UUID, enterprise: UUID) -> Response[Any]:
    by = actor_in(request)
    address = await invite_again(by, organisation, enterprise)
    name = next(one.name for one in await enterprises_of(by, organisation) if one.id == enterprise)
    return await _link(request, organisation, name, address)


@post(f"{BASE}/enterprises/{{enterprise:uuid}}/forget", guards=DISPATCHES, include_in_schema=False)
async def forget(request: Req, organisation: UUID, enterprise: UUID) -> Response[Any]:
    await forget_enterprise(actor_in(request), organisation, enterprise)
    return see_other(
        f"{HOUSE}/{organisation}/enterprises",
        "The enterprise is forgotten; only its figures remain.",
    )


async def _link(request: Req, organisation: UUID, name: str, address: str) -> Response[bytes]:
    back = f"{HOUSE}/{organisation}/enterprises"
    return await links_page(request, organisation, "enterprises", [(name, address)], back=back)


async def _page(
    request: Req,
    organisation: UUID,
    error: JiangxinError | None = None,
    *,
    typed: tuple[str, str, str] = ("", str(CONTACT_DAYS), ""),
) -> Response[bytes]:
    return await room(
        request,
        "enterprises.html",
        organisation,
        "enterprises",
        error=error,
        found=await enterprises_of(actor_in(request), organisation),
        employers=await _employers(),
        typed=typed,
    )


async def _employers() -> list[tuple[UUID, Text]]:
    rows = (
        await Organisation.select()
        .where(Organisation.kind == "employer")
        .order_by(Organisation.code)
    )
    return [(row["id"], json.loads(row["title"])) for row in rows]


def _uuid(sent: str) -> UUID:
    """One that is nobody's for what is no id, so that the form says so."""
    try:
        return UUID(sent)
    except ValueError:
        return UUID(int=0)


HANDLERS = [enterprises_page, invite, another_link, forget]
