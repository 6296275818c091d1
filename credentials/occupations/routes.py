"""What a field offers while a code or the name of an occupation is typed into it. The classification is public."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Request, Response, get

from core.web import templates
from core.web.limits import rate_limit
from credentials.occupations.looking import find

PATH = "/occupations/options"
LONGEST = 60


@get(PATH, guards=[rate_limit(240)], include_in_schema=False)
async def options(request: Request[Any, Any, Any]) -> Response[bytes]:
    """by=title: what is put into the field is the name. The field sends its own name and content."""
    asked = dict(request.query_params)
    by_title = asked.pop("by", "") == "title"
    text = next((str(one) for one in asked.values() if one), "")[:LONGEST]
    found = await find(text)
    return templates.render(request, "occupations/options.html", found=found, by_title=by_title)


def register() -> None:
    templates.register("occupations", Path(__file__).parent / "templates")


HANDLERS = [options]
