"""Printing again and renewing, for organisers, and what was on record of a contest on a day.

Real imports throughout: litestar reads these annotations at run time.
"""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get, post
from litestar.handlers.base import BaseRouteHandler
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from core.openapi import problems
from core.security import actor_in, requires
from credentials import queries
from credentials.answers import certificate_out
from credentials.api import by_certificate, by_contest
from credentials.lifecycle.as_of import certificates_as_of
from credentials.lifecycle.changing import reissue_certificate, renew_certificate
from credentials.schemas import CertificateOut
from credentials.verify import CHINA

AnyRequest = Request[Any, Any, Any]


class ReissueIn(msgspec.Struct, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(examples=["Lost in the post"])]


class ReissueOut(msgspec.Struct):
    """`count`: how often it was printed again; `on`: when last."""

    count: int
    on: datetime


class RenewalIn(msgspec.Struct, forbid_unknown_fields=True):
    """`until`: the new last day, to its end in China."""

    until: Annotated[date, Meta(examples=["2031-11-20"])]
    reason: Annotated[str, Meta(examples=["Assessed again"])]


class HeldOut(msgspec.Struct):
    """`title`: as it was signed. `state`: issued, suspended, correcting or revoked at that moment."""

    id: str
    entry: str
    kind: str
    issuer: str
    version: int
    title: str
    valid_until: str
    state: str
    since: datetime


@post(
    "/certificates/{id:str}/reissue",
    guards=[requires("certificate.issue", by_certificate)],
    operation_id="ReissueCertificate",
    summary="Print a lost certificate again, marked as such",
    status_code=HTTP_200_OK,
    responses=problems(401, 403, 404, 409, 422),
)
async def reissue(id: str, data: ReissueIn, request: AnyRequest) -> ReissueOut:
    made = await reissue_certificate(actor_in(request), id, reason=data.reason)
    return ReissueOut(made.count, made.on)


@post(
    "/certificates/{id:str}/renew",
    guards=[requires("certificate.issue", by_certificate)],
    operation_id="RenewCertificate",
    summary="Give a certificate a later last day",
    status_code=HTTP_200_OK,
    responses=problems(401, 403, 404, 409, 422),
)
async def renew(id: str, data: RenewalIn, request: AnyRequest) -> CertificateOut:
    by = actor_in(request)
    await renew_certificate(by, id, until=end_of(data.until), reason=data.reason)
    return certificate_out(await queries.stored(id) or {})


@get(
    "/certificates-as-of",
    guards=[requires("certificate.read", by_contest)],
    operation_id="CertificatesAsOf",
    summary="Which certificates of a contest counted at a moment, and what they said",
    responses=problems(401, 403, 404, 422),
)
async def as_of(contest: str, at: datetime) -> list[HeldOut]:
    """`at` with its offset from UTC; without one it is UTC."""
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return [HeldOut(**asdict(one)) for one in await certificates_as_of(contest, moment)]


def end_of(day: date) -> datetime:
    """The last second of a day in China."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA) - timedelta(seconds=1)


API = Router(path="/api/v1", route_handlers=[reissue, renew, as_of], tags=["certificates"])
HANDLERS: list[BaseRouteHandler | Router] = [API]
