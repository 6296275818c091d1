"""Nonce, enrolment and session: what a tablet asks before it is known. All tablets of a hall may come
from one address, so the limits leave room for two hundred at once."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post

from contests.judging.signing import receipt_public_jwk
from contests.judging.tablets import codes, packs, proofs, sessions
from contests.judging.tablets.schemas import (
    EnrolledTablet,
    Enrolment,
    Nonce,
    OpenSession,
    TabletSession,
)
from contests.log import here
from contests.routing import described
from core.openapi import problems
from core.web.limits import rate_limit

TAG = "judging"
OPEN: list[dict[str, list[str]]] = [{}]
"""Needs no log-in."""
NO_STORE = {"Cache-Control": "no-store"}


def _open(summary: str, *statuses: int, description: str) -> dict[str, Any]:
    documented = described(summary, TAG, description=description)
    return documented | {"responses": problems(*statuses), "security": OPEN}


@get(
    "/judging/tablet/nonce",
    guards=[rate_limit(1200, burst=600)],
    operation_id="get_tablet_nonce",
    **_open(
        "Get a nonce for a device's proof",
        *(429,),
        description="Good for two minutes and one proof. The time is this server's, for a tablet "
        "whose clock is wrong.",
    ),
)
async def nonce() -> Response[Nonce]:
    now = datetime.now(UTC)
    found = Nonce(proofs.make_nonce(now), now, here(), packs.APP)
    return Response(found, headers=NO_STORE)


@post(
    "/judging/tablet/enrolment",
    guards=[rate_limit(60, burst=30)],
    operation_id="enrol_tablet",
    **_open(
        "Enrol a tablet",
        *(400, 401, 409, 422, 429),
        description="Uses a one-time code up. The same key may repeat it when its answer was lost.",
    ),
)
async def enrol(data: Enrolment) -> EnrolledTablet:
    made = await codes.enrol_tablet(
        code=data.code, jwk=data.jwk, label=data.label, proof=data.proof, now=datetime.now(UTC)
    )
    return EnrolledTablet(made.kid, made.label, "tablet", here(), receipt_public_jwk())


@post(
    "/judging/tablet/session",
    guards=[rate_limit(1200, burst=600)],
    status_code=200,
    operation_id="open_tablet_session",
    **_open(
        "Open a tablet's session",
        *(400, 401, 429),
        description="For an enrolled key that is not revoked. 401 says why not: device-unknown, "
        "device-revoked or proof-wrong.",
    ),
)
async def session(data: OpenSession) -> Response[TabletSession]:
    token, tablet = await sessions.open_session(data.proof, now=datetime.now(UTC))
    found = TabletSession(
        token=token,
        expires_in=int(sessions.LIFE.total_seconds()),
        kid=tablet.kid,
        label=tablet.label,
        kind=tablet.kind,  # type: ignore[arg-type]  # a desk opens no session
        installation=here(),
        receipt_key=receipt_public_jwk(),
        account=tablet.account,
    )
    return Response(found, headers=NO_STORE)


HANDLERS = [nonce, enrol, session]
