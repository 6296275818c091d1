"""What employers' programs ask, each with a key: lists, following, and where news goes.

Real imports throughout: litestar reads these annotations at run time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED
from msgspec import Meta

from core.openapi import problems
from core.security import Actor
from core.web.language import language_of
from core.web.paging import LIMIT, MOST, Page, page
from credentials.employers import following, webhooks
from credentials.employers.asking import caller_in, key_for
from credentials.employers.following import Followed
from credentials.employers.keys import BULK, FOLLOW
from credentials.employers.spreadsheet import LARGEST, Answered, check_list
from credentials.employers.webhooks import Message, Shown

AnyRequest = Request[Any, Any, Any]
Limit = Annotated[int, Parameter(ge=1, le=MOST, description="How many at most.")]
KEY: list[dict[str, list[str]]] = [{"key": []}]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FollowIn(msgspec.Struct, forbid_unknown_fields=True):
    """The paper in hand, or number and name as they are printed on it."""

    certificate: Annotated[
        str,
        Meta(
            description="The token, the text of the QR, or the number; a number needs the name.",
            examples=["7K3M9QXT2F4H"],
        ),
    ]
    name: Annotated[str, Meta(description="Never kept.", examples=["欧阳晓明"])] = ""


class FollowedOut(msgspec.Struct):
    """`state`: valid, under_correction, suspended, revoked, replaced or erased."""

    id: str
    state: str
    version: int
    url: str
    followed_at: datetime
    changed_at: datetime | None


class WebhookIn(msgspec.Struct, forbid_unknown_fields=True):
    address: Annotated[
        str,
        Meta(
            description="https alone, on the public internet.",
            examples=["https://hr.example.cn/jiangxin"],
        ),
    ]


class NewWebhookOut(msgspec.Struct):
    """`secret`: shown now and never again; messages are signed with it."""

    id: UUID
    address: str
    secret: str


class MessageOut(msgspec.Struct):
    """`answer`: the status, or a word of why there was none."""

    id: UUID
    change: str
    certificate: str
    made_at: datetime
    attempts: int
    answer: str
    next_at: datetime | None
    done_at: datetime | None
    given_up_at: datetime | None


class WebhookOut(msgspec.Struct):
    """`disabled_at`: switched off after five days without success, or by hand."""

    id: UUID
    address: str
    failing_since: datetime | None
    disabled_at: datetime | None
    messages: list[MessageOut]


class TrialOut(msgspec.Struct):
    """`delivery`: as the message names itself."""

    delivery: UUID


@dataclass
class ListOperation(Operation):
    """litestar can't see a body that is read as bytes: this tells it."""

    def __post_init__(self) -> None:
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        text = Schema(type=OpenAPIType.STRING, examples=["证书编号,姓名\n7K3M9QXT2F4H,欧阳晓明\n"])
        self.request_body = RequestBody(
            required=True,
            description="A workbook or CSV with a column of numbers, links or texts of QRs, and one of names.",
            content={
                XLSX: OpenAPIMediaType(schema=binary),
                "text/csv": OpenAPIMediaType(schema=text),
            },
        )


@post(
    "/spreadsheet",
    guards=[key_for(BULK)],
    security=KEY,
    operation_id="CheckList",
    operation_class=ListOperation,
    summary="Check a list of certificates",
    description="The same file comes back with columns added on the right: state, since when, whether the"
    " name matches, what to do. All else stays as it was, and a row that can't be checked says why.",
    status_code=HTTP_200_OK,
    request_max_body_size=LARGEST,
    media_type=XLSX,
    responses=problems(401, 403, 413, 422, 429),
)
async def spreadsheet(request: AnyRequest) -> Response[bytes]:
    made = await check_list(
        await request.body(),
        organisation=caller_in(request).organisation,
        language=language_of(request),
    )
    return download(made)


def download(made: Answered) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{made.name}"',
        "Cache-Control": "no-store",
    }
    return Response(made.data, media_type=made.media, headers=headers)


# --- following ---------------------------------------------------------------------------------


@get(
    "/follows",
    guards=[key_for(FOLLOW)],
    security=KEY,
    operation_id="Follows",
    summary="The certificates that are followed",
    responses=problems(401, 403, 429),
)
async def follows(request: AnyRequest, limit: Limit = LIMIT, after: str = "") -> Page[FollowedOut]:
    """By number, with their states now."""
    rows = await following.followed_by(
        caller_in(request).organisation, limit=limit + 1, after=after
    )
    return page([_followed(row) for row in rows], limit, lambda shown: shown.id)


@post(
    "/follows",
    guards=[key_for(FOLLOW)],
    security=KEY,
    operation_id="Follow",
    summary="Follow a certificate",
    responses=problems(401, 403, 409, 422, 429),
)
async def follow(data: FollowIn, request: AnyRequest) -> FollowedOut:
    """With its token, its QR's text, or number and matching name. Twice is once."""
    organisation = caller_in(request).organisation
    return _followed(await following.follow(organisation, data.certificate, data.name))


@delete(
    "/follows/{id:str}",
    guards=[key_for(FOLLOW)],
    security=KEY,
    operation_id="Unfollow",
    summary="Follow a certificate no more",
    responses=problems(401, 403, 404, 429),
)
async def unfollow(id: str, request: AnyRequest) -> None:
    await following.unfollow(caller_in(request).organisation, id)


def _followed(one: Followed) -> FollowedOut:
    return FollowedOut(one.id, one.state, one.version, one.url, one.followed_at, one.changed_at)


# --- where news goes ---------------------------------------------------------------------------


@get(
    "/webhooks",
    guards=[key_for(FOLLOW)],
    security=KEY,
    operation_id="Webhooks",
    summary="The addresses that hear of changes, with their newest messages",
    responses=problems(401, 403, 429),
)
async def listed(request: AnyRequest) -> list[WebhookOut]:
    return [_webhook(one) for one in await webhooks.webhooks_of(caller_in(request).organisation)]


@post(
    "/webhooks",
    guards=[key_for(FOLLOW)],
    security=KEY,
    operation_id="AddWebhook",
    summary="Add an address that hears of changes",
    responses=problems(401, 403, 422, 429),
)
async def add(data: WebhookIn, request: AnyRequest) -> NewWebhookOut:
    """The secret stands in this answer alone."""
    caller = caller_in(request)
    made = await webhooks.add_webhook(Actor(caller.made_by, ""), caller.organisation, data.address)
    return NewWebhookOut(made.id, made.address, made.secret)


@delete(
    "/webhooks/{webhook:uuid}",
    guards=[key_for(FOLLOW)],
    security=KEY,
    operation_id="RemoveWebhook",
    summary="Remove an address",
    responses=problems(401, 403, 404, 429),
)
async def remove(webhook: UUID, request: AnyRequest) -> None:
    caller = caller_in(request)
    await webhooks.remove_webhook(Actor(caller.made_by, ""), caller.organisation, webhook)


@post(
    "/webhooks/{webhook:uuid}/test",
    guards=[key_for(FOLLOW)],
    security=KEY,
    operation_id="TestWebhook",
    summary="Send a test to an address",
    status_code=HTTP_202_ACCEPTED,
    responses=problems(401, 403, 404, 409, 429),
)
async def trial(webhook: UUID, request: AnyRequest) -> TrialOut:
    """Sent once, within seconds; the list of addresses shows the answer."""
    return TrialOut(await webhooks.try_out(caller_in(request).organisation, webhook))


def _webhook(one: Shown) -> WebhookOut:
    messages = [_message(message) for message in one.messages]
    return WebhookOut(one.id, one.address, one.failing_since, one.disabled_at, messages)


def _message(one: Message) -> MessageOut:
    return MessageOut(
        one.id,
        one.change,
        one.certificate,
        one.made_at,
        one.attempts,
        one.answer,
        one.next_at,
        one.done_at,
        one.given_up_at,
    )


ROUTER = Router(
    path="/api/employers",
    route_handlers=[spreadsheet, follows, follow, unfollow, listed, add, remove, trial],
    tags=["certificates"],
)
