"""Pictures in and out, by the hash of their content."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, put
from litestar.params import Parameter

from contests.judging.tablets import pictures
from contests.judging.tablets.guards import tablet, tablet_if_any, tablet_in, tablet_or_session
from contests.judging.tablets.routes.tablet import SECURITY, TAG
from contests.routing import described, of_contest
from core.errors import TooLarge
from core.web.limits import rate_limit

Req = Request[Any, Any, Any]
Sha256 = Annotated[
    str,
    Parameter(
        pattern=r"^[0-9a-f]{64}$",
        description="Hex SHA-256 of the content.",
    ),
]
_CONTROL = tablet_or_session("contest.control", within=of_contest)


@put(
    "/judging/tablet/pictures/{contest:uuid}/{sha256:str}",
    guards=[tablet, rate_limit(240, burst=120)],
    status_code=204,
    security=SECURITY,
    operation_id="put_picture",
    **described(
        "Send a picture that a sheet names",
        TAG,
        *(403, 409, 413, 422, 429),
        description="The raw content, at most 2 MB: JPEG, PNG, WebP, or an instrument's text file. "
        "What it is, its first bytes say. Sending it again changes nothing.",
    ),
)
async def put_picture(request: Req, contest: UUID, sha256: Sha256) -> None:
    content = await content_of(request)
    await pictures.store_from_tablet(
        tablet_in(request), contest, sha256, content, now=datetime.now(UTC)
    )


@get(
    "/judging/tablet/pictures/{contest:uuid}/{sha256:str}",
    guards=[_CONTROL],
    security=[*SECURITY, {"bearer": []}, {"cookie": []}],
    operation_id="get_picture",
    media_type="application/octet-stream",
    **described(
        "Get a picture",
        TAG,
        *(403, 404),
        description="For the tablet that sent it, a tablet on which its judge has signed in, and "
        "the contest's control room.",
    ),
)
async def get_picture(request: Req, contest: UUID, sha256: Sha256) -> Response[bytes]:
    own = tablet_if_any(request)
    found = (
        await pictures.read_on_tablet(own, contest, sha256)
        if own is not None
        else await pictures.read_picture(contest, sha256)
    )
    return shown(found, sha256)


def shown(found: pictures.StoredPicture, sha256: str) -> Response[bytes]:
    """Never as a page: an image or a download, whatever bytes follow its first ones."""
    inline = found.media_type != pictures.TEXT
    name = f"{sha256[:16]}.{pictures.SUFFIXES[found.media_type]}"
    return Response(
        found.content,
        media_type=found.media_type,
        headers={
            "Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=86400, immutable",
            "Vary": "Authorization, Cookie",
        },
    )


async def content_of(request: Req) -> bytes:
    """Stops reading where it is too much."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > pictures.MOST_BYTES:
            raise TooLarge(limit=f"{pictures.MOST_BYTES // 1024 // 1024} MB")
    return bytes(content)


HANDLERS = [put_picture, get_picture]
