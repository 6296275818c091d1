"""What a stranger sees who has a holder's link: the excerpt, as a page or as JSON, and nothing beside.

Real imports throughout: litestar reads these annotations at run time.
"""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND

from core.web.language import language_of
from core.web.limits import address_of, rate_limit
from credentials import keyring
from credentials.encoding import to_json
from credentials.holder import shares
from credentials.holder.excerpt import as_json, excerpt
from credentials.holder.pages import ALONE, Req, show
from credentials.limits import guesses


@get("/shown/{secret:str}", include_in_schema=False, guards=[rate_limit(120, burst=60)])
async def shown(request: Req, secret: str) -> Response[Any]:
    """The same 404 for a link that is over, that was ended and that never was."""
    guesses.check(address_of(request))
    found = await shares.opened_by(secret, datetime.now(UTC))
    if found is None:
        guesses.miss(address_of(request))
    wants = request.accept.best_match(["text/html", "application/json"], "text/html")
    if wants != "text/html":
        return await _json(request, found)
    host = keyring.addresses().host
    if found is None:
        return show(request, "shown.html", status=404, alone=True, one=None, host=host)
    own, fields, ends = found
    one = await excerpt(own, fields, language_of(request))
    check_page = keyring.addresses().certificate(one.number) if one.number else ""
    return show(
        request, "shown.html", alone=True, one=one, ends=ends, host=host, check_page=check_page
    )


async def _json(request: Req, found: Any) -> Response[bytes]:
    if found is None:
        body, status = {"state": "nothing-shown"}, HTTP_404_NOT_FOUND
    else:
        own, fields, ends = found
        one = await excerpt(own, fields, language_of(request))
        body, status = as_json(one, expires_at=ends), HTTP_200_OK
    headers = {**ALONE, "Vary": "Accept, Accept-Language, Cookie"}
    return Response(
        to_json(body), status_code=status, media_type="application/json", headers=headers
    )


HANDLERS = [shown]
