"""The page of a contest's certificates: what it shows to whom, with everything that was typed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response

from admin.console.certificates import printing
from admin.console.certificates.faces import ENDS, About, about
from admin.console.certificates.printing import READS
from admin.console.frame import Req, show
from contests.actions.common import contest_row, scopes_of
from contests.actions.renaming import NAMED
from contests.tables import Entry
from core.errors import JiangxinError, NotFound
from core.jobs import JobView, failures_of, jobs_for
from core.privacy import names_of
from core.scoring.model import Text
from core.security import Actor, Scope, actor_in
from core.tables import Organisation
from core.undo import Undoable, undoable_for
from core.web.i18n import LANGUAGES, NAMES, pick, translate
from core.web.language import language_of
from credentials import layouts
from credentials.holder.asking import open_requests
from credentials.identifiers import understood
from credentials.issuance import Issuance, issuance_of
from credentials.layouts import Layout
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate
from credentials.withdrawing import FOR_GOOD, GRACE
from credentials.withdrawing import KIND as SUSPENDED

PAGE = 200
_SHOWN_FAILURES = 50


async def certificates_room(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    *,
    kept: Mapping[str, Any] | None = None,
    layout: Layout | None = None,
) -> Response[bytes]:
    """kept: what was typed into the form that was refused; layout: the one that was."""
    by, known = actor_in(request), await about(contest)
    scopes = await scopes_of(contest)
    issuer = await issuer_scopes(known.issuer) if known.issuer else []
    named = by.may(READS, *scopes)
    issuance = await issuance_of(contest, known.issuer)
    after = request.query_params.get("after", "")
    rows = await _rows(contest, after)
    jobs = await _jobs(by, scopes[0]) if named else []
    layout = layout or await layouts.layout_of(contest, known.issuer)
    return await show(
        request,
        "certificates/certificates.html",
        room="certificates",
        contest=contest,
        error=error,
        kept=kept or {},
        about=known,
        issuance=issuance,
        rows=rows[:PAGE],
        following=rows[PAGE - 1]["public_id"] if len(rows) > PAGE else "",
        paged=bool(after),
        names=await _names(rows[:PAGE], issuance) if named else {},
        entered=named and await Entry.exists().where(Entry.contest == contest),
        layout=layout,
        **preview_values(contest, layout),
        forms=layouts.forms(),
        form_title=layouts.form_of(layout).title,
        seals=layouts.form_of(layout).seals,
        seal_choices=[
            (code, translate(words, language_of(request)))
            for code, words in layouts.form_of(layout).seals.items()
        ],
        tongues=[(code, NAMES[code]) for code in LANGUAGES],
        named=named,
        asked=await open_requests(contest) if named else 0,
        may_issue=by.may("certificate.issue", *issuer),
        may_withdraw=by.may("certificate.revoke", *issuer),
        may_found=by.may("issuer.manage", *issuer),
        may_rename=named
        and by.may("contest.correct", *scopes)
        and (await contest_row(contest))["state"] in NAMED,
        may_describe=bool(issuer) and by.may("organisation.describe", *issuer[1:]),
        authorities=[
            (code, pick(title, language_of(request))) for code, title in await _authorities(known)
        ],
        grace_hours=int(GRACE.total_seconds() // 3600),
        jobs=jobs,
        failures=[
            one
            for job in jobs
            if job.ended and job.failures
            for one in (await failures_of(by, job.id))[:_SHOWN_FAILURES]
        ],
        undos=await _undos(by, issuer),
    )


def preview_values(contest: UUID, layout: Layout) -> dict[str, Any]:
    """What the pictures need: an address for each."""
    typed = {
        "form": layout.form,
        **{f"language-{n}": one for n, one in enumerate(layout.languages, 1)},
        **({"photo": "yes"} if layout.photo else {}),
        "seal": layout.seal,
    }
    base = f"{address(contest)}/preview"
    return {
        "preview": f"{base}?{urlencode(typed)}",
        "pictures": {which: f"{base}/{which}?{urlencode(typed)}" for which in ENDS},
        "wide": layouts.form_of(layout).wide,
    }


def typed_layout(typed: Mapping[str, str]) -> Layout:
    """As the form sends it; a language left empty is none."""
    chosen = (typed.get(f"language-{n}", "") for n in range(1, len(LANGUAGES) + 1))
    return Layout(
        form=typed.get("form", ""),
        languages=tuple(one for one in chosen if one),
        photo=typed.get("photo") == "yes",
        seal=typed.get("seal", ""),
    )


async def certificate_of(contest: UUID, number: str) -> dict[str, Any]:
    """Of this contest, so that the address says which grants count. Raises NotFound."""
    row = (
        await Certificate.select(
            Certificate.public_id, Certificate.contest, Certificate.person, Certificate.issuer
        )
        .where(Certificate.public_id == understood(number))
        .first()
    )
    if row is None or row["contest"] != str(contest):
        raise NotFound(kind="certificate", id=number[:32])
    return dict(row)


def address(contest: UUID) -> str:
    return f"/console/contests/{contest}/certificates"


async def _jobs(by: Actor, scope: Scope) -> list[JobView]:
    """The newest file that was made or is being made."""
    found = await jobs_for(by, scope=scope, limit=5)
    return [job for job in found if job.kind == printing.KIND.name][:1]


async def _undos(by: Actor, issuer: Sequence[Scope]) -> list[Undoable]:
    if not issuer:
        return []
    now = datetime.now(UTC)
    return [
        one
        for one in await undoable_for(by, scope=issuer[0], limit=20)
        if one.kind in (SUSPENDED, FOR_GOOD) and one.open(now)
    ]


async def _authorities(known: About) -> list[tuple[str, Text]]:
    """Who may have decided a withdrawal: the issuer first, then every other organisation here."""
    rows = await Organisation.select(Organisation.code, Organisation.title).where(
        Organisation.kind.not_in(["employer"])
    )
    found = [(row["code"], json.loads(row["title"])) for row in rows]
    return sorted(found, key=lambda one: (one[0] != known.issuer, one[0]))


async def _rows(contest: UUID, after: str) -> list[dict[str, Any]]:
    query = (
        Certificate.select(
            Certificate.public_id,
            Certificate.kind,
            Certificate.issuer,
            Certificate.person,
            Certificate.entry,
            Certificate.title,
            Certificate.state,
            Certificate.cause,
            Certificate.reason,
            Certificate.version,
            Certificate.erased_at,
            Certificate.valid_until,
        )
        .where(Certificate.contest == str(contest))
        .order_by(Certificate.public_id)
        .limit(PAGE + 1)
    )
    if after:
        query = query.where(Certificate.public_id > after)
    return [{**row, "title": json.loads(row["title"])} for row in await query]


async def _names(rows: Iterable[Mapping[str, Any]], issuance: Issuance) -> dict[UUID, str]:
    held = {person for one in issuance.held for person in one.persons}
    return await names_of({row["person"] for row in rows if row["person"]} | held)
