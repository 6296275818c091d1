"""Files behind an honour or an application: handed in, and opened by whoever may."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, post

from admin.console.competitions.forms import uploaded
from admin.console.frame import Req
from admin.console.honours.guards import somewhere
from core.security import actor_in
from core.web.headers import policy
from credentials.records.bodies import ACTS, READS
from credentials.records.papers.keeping import Opened
from credentials.records.papers.of_records import (
    add_to_application,
    add_to_honour,
    open_of_application,
    open_of_honour,
)

HONOUR = "/console/honours/{case:uuid}/files"
APPLICATION = "/console/applications/{application:uuid}/files"
_READS, _ACTS = [somewhere(READS)], [somewhere(ACTS)]


async def hand_in_for_honour(request: Req, case: UUID) -> None:
    name, content, _ = await uploaded(request)
    await add_to_honour(actor_in(request), case, name, content)


async def hand_in_for_application(request: Req, application: UUID) -> None:
    name, content, _ = await uploaded(request)
    await add_to_application(actor_in(request), application, name, content)


@post(HONOUR + "/{file:uuid}", guards=_READS, include_in_schema=False, status_code=200)
async def open_honour_file(request: Req, case: UUID, file: UUID) -> Response[bytes]:
    return _sent(await open_of_honour(actor_in(request), case, file))


@post(APPLICATION + "/{file:uuid}", guards=_READS, include_in_schema=False, status_code=200)
async def open_application_file(request: Req, application: UUID, file: UUID) -> Response[bytes]:
    return _sent(await open_of_application(actor_in(request), application, file))


def _sent(found: Opened) -> Response[Any]:
    """Saved and never shown in our pages: what is in it is a stranger's."""
    name = f"evidence-{found.hash[:12]}.{found.ending}"
    return Response(
        found.content,
        media_type=found.media,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": policy() + "; sandbox",
            "Cache-Control": "no-store",
        },
    )


HANDLERS = [open_honour_file, open_application_file]
