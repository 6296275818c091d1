"""What changes certificates: suspend, let count again, withdraw, one or many; correct a name.

The guard lets in who sees the list; the issuer's grants and the contest's decide in the actions.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, post

from admin.console.certificates.faces import about
from admin.console.certificates.room import address, certificate_of, certificates_room
from admin.console.frame import Form, Req, see_other
from contests.actions.approvals import request_approval
from contests.routing import of_contest
from core.errors import Invalid, JiangxinError, NotFound
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.undo import address_of, same_count
from credentials.actions import lift_suspension, revoke_certificate, suspend_certificate
from credentials.lifecycle.changing import reissue_certificate, renew_certificate
from credentials.lifecycle.routes import end_of
from credentials.withdrawing import (
    SUSPENDED,
    WITHDRAWN,
    suspend_certificates,
    withdraw_certificates,
)

BASE = "/console/contests/{contest:uuid}/certificates"
_READ = [requires("certificate.read", of_contest)]
_NAMES = [requires("person.read", of_contest)]


@post(BASE + "/suspend", guards=_READ, include_in_schema=False)
async def suspend_many(request: Req, contest: UUID) -> Response[Any]:
    """Those that were chosen, for now."""

    async def suspend(issuer: str, chosen: list[str], typed: dict[str, str]) -> tuple[int, UUID]:
        by = actor_in(request)
        return await suspend_certificates(by, issuer, chosen, reason=typed["reason"])

    return await _many(request, contest, suspend, SUSPENDED)


@post(BASE + "/withdraw", guards=_READ, include_in_schema=False)
async def withdraw_many(request: Req, contest: UUID) -> Response[Any]:
    """Those that were chosen, for good once nobody takes it back in time."""

    async def withdraw(issuer: str, chosen: list[str], typed: dict[str, str]) -> tuple[int, UUID]:
        return await withdraw_certificates(
            actor_in(request),
            issuer,
            chosen,
            reason=typed["reason"],
            authority=typed["authority"],
        )

    return await _many(request, contest, withdraw, WITHDRAWN)


_Many = Callable[[str, list[str], dict[str, str]], Awaitable[tuple[int, UUID]]]


async def _many(request: Req, contest: UUID, act: _Many, done: str) -> Response[Any]:
    """After their number was typed; the same form comes back when it differs."""
    form = await request.form()
    chosen = [str(one) for one in form.getall("chosen", [])]
    typed = {name: str(form.get(name, "")) for name in ("reason", "count", "authority")}
    try:
        for one in chosen:
            await certificate_of(contest, one)
        same_count(typed["count"], len(chosen))
        count, undo = await act((await about(contest)).issuer, chosen, typed)
    except NotFound:
        raise
    except JiangxinError as error:
        return await certificates_room(request, contest, error, kept={"chosen": chosen, **typed})
    return see_other(address(contest), done, undo=address_of(undo), count=count)


@post(BASE + "/{number:str}/name", guards=_NAMES, include_in_schema=False)
async def correct_name(request: Req, contest: UUID, number: str, data: Form) -> Response[Any]:
    """Asks for the right name; another person who may correct countersigns it."""
    row = await certificate_of(contest, number)
    typed = {name: data.get(name, "") for name in ("name", "reason")}
    try:
        body = {"person": str(row["person"] or ""), **typed}
        await request_approval(actor_in(request), contest, "correct_name", body)
    except JiangxinError as error:
        kept = {"number": row["public_id"], "verb": "name", **typed}
        return await certificates_room(request, contest, error, kept=kept)
    return see_other(
        address(contest),
        "Asked. Another person who may correct results (chief referee, supervisor, arbitration)"
        " countersigns under “What waits for me”; then a new version is issued by itself.",
    )


@post(BASE + "/{number:str}/{verb:str}", guards=_READ, include_in_schema=False)
async def change_one(
    request: Req, contest: UUID, number: str, verb: str, data: Form
) -> Response[Any]:
    """withdraw (for ever), suspend, lift, reissue, renew. The issuer's grants decide who may."""
    by, reason = actor_in(request), data.get("reason", "")
    row = await certificate_of(contest, number)
    try:
        if verb == "withdraw":
            await revoke_certificate(by, row["public_id"], reason=reason)
        elif verb == "suspend":
            await suspend_certificate(by, row["public_id"], reason=reason)
        elif verb == "lift":
            await lift_suspension(by, row["public_id"])
        elif verb == "reissue":
            await reissue_certificate(by, row["public_id"], reason=reason)
        elif verb == "renew":
            until = _day(data.get("until", ""))
            await renew_certificate(by, row["public_id"], until=until, reason=reason)
        else:
            raise NotFound(kind="step", id=verb[:40])
    except NotFound:
        raise
    except JiangxinError as error:
        kept = {"number": row["public_id"], "verb": verb, "reason": reason}
        kept["until"] = data.get("until", "")
        return await certificates_room(request, contest, error, kept=kept)
    return see_other(address(contest), _DONE[verb], number=row["public_id"])


_DONE = {
    "withdraw": "Certificate {number} was withdrawn for ever.",
    "suspend": "Certificate {number} is suspended.",
    "lift": "Certificate {number} counts again.",
    "reissue": "Recorded. Certificate {number} prints with the mark of a reprint from now on.",
    "renew": "Certificate {number} was renewed.",
}


def _day(text: str) -> datetime:
    """The end of a day in China. Raises Invalid."""
    try:
        return end_of(date.fromisoformat(text))
    except ValueError:
        raise Invalid([Finding("/until", "credentials.date", {"value": text[:40]})]) from None


HANDLERS = [suspend_many, withdraw_many, correct_name, change_one]
