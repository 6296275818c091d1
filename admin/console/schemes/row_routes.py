"""One row with all its details, its calculator tried out, and the sections of the standard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Problem, Req, part, see_other, show
from admin.console.schemes import words
from admin.console.schemes.view import choices, findings_by_field, row_title
from contests.actions.common import scopes_of
from contests.routing import of_contest
from contests.schemes import actions, editing, row_form
from contests.schemes.converting import traditional
from contests.schemes.document import Document, Row, judged
from contests.schemes.queries import contest_of, draft_of, judged_in, made_on, type_in
from contests.schemes.sums import sums_of
from contests.schemes.trying import examples, try_out
from contests.schemes.words import FIELDS, KINDS, LEVELS
from core.errors import JiangxinError, NotFound, Stale
from core.explaining import render_step
from core.findings import render
from core.scoring.calculators import STANDARD
from core.scoring.explain import Step
from core.scoring.model import Aspect, Finding
from core.scoring.numbers import decimal_text, parse_typed
from core.security import actor_in, requires
from core.web.i18n import LANGUAGES, NAMES, pick
from core.web.language import language_of

READ = [requires("contest.read", of_contest)]
CONFIGURE = [requires("contest.configure", of_contest)]
BASE = "/console/contests/{contest:uuid}/scheme"
SPARE = 2
LEVELS_OF_SCALE = 4
LONGEST_TITLE = 2000


@get(f"{BASE}/rows/{{key:str}}", guards=READ, include_in_schema=False)
async def row_page(request: Req, contest: UUID, key: str) -> Response[bytes]:
    draft = await draft_of(contest)
    row = _row(draft.document, key)
    return await _page(request, contest, row, draft.document, draft.tag)


@post(f"{BASE}/rows/{{key:str}}", guards=CONFIGURE, include_in_schema=False)
async def save_row(request: Req, contest: UUID, key: str) -> Response[Any]:
    """Keeps whatever was typed, right or wrong; "convert" and "more" only fill the page."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    on, number = await made_on(contest, await draft_of(contest), form.get("base", ""))
    read = row_form.read_row(_row(on, key), form)
    if form.get("do") == "convert":
        read = _converted(read)
    document = editing.with_fields(on, key, read.fields)
    if form.get("do"):
        return await _page(request, contest, read, document, form.get("base", ""), unsaved=True)
    try:
        await actions.save_table(actor_in(request), contest, document, base=form.get("base", ""))
    except Stale:
        aside = await actions.keep_aside(actor_in(request), contest, document, base=number)
        return see_other(f"/console/contests/{contest}/scheme/aside/{aside}")
    except JiangxinError as error:
        return await _page(
            request, contest, read, document, form.get("base", ""), unsaved=True, error=error
        )
    address = f"/console/contests/{contest}/scheme/rows/{key}"
    return see_other(address, "{row} is saved.", row=row_title(read, language_of(request)))


@post(f"{BASE}/rows/{{key:str}}/try", guards=READ, include_in_schema=False, status_code=200)
async def try_row(request: Req, contest: UUID, key: str) -> Response[Any]:
    """Points and explanation of sample values by what stands on the page, saved or not."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    draft = await draft_of(contest)
    read = row_form.read_row(_row(draft.document, key), form)
    values = await _tried(contest, read, form.get("samples", ""))
    if request.headers.get("HX-Request") == "true":
        return part(request, "schemes/tried.html", **values, step_text=_step_text(request))
    document = editing.with_fields(draft.document, key, read.fields)
    return await _page(
        request, contest, read, document, form.get("base", ""), unsaved=True, tried=values
    )


async def _tried(contest: UUID, row: Row, samples: str) -> dict[str, Any]:
    calculators = type_in(await contest_of(contest)).calculators()
    aspect = _aspect(row, calculators)
    if aspect is None:
        return {"aspect": None, "tried": [], "samples": samples}
    return {
        "aspect": aspect,
        "tried": try_out(aspect, samples, calculators),
        "samples": samples,
    }


def _aspect(row: Row, calculators: Any) -> Aspect | None:
    """The row alone as the engine reads it; None when it can't be."""
    parents = [
        Row(level, level, {"id": "1", "title": {}}) for level in ("module", "criterion", "sub")
    ]
    found = judged(Document((*parents, row)), calculators)
    wrong = [p for p in found.of(row.key) if p.column in ("maximum", "kind", "calculation", "trim")]
    if found.scheme is None or any(not one.finding.is_warning for one in wrong):
        return None
    aspects = found.scheme.modules[0].aspects()
    return aspects[0] if aspects else None


async def _page(
    request: Req,
    contest: UUID,
    row: Row,
    document: Document,
    base: str,
    *,
    unsaved: bool = False,
    error: JiangxinError | None = None,
    tried: dict[str, Any] | None = None,
) -> Response[bytes]:
    language = language_of(request)
    about, draft = await contest_of(contest), await draft_of(contest)
    verdict = judged_in(about, document)
    found = findings_by_field(verdict, row.key)
    said = Problem("", [(one.pointer, render(one, language)) for one in found])
    fields = row_form.fields_of(row)
    calculators = type_in(about).calculators()
    aspect = _aspect(row, calculators) if row.level == "aspect" else None
    return await show(
        request,
        "schemes/row.html",
        room="schemes",
        contest=contest,
        error=error,
        row=row,
        row_title=row_title(row, language),
        fields=fields,
        base=base,
        unsaved=unsaved,
        at_fields=said,
        may_edit=draft.editable
        and actor_in(request).may("contest.configure", *await scopes_of(contest)),
        names=FIELDS,
        step_text=_step_text(request),
        level=LEVELS[row.level],
        title_languages=[(code, NAMES[code]) for code in LANGUAGES],
        kinds=choices(KINDS, language),
        missing=choices(words.MISSING, language),
        attempts=choices(words.ATTEMPTS, language),
        widgets=choices(words.WIDGETS, language),
        sections=[
            (str(s.get("id", "")), pick(s.get("title"), language)) for s in document.sections
        ],
        calculators=[
            (f"{one.name}@{one.version}", pick(one.title, language))
            for one in (*STANDARD, *calculators)
        ],
        parameters=_parameters(fields),
        parameter_names=words.PARAMETERS,
        parameter_choices={
            name: choices(values, language) for name, values in words.PARAMETER_CHOICES.items()
        },
        table=_table(fields),
        scale=_scale(fields),
        defects=[*_with_spare(row_form.lines(fields, "defect"))],
        **{
            "aspect": aspect,
            "tried": [],
            "samples": examples(aspect) if aspect else "",
            **(tried or {}),
        },
    )


def _step_text(request: Req) -> Callable[[Step], str]:
    language = language_of(request)
    return lambda step: render_step(step, language)


def _parameters(fields: dict[str, str]) -> list[str]:
    """Those of the chosen calculator; of one that a plugin brings, whatever is there."""
    name = fields.get("calculator", "").partition("@")[0]
    if name in row_form.PARAMETERS:
        return list(row_form.PARAMETERS[name])
    return [field.removeprefix("parameter-") for field in fields if field.startswith("parameter-")]


def _table(fields: dict[str, str]) -> tuple[str, tuple[str, ...], list[int]] | None:
    name = fields.get("calculator", "").partition("@")[0]
    if name not in row_form.LISTS:
        return None
    line, columns = row_form.LISTS[name]
    return line, columns, [*_with_spare(row_form.lines(fields, line))]


def _scale(fields: dict[str, str]) -> list[int]:
    """A description for each whole score up to the top."""
    top = parse_typed(fields.get("top", "3"))
    levels = LEVELS_OF_SCALE if isinstance(top, Finding) else max(1, min(top.value // 1000 + 1, 12))
    return list(range(max(levels, len(row_form.lines(fields, "scale")))))


def _with_spare(filled: list[int]) -> range:
    return range((filled[-1] + 1 if filled else 0) + SPARE)


def _converted(row: Row) -> Row:
    """Traditional characters where there are none yet, out of the simplified ones."""

    def also(text: dict[str, str]) -> dict[str, str]:
        simplified = text.get("zh-Hans", "")
        if not simplified or text.get("zh-Hant", "").strip():
            return text
        return {**text, "zh-Hant": traditional(simplified)}

    fields = dict(row.fields)
    fields["title"] = also(dict(row.title))
    if fields.get("descriptors"):
        fields["descriptors"] = [also(dict(text)) for text in fields["descriptors"]]
    if fields.get("defects"):
        fields["defects"] = [
            {**defect, "title": also(dict(defect.get("title") or {}))}
            for defect in fields["defects"]
        ]
    return Row(row.key, row.level, fields)


def _row(document: Document, key: str) -> Row:
    row = document.row(key)
    if row is None:
        raise NotFound(kind="row", id=key)
    return row


# --- sections of the standard ---------------------------------------------------------------------


@get(f"{BASE}/sections", guards=READ, include_in_schema=False)
async def sections_page(request: Req, contest: UUID) -> Response[bytes]:
    draft = await draft_of(contest)
    return await _sections(request, contest, draft.document, draft.tag)


@post(f"{BASE}/sections", guards=CONFIGURE, include_in_schema=False)
async def save_sections(request: Req, contest: UUID) -> Response[Any]:
    form = {name: str(value) for name, value in (await request.form()).items()}
    draft, language = await draft_of(contest), language_of(request)
    sections: list[dict[str, Any]] = []
    for i in row_form.lines(form, "section"):
        id_, title = (
            form.get(f"section-{i}-id", "").strip(),
            form.get(f"section-{i}-title", "").strip(),
        )
        weight = form.get(f"section-{i}-weight", "").strip()
        if not (id_ or title or weight):
            continue
        value = parse_typed(weight)
        old = next((s for s in draft.document.sections if s.get("id") == id_), {})
        sections.append(
            {
                "id": id_ or str(len(sections) + 1),
                "title": {**(old.get("title") or {}), language: title[:LONGEST_TITLE]},
                "weight": weight if isinstance(value, Finding) else value.understood,
            }
        )
    document = replace(draft.document, sections=tuple(sections))
    try:
        await actions.save_table(actor_in(request), contest, document, base=form.get("base", ""))
    except JiangxinError as error:
        return await _sections(request, contest, document, form.get("base", ""), error)
    return see_other(f"/console/contests/{contest}/scheme/sections", "The sections are saved.")


async def _sections(
    request: Req,
    contest: UUID,
    document: Document,
    base: str,
    error: JiangxinError | None = None,
) -> Response[bytes]:
    language = language_of(request)
    draft = await draft_of(contest)
    verdict = judged_in(await contest_of(contest), document)
    notes = {
        n: [render(one.finding, language) for one in verdict.of(f"section:{n}")]
        for n in range(len(document.sections))
    }
    return await show(
        request,
        "schemes/sections.html",
        room="schemes",
        contest=contest,
        error=error,
        base=base,
        num=decimal_text,
        sections=document.sections,
        sums=sums_of(document).sections,
        notes=notes,
        spare=range(len(document.sections), len(document.sections) + 3),
        may_edit=draft.editable
        and actor_in(request).may("contest.configure", *await scopes_of(contest)),
    )


HANDLERS = [row_page, save_row, try_row, sections_page, save_sections]
