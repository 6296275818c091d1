"""The room of other installations: whose certificates are believed here, under which root, until when.

Here one is accepted only under its offline root, whose thumbprint was told by telephone or on paper;
one without a root is a matter for the command, on the machine itself.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from core.errors import Invalid, JiangxinError
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.undo import address_of
from credentials.trust import Refused, TrustStore, read_bundle
from credentials.trusting import actions, ending_again

ROOM = "/console/installations"
_MANAGE = [requires("installation.manage")]
THUMBPRINT = 43
TYPED = ("bundle", "root")


@get(ROOM, guards=_MANAGE, include_in_schema=False)
async def installations_page(request: Req) -> Response[bytes]:
    return await _page(request, {})


@post(ROOM, guards=_MANAGE, include_in_schema=False)
async def accept(request: Req, data: Form) -> Response[Any]:
    """First what the bundle says of itself, then, confirmed, the acceptance. Nothing typed is lost."""
    bundle, root = data.get("bundle", "").strip(), "".join(data.get("root", "").split())
    values = {"bundle": bundle, "root": root}
    try:
        store = _looked_at(bundle, root)
        if data.get("seen") != "yes":
            return await _page(request, values, seen=store)
        await actions.accept_installation(actor_in(request), bundle, root=root)
    except JiangxinError as error:
        return await _page(request, values, error)
    return see_other(ROOM, "{host} is believed here now.", host=store.addresses.host)


@post(f"{ROOM}/end", guards=_MANAGE, include_in_schema=False)
async def end(request: Req, data: Form) -> Response[Any]:
    origin = data.get("origin", "")
    typed = data.get("host", "").strip()
    try:
        if not hmac.compare_digest(typed.encode(), origin.partition("://")[2].encode()):
            raise Invalid([Finding("/host", "signers.other-host", {"typed": typed[:80]})])
        undo = await ending_again.end_installation(actor_in(request), origin)
    except JiangxinError as error:
        return await _page(request, {}, error)
    host = origin.partition("://")[2]
    return see_other(ROOM, "{host} is believed here no more.", undo=address_of(undo), host=host)


def _looked_at(bundle: str, root: str) -> TrustStore:
    """The bundle under that root, all that is wrong at once."""
    wrong = []
    if not bundle:
        wrong.append(Finding("/bundle", "signers.no-bundle"))
    if len(root) != THUMBPRINT:
        wrong.append(Finding("/root", "signers.no-thumbprint", {"length": str(len(root))}))
    if wrong:
        raise Invalid(wrong)
    try:
        return read_bundle(bundle, datetime.now(UTC), root=root)
    except Refused as refused:
        raise actions.BundleRefused(code=refused.code) from None


async def _page(
    request: Req,
    values: Mapping[str, str],
    error: JiangxinError | None = None,
    seen: TrustStore | None = None,
) -> Response[bytes]:
    now = datetime.now(UTC)
    rows = [
        {**row, "host": row["origin"].partition("://")[2], "over": row["expires_at"] <= now}
        for row in await actions.accepted_installations()
    ]
    return await show(
        request,
        "signers/installations.html",
        room="installations",
        error=error,
        found=rows,
        values={name: values.get(name, "") for name in TYPED},
        seen=seen,
        issuers=_issuers(seen),
    )


def _issuers(seen: TrustStore | None) -> list[Mapping[str, str]]:
    names = {key.issuer: key.issuer_name for key in seen.keys if key.issuer} if seen else {}
    return [name for _, name in sorted(names.items())]


HANDLERS = [installations_page, accept, end]
