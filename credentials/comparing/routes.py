"""The form of the verify page. It answers with the page itself, at the same address.

Real imports throughout: litestar reads these annotations at run time.
"""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, post
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND

from core.web.limits import address_of
from credentials import queries
from credentials.comparing.actions import compare
from credentials.limits import guesses
from credentials.pages.about import about_nothing, about_stored, page_answer
from credentials.pages.away import on_unreachable
from credentials.pages.typed import LABELS
from credentials.verify import not_found

BODY_LIMIT = 16 * 1024
AnyRequest = Request[Any, Any, Any]


@post(
    "/c/{name:str}",
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=BODY_LIMIT,
    exception_handlers={Exception: on_unreachable},
)
async def compare_typed(name: str, request: AnyRequest) -> Response[bytes]:
    """Nothing that was typed stands in an address, a log or a table."""
    address = address_of(request)
    guesses.check(address)
    row = await queries.for_page(name)
    if row is None:
        guesses.miss(address)
        page, about = not_found(datetime.now(UTC)), await about_nothing()
        return page_answer(request, page, about, HTTP_404_NOT_FOUND)
    verdict = await queries.verify_stored(row)
    if verdict.credential is None:  # erased: there is nothing to compare with
        return page_answer(request, verdict, await about_stored(row, verdict))
    form = await request.form()
    given = {field: str(form.get(field, "")) for field in LABELS}
    typed = await compare(row, verdict, given, address=address)
    return page_answer(request, verdict, await about_stored(row, verdict, typed))


HANDLERS = [compare_typed]
