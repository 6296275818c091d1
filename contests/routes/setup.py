"""Setting a contest up: create, configure with If-Match, make ready, start, cancel."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.params import Parameter

from contests.actions.running import start_judging
from contests.actions.setup import (
    cancel_contest,
    create_contest,
    make_ready,
    save_facts,
    save_options,
    save_rules,
    save_scheme,
)
from contests.queries import contest_overview
from contests.routes.views import contest_out
from contests.routing import (
    ETAG,
    described,
    of_competition,
    of_contest,
    revision_of,
    strict,
)
from contests.schemas import ContestDraft, ContestOut, Created, Done, Revised
from core.scoring.model import Rules, Scheme
from core.security import actor_in, requires
from core.web.etag import revision_tag
from core.web.language import language_of

TAG = "contests"
IfMatch = Annotated[
    str | None,
    Parameter(
        header="If-Match",
        description="The ETag that your change is based on.",
        required=False,
    ),
]


@post(
    "/competitions/{competition:uuid}/contests",
    guards=[requires("contest.configure", of_competition)],
    operation_id="create_contest",
    **described(
        "Create a contest",
        TAG,
        *(403, 404, 422, 503),
        description="Out of a contest type and the answers to its options: its scheme and rules "
        "are drafted and can be changed until it is ready.",
    ),
)
async def create(request: Request[Any, Any, Any], competition: UUID, data: ContestDraft) -> Created:
    contest = await create_contest(
        actor_in(request),
        competition=competition,
        code=data.code,
        title=data.title,
        type_code=data.type_code,
        type_version=data.type_version,
        options=data.options,
        facts=data.facts,
    )
    return Created(contest)


@get(
    "/contests/{contest:uuid}",
    guards=[requires("contest.read", of_contest)],
    operation_id="get_contest",
    response_headers=ETAG,
    **described(
        "Get a contest",
        TAG,
        *(403, 404),
        description="Its configuration, where it stands, and the one next step with what is unmet.",
    ),
)
async def get_contest(request: Request[Any, Any, Any], contest: UUID) -> Response[ContestOut]:
    shown = contest_out(await contest_overview(contest), language_of(request))
    return Response(shown, headers={"ETag": revision_tag(shown.revision)})


def _revised(revision: int) -> Response[Revised]:
    return Response(Revised(revision), headers={"ETag": revision_tag(revision)})


_SAVING = (403, 404, 409, 412, 422, 503)


@put(
    "/contests/{contest:uuid}/options",
    guards=[requires("contest.configure", of_contest)],
    operation_id="save_options",
    response_headers=ETAG,
    **described(
        "Answer the type's options again",
        TAG,
        *_SAVING,
        description='The body is the answers by option code, such as {"judges": 5}; the rest stay at '
        "their defaults. Scheme and rules are drafted again from them. If-Match names the revision.",
    ),
)
async def put_options(
    request: Request[Any, Any, Any], contest: UUID, data: dict[str, Any], if_match: IfMatch = None
) -> Response[Revised]:
    revision = revision_of(if_match)
    return _revised(await save_options(actor_in(request), contest, data, revision=revision))


@put(
    "/contests/{contest:uuid}/scheme",
    guards=[requires("contest.configure", of_contest)],
    operation_id="save_scheme",
    response_headers=ETAG,
    **described(
        "Save the marking scheme",
        TAG,
        *_SAVING,
        description="The body has the shape of `scheme` in the contest. Refused with every finding while "
        "the sums do not come out. If-Match names the revision.",
    ),
)
async def put_scheme(
    request: Request[Any, Any, Any], contest: UUID, data: dict[str, Any], if_match: IfMatch = None
) -> Response[Revised]:
    revision, scheme = revision_of(if_match), strict(Scheme, data)
    return _revised(await save_scheme(actor_in(request), contest, scheme, revision=revision))


@put(
    "/contests/{contest:uuid}/rules",
    guards=[requires("contest.configure", of_contest)],
    operation_id="save_rules",
    response_headers=ETAG,
    **described(
        "Save the rules",
        TAG,
        *_SAVING,
        description="The body has the shape of `rules` in the contest. If-Match names the revision.",
    ),
)
async def put_rules(
    request: Request[Any, Any, Any], contest: UUID, data: dict[str, Any], if_match: IfMatch = None
) -> Response[Revised]:
    revision, rules = revision_of(if_match), strict(Rules, data)
    return _revised(await save_rules(actor_in(request), contest, rules, revision=revision))


@put(
    "/contests/{contest:uuid}/facts",
    guards=[requires("contest.configure", of_contest)],
    operation_id="save_facts",
    response_headers=ETAG,
    **described(
        "Save what is printed and declared",
        TAG,
        *_SAVING,
        description='The body is the facts themselves, such as {"held_on": "2024-10-19", "occupation": '
        '"4-03-02-01", "organiser": "gba-unions" (an issuer\'s code), "contest_class": …, "outputs": …}. '
        "If-Match names the revision.",
    ),
)
async def put_facts(
    request: Request[Any, Any, Any], contest: UUID, data: dict[str, Any], if_match: IfMatch = None
) -> Response[Revised]:
    revision = revision_of(if_match)
    return _revised(await save_facts(actor_in(request), contest, data, revision=revision))


@post(
    "/contests/{contest:uuid}/ready",
    guards=[requires("contest.configure", of_contest)],
    status_code=200,
    operation_id="make_ready",
    **described(
        "Make a contest ready",
        TAG,
        *(403, 404, 409),
        description="draft → ready. 409 lists every condition that is not met.",
    ),
)
async def post_ready(request: Request[Any, Any, Any], contest: UUID) -> Done:
    await make_ready(actor_in(request), contest)
    return Done("ready")


@post(
    "/contests/{contest:uuid}/start",
    guards=[requires("contest.run", of_contest)],
    status_code=200,
    operation_id="start_judging",
    **described(
        "Start marking",
        TAG,
        *(403, 404, 409, 503),
        description="ready → judging. Scheme and rules are frozen by hash from now on.",
    ),
)
async def post_start(request: Request[Any, Any, Any], contest: UUID) -> Done:
    await start_judging(actor_in(request), contest)
    return Done("judging")


@post(
    "/contests/{contest:uuid}/cancel",
    guards=[requires("contest.configure", of_contest)],
    status_code=200,
    operation_id="cancel_contest",
    **described("Cancel a contest", TAG, 403, 404, 409, description="Its record stays."),
)
async def post_cancel(request: Request[Any, Any, Any], contest: UUID) -> Done:
    await cancel_contest(actor_in(request), contest)
    return Done("cancelled")


HANDLERS = [
    create,
    get_contest,
    put_options,
    put_scheme,
    put_rules,
    put_facts,
    post_ready,
    post_start,
    post_cancel,
]
