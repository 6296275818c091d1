"""The contest types that plugins brought, with the questions that they ask."""

from __future__ import annotations

from litestar import get

from contests.routing import described
from contests.schemas import (
    ChoiceOut,
    ContestTypeOut,
    ContestTypes,
    OptionOut,
    TemplateOut,
    TypeMissingOut,
)
from core.contest_type import ContestType
from core.options import Option
from core.registry import registry
from core.security import logged_in

TAG = "contests"


@get(
    "/contest-types",
    guards=[logged_in],
    operation_id="list_contest_types",
    **described(
        "List contest types",
        TAG,
        description="With their options, ready templates, and the plugins that could not be loaded.",
    ),
)
async def list_contest_types() -> ContestTypes:
    known = registry()
    return ContestTypes(
        items=[_type(contest_type) for contest_type in known.contest_types()],
        disabled=[TypeMissingOut(plugin.name, plugin.reason) for plugin in known.disabled],
    )


@get(
    "/contest-types/{code:str}",
    guards=[logged_in],
    operation_id="get_contest_type",
    **described("Get a contest type", TAG, 503),
)
async def get_contest_type(code: str, version: int | None = None) -> ContestTypeOut:
    return _type(registry().contest_type(code, version))


def _type(contest_type: ContestType) -> ContestTypeOut:
    return ContestTypeOut(
        code=contest_type.code,
        version=contest_type.version,
        title=dict(contest_type.title),
        summary=dict(contest_type.summary),
        options=[_option(option) for option in contest_type.options],
        templates=[
            TemplateOut(template.code, dict(template.title), dict(template.options))
            for template in contest_type.templates
        ],
        instruments=[instrument.code for instrument in contest_type.instruments()],
    )


def _option(option: Option) -> OptionOut:
    return OptionOut(
        code=option.code,
        kind=option.kind,  # type: ignore[arg-type]  # checked when the type is loaded
        title=dict(option.title),
        default=option.default,
        help=dict(option.help),
        choices=[ChoiceOut(choice.code, dict(choice.title)) for choice in option.choices],
        minimum=option.minimum,
        maximum=option.maximum,
        columns=[_option(column) for column in option.columns],
        required=option.required,
        first=option.first,
        when={option.when[0]: list(option.when[1])} if option.when else {},
    )


HANDLERS = [list_contest_types, get_contest_type]
