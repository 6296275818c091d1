"""The rules of a contest as one typed page; what a panel drops is the scheme's and saved with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other, show
from admin.console.schemes import words
from admin.console.schemes.rules_words import change_words, panel_words, rules_words, tie_keys
from admin.console.schemes.view import choices
from contests.actions.common import scopes_of
from contests.actions.setup import save_rules
from contests.routing import of_contest
from contests.schemes import actions, editing
from contests.schemes.document import Document
from contests.schemes.queries import contest_of, draft_of, frozen_of, rules_in, scheme_in
from contests.schemes.rules_form import PRIZES, fields_of, read_fields, rows_to_show
from contests.schemes.rules_versions import RULES
from contests.schemes.versions import draft_in, history
from core.errors import Invalid, JiangxinError
from core.scoring.model import Finding, Kind, Scheme
from core.scoring.numbers import plain_decimal
from core.security import actor_in, requires
from core.web.i18n import pick, translate
from core.web.language import language_of

READ = [requires("contest.read", of_contest)]
CONFIGURE = [requires("contest.configure", of_contest)]
BASE = "/console/contests/{contest:uuid}/rules"
_PANEL_FIELDS = ("judges", "high", "low", "minimum", "round_panel")
_MARKED = (Kind.POINTS, Kind.JUDGEMENT, Kind.DEDUCTION)


@dataclass(frozen=True, slots=True)
class PanelLine:
    """How a panel marks in a module; same False: its aspects differ, and the largest is shown."""

    module: str
    title: str
    panel: str
    blind: bool
    values: dict[str, str]
    words: str
    same: bool
    aspects: int


@get(BASE, guards=READ, include_in_schema=False)
async def rules_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@post(BASE, guards=CONFIGURE, include_in_schema=False)
async def keep_rules(request: Req, contest: UUID) -> Response[Any]:
    form = {name: str(value) for name, value in (await request.form()).items()}
    row = await contest_of(contest)
    rules, found = read_fields(form, rules_in(row), scheme_in(row), language_of(request))
    revision = form.get("revision", "")
    try:
        if rules is None or not revision.isdecimal():
            raise Invalid(found)
        await save_rules(actor_in(request), contest, rules, revision=int(revision))
    except JiangxinError as error:
        return await _page(request, contest, error=error, form=form)
    return see_other(f"/console/contests/{contest}/rules", "The rules are saved.")


@post(f"{BASE}/panel", guards=CONFIGURE, include_in_schema=False)
async def keep_panel(request: Req, contest: UUID) -> Response[Any]:
    """Size and trimming of one panel in one module, for each of its aspects; and blind or not."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    draft = await draft_of(contest)
    try:
        fields, found = _panel_fields(form)
        if found:
            raise Invalid(found)
        document = editing.with_panel(
            draft.document, form.get("panel", ""), form.get("module", ""), fields
        )
        document = _with_blind(document, form.get("module", ""), form.get("blind") == "yes")
        await actions.save_table(actor_in(request), contest, document, base=form.get("base", ""))
    except JiangxinError as error:
        return await _page(request, contest, error=error)
    return see_other(f"/console/contests/{contest}/rules#panels", "The panel is saved.")


@post(f"{BASE}/versions", guards=CONFIGURE, include_in_schema=False)
async def turn(request: Req, contest: UUID) -> Response[Any]:
    """The last change taken back, or what was taken back repeated."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    verb = actions.redo if form.get("do") == "redo" else actions.undo
    try:
        await verb(actor_in(request), contest, part=RULES, base=form.get("version", ""))
    except JiangxinError as error:
        return await _page(request, contest, error=error)
    done = "The change is repeated." if verb is actions.redo else "The last change is taken back."
    return see_other(f"/console/contests/{contest}/rules", done)


@get(f"{BASE}/history", guards=READ, include_in_schema=False)
async def rules_history(request: Req, contest: UUID, before: int = 0) -> Response[bytes]:
    language, row = language_of(request), await contest_of(contest)
    scheme, draft = scheme_in(row), await draft_in(RULES, row)
    return await show(
        request,
        "schemes/history.html",
        room="rules",
        contest=contest,
        part="rules",
        draft=draft,
        versions=await history(RULES, contest, before=before),
        kinds=words.VERSIONS,
        change_text=lambda finding: change_words(finding, scheme, language),
        may_edit=draft.editable
        and actor_in(request).may("contest.configure", *await scopes_of(contest)),
    )


@post(f"{BASE}/history/{{number:int}}", guards=CONFIGURE, include_in_schema=False)
async def back_to_rules(request: Req, contest: UUID, number: int) -> Response[Any]:
    base = str((await request.form()).get("base", ""))
    try:
        await actions.back_to(actor_in(request), contest, number, part=RULES, base=base)
    except JiangxinError as error:
        return await _page(request, contest, error=error)
    address = f"/console/contests/{contest}/rules"
    return see_other(address, "The rules are as they were in version {number}.", number=number)


def _panel_fields(form: dict[str, str]) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, int | None] = {}
    found = []
    for name in _PANEL_FIELDS:
        text = form.get(name, "").strip()
        number = plain_decimal(text) if text else None
        if text and (number is None or not number.isdecimal() or len(number) > 5):
            found.append(Finding(f"/{name}", "count-unreadable", {"value": text[:40]}))
        values[name] = int(number) if number and number.isdecimal() else None
    trim = {name: values[name] or 0 for name in ("high", "low", "minimum")}
    fields: dict[str, Any] = {"judges": values["judges"] or 1, "trim": trim}
    if values["round_panel"] is not None:
        fields["round_panel"] = values["round_panel"]
    return fields, found


def _with_blind(document: Document, module: str, blind: bool) -> Document:
    return document.with_rows(
        row.having(blind=blind)
        if row.level == "module"
        and row.fields.get("id") == module
        and row.fields.get("blind", True) != blind
        else row
        for row in document.rows
    )


async def _page(
    request: Req,
    contest: UUID,
    *,
    error: JiangxinError | None = None,
    form: dict[str, str] | None = None,
) -> Response[bytes]:
    language = language_of(request)
    row, draft = await contest_of(contest), await draft_of(contest)
    scheme, rules = scheme_in(row), rules_in(row)
    kept = await draft_in(RULES, row)
    last = next(iter(await history(RULES, contest)), None) if kept.stored else None
    fields = form if form is not None else fields_of(rules, language)
    may_edit = draft.editable and actor_in(request).may(
        "contest.configure", *await scopes_of(contest)
    )
    awards = list(rows_to_show(fields, "award", 1))
    return await show(
        request,
        "schemes/rules.html",
        room="rules",
        contest=contest,
        error=error,
        fields=fields,
        revision=(form or {}).get("revision", row["revision"]),
        tag=draft.tag,
        draft=draft,
        kept=kept,
        last=last,
        last_words=[change_words(one, scheme, language) for one in (last.changes if last else ())],
        frozen=await frozen_of(contest),
        may_edit=may_edit,
        said_rules=rules_words(rules, scheme, language),
        panels=panels_of(scheme, language),
        ties=list(rows_to_show(fields, "tie")),
        tie_keys=tie_keys(scheme, language),
        gates=list(rows_to_show(fields, "gate", 1)),
        gate_modules=_gate_modules(scheme, language),
        awards=awards,
        prizes=range(PRIZES),
        lists={
            name: choices(values, language)
            for name, values in (
                ("ties", words.TIES),
                ("absent", words.ABSENT),
                ("locks", words.LOCKS),
                ("issue", words.ISSUE),
                ("methods", words.METHODS),
                ("bases", words.BASES),
                ("roundings", words.ROUNDINGS),
                ("together", words.TOGETHER),
            )
        },
    )


def panels_of(scheme: Scheme, language: str) -> list[PanelLine]:
    """Every panel of every module that gives marks."""
    found = []
    for module in scheme.modules:
        marked = [aspect for aspect in module.aspects() if aspect.kind in _MARKED]
        for panel in dict.fromkeys(aspect.panel for aspect in marked):
            mine = [aspect for aspect in marked if aspect.panel == panel]
            first = max(mine, key=lambda aspect: aspect.judges)
            values = {
                "judges": str(first.judges),
                "high": str(first.trim.high),
                "low": str(first.trim.low),
                "minimum": str(first.trim.minimum),
                "round_panel": "" if first.round_panel is None else str(first.round_panel),
            }
            alike = {(a.judges, a.trim, a.round_panel) for a in mine}
            found.append(
                PanelLine(
                    module.id,
                    f"{module.id} {pick(module.title, language)}",
                    panel,
                    module.blind,
                    values,
                    panel_words(first, language),
                    len(alike) == 1,
                    len(mine),
                )
            )
    return found


def _gate_modules(scheme: Scheme, language: str) -> Sequence[tuple[str, str]]:
    modules = [(f"module:{m.id}", f"{m.id} {pick(m.title, language)}") for m in scheme.modules]
    return [("", "–"), *modules, ("module:", translate("The total", language))]


HANDLERS = [rules_page, keep_rules, keep_panel, turn, rules_history, back_to_rules]
