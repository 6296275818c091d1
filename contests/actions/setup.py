"""Setting a contest up: competition, contest, scheme, rules, and the step to ready."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import (
    allowed,
    change_contest,
    competition_row,
    competition_scopes,
    contest_row,
    json_text,
    moment,
)
from contests.declared import declared_findings
from contests.interests import conflicts_of
from contests.log import here, writing
from contests.preparing import prepared_body, readiness
from contests.schemes.actions import save_rules_on
from contests.schemes.queries import scheme_in
from contests.schemes.rules_versions import RULES
from contests.schemes.versions import draft_in
from contests.scoring import rules_findings, scheme_findings
from contests.tables import Competition, Contest
from core import audit
from core.contest_type import ContestType, read_options
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound, NotReady, Stale, WrongState
from core.registry import registry
from core.scoring.model import Finding, Rules, Scheme, TeamRule, Text
from core.security import Actor, Scope, check
from core.tables import Organisation

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,47}", re.ASCII)


async def create_competition(
    by: Actor,
    *,
    organisation: UUID,
    code: str,
    title: Text,
    held_from: str,
    held_to: str,
    place: str = "",
    authorities: Sequence[str] = (),
    team_rule: TeamRule | None = None,
    demonstration: bool = False,
    now: datetime | None = None,
) -> UUID:
    """A competition (大赛) of an organisation. `authorities`: codes of partner rules."""
    check(by, "competition.create", Scope("organisation", str(organisation)))
    if not await Organisation.exists().where(Organisation.id == organisation):
        raise NotFound(kind="organisation", id=organisation)
    findings = [*_code(code), *competition_findings(title, held_from, held_to)]
    findings += _known(authorities)
    competition = uuid4()
    async with transaction():
        if await Competition.exists().where(Competition.code == code):
            findings.append(Finding("/code", "code-taken", {"code": code}))
        _refuse(findings)
        await Competition.insert(
            Competition(
                id=competition,
                organisation=organisation,
                code=code,
                title=json_text(dict(title)),
                held_from=held_from,
                held_to=held_to,
                place=place,
                authorities=json_text(list(authorities)),
                team_rule=json_text(team_rule) if team_rule else "",
                demonstration=demonstration,
                created_at=moment(now),
            )
        )
        scope = Scope("competition", str(competition))
        await audit.record(by, "create_competition", scope=scope, subject=code)
    return competition


@dataclass(frozen=True, slots=True)
class ContestStart:
    """What a contest starts from. scheme, rules: instead of the type's own drafts.

    facts: occupation, contest_class, held_on, organiser (issuer code), outputs, conflicts …
    """

    code: str
    title: Text
    type_code: str
    type_version: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    scheme: Scheme | None = None
    rules: Rules | None = None


async def create_contest(
    by: Actor,
    *,
    competition: UUID,
    code: str,
    title: Text,
    type_code: str,
    type_version: int | None = None,
    options: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    scheme: Scheme | None = None,
    rules: Rules | None = None,
    now: datetime | None = None,
) -> UUID:
    """A contest (赛项), its scheme and rules drafted by its type, or as given."""
    start = ContestStart(
        code, title, type_code, type_version, options or {}, facts or {}, scheme, rules
    )
    held, findings = await check_start(by, competition, start)
    async with transaction():
        findings += await _code_taken(code)
        _refuse(findings)
        return await _insert_contest(by, held, start, moment(now))


async def create_contests_in_transaction(
    by: Actor, competition: UUID, starts: Sequence[ContestStart], *, now: datetime
) -> list[UUID]:
    """All of them, or none: Invalid lists every finding of every one, by its place."""
    findings: list[Finding] = []
    held: dict[str, Any] = {}
    for place, start in enumerate(starts):
        held, wrong = await check_start(by, competition, start)
        findings += _under(f"/{place}", [*wrong, *await _code_taken(start.code)])
    codes = [start.code for start in starts]
    findings += [
        Finding(f"/{place}/code", "code-taken", {"code": code})
        for place, code in enumerate(codes)
        if code in codes[:place]
    ]
    _refuse(findings)
    return [await _insert_contest(by, held, start, now) for start in starts]


async def check_start(
    by: Actor, competition: UUID, start: ContestStart
) -> tuple[dict[str, Any], list[Finding]]:
    """The competition and everything wrong with the start, but for a code that is taken."""
    check(by, "contest.configure", *await competition_scopes(competition))
    await _may_issue(by, start.facts, {})
    held = await competition_row(competition)
    _known_type(start.type_code)
    contest_type = registry().contest_type(start.type_code, start.type_version)
    read, wrong = read_options(contest_type, start.options)
    findings = [*_code(start.code), *_title(start.title), *(_under("/options", wrong))]
    findings += _under("/facts", declared_findings(start.facts))
    if not wrong:
        scheme = start.scheme or contest_type.scheme(read)
        if start.scheme is not None:
            findings += _under("/scheme", scheme_findings(contest_type, scheme))
        if start.rules is not None:
            findings += _under("/rules", rules_findings(scheme, start.rules))
    return held, findings


async def _code_taken(code: str) -> list[Finding]:
    taken = await Contest.exists().where(Contest.code == code)
    return [Finding("/code", "code-taken", {"code": code})] if taken else []


async def _insert_contest(
    by: Actor, held: Mapping[str, Any], start: ContestStart, now: datetime
) -> UUID:
    contest_type = registry().contest_type(start.type_code, start.type_version)
    read, _ = read_options(contest_type, start.options)
    contest = uuid4()
    await Contest.insert(
        Contest(
            id=contest,
            competition=held["id"],
            code=start.code,
            title=json_text(dict(start.title)),
            type_code=contest_type.code,
            type_version=contest_type.version,
            options=json_text(dict(read)),
            scheme=json_text(start.scheme or contest_type.scheme(read)),
            rules=json_text(start.rules or contest_type.rules(read)),
            facts=json_text({"held_on": held["held_to"], **start.facts}),
            home=here(),
            created_at=now,
        )
    )
    scope = Scope("contest", str(contest))
    await audit.record(by, "create_contest", scope=scope, subject=start.code)
    return contest


def _known_type(code: str) -> None:
    """A type that nobody brings is a wrong answer here; for a contest that exists it is a missing
    plugin."""
    known = [contest_type.code for contest_type in registry().contest_types()]
    if code not in known:
        params = {"code": code[:40], "known": ", ".join(known)}
        raise Invalid([Finding("/type_code", "contest-type-unknown", params)])


async def save_options(
    by: Actor, contest: UUID, options: Mapping[str, Any], *, revision: int
) -> int:
    """New answers to the type's questions: scheme and rules are drafted again."""
    row = await contest_row(contest)
    contest_type = registry().contest_type(row["type_code"], row["type_version"])
    read, findings = read_options(contest_type, options)
    await allowed(by, "contest.configure", contest)
    _refuse(findings)
    drafts = {
        "options": json_text(dict(read)),
        "scheme": json_text(contest_type.scheme(read)),
        "rules": json_text(contest_type.rules(read)),
    }
    return await _save(by, contest, "save_options", revision, drafts)


async def save_scheme(by: Actor, contest: UUID, scheme: Scheme, *, revision: int) -> int:
    """Replaces the draft scheme; refused while the sums do not come out. Returns the revision."""
    await allowed(by, "contest.configure", contest)
    _refuse(scheme_findings(await type_of(contest), scheme))
    return await _save(by, contest, "save_scheme", revision, {"scheme": json_text(scheme)})


async def save_rules(
    by: Actor, contest: UUID, rules: Rules, *, revision: int, now: datetime | None = None
) -> int:
    """The next version of the draft rules. Returns the contest's revision: the same one when nothing
    changed."""
    await allowed(by, "contest.configure", contest)
    row = await contest_row(contest)
    _refuse(rules_findings(scheme_in(row), rules))
    if row["revision"] != revision or row["state"] != "draft":
        raise await _not_saved(contest)
    base = (await draft_in(RULES, row)).tag
    return (await save_rules_on(by, contest, rules, base=base, now=now)).revision


async def save_facts(
    by: Actor,
    contest: UUID,
    facts: Mapping[str, Any],
    *,
    revision: int,
    action: str = "save_facts",
    before: Any = None,
    after: Any = None,
) -> int:
    """Replaces what is printed and declared beside the marks. Returns the new revision. action, before,
    after: what the record of changes says of it."""
    await allowed(by, "contest.configure", contest)
    _refuse(declared_findings(facts))
    await _may_issue(by, facts, json.loads((await contest_row(contest))["facts"]))
    values = {"facts": json_text(dict(facts))}
    return await _save(by, contest, action, revision, values, before=before, after=after)


async def make_ready(by: Actor, contest: UUID, *, now: datetime | None = None) -> None:
    """draft → ready: entrants and appointments are complete. NotReady lists all that is unmet."""
    scope = await allowed(by, "contest.configure", contest)
    async with transaction(), writing(contest, "draft", now=moment(now)) as log:
        findings = [*await readiness(contest), *await blocking_interests(contest)]
        if findings:
            raise NotReady(findings)
        log.add("contest_prepared", await prepared_body(contest))
        await change_contest(contest, {Contest.state: "ready"})
        await audit.record(by, "make_ready", scope=scope)


async def cancel_contest(by: Actor, contest: UUID, *, now: datetime | None = None) -> None:
    """A contest that never takes place; its log stays."""
    scope = await allowed(by, "contest.configure", contest)
    async with transaction(), writing(contest, "draft", "ready", "judging", now=moment(now)) as log:
        log.add("cancelled", {})
        await change_contest(contest, {Contest.state: "cancelled"})
        await audit.record(by, "cancel_contest", scope=scope)


async def _may_issue(by: Actor, facts: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Awards are signed by the issuer named here without anybody being asked again, so that only
    who may sign for it names it."""
    issuer = str(facts.get("organiser") or "")
    if not issuer or issuer == before.get("organiser"):
        return
    row = await Organisation.select(Organisation.id).where(Organisation.code == issuer).first()
    own = [Scope("organisation", str(row["id"]))] if row else []
    check(by, "certificate.issue", Scope("issuer", issuer), *own)


async def type_of(contest: UUID) -> ContestType:
    """The contest's type; raises ContestTypeMissing when its plugin is not there."""
    row = await contest_row(contest)
    return registry().contest_type(row["type_code"], row["type_version"])


async def blocking_interests(contest: UUID) -> list[Finding]:
    return [finding for finding, blocks in await conflicts_of(contest) if blocks]


async def _save(
    by: Actor,
    contest: UUID,
    action: str,
    revision: int,
    values: Mapping[str, str],
    *,
    before: Any = None,
    after: Any = None,
) -> int:
    async with transaction():
        names = ", ".join(f"{name} = {{}}" for name in values)
        rows = await Contest.raw(
            f"UPDATE contest SET {names}, revision = revision + 1 "  # noqa: S608 - our own names
            "WHERE id = {} AND revision = {} AND state = 'draft' RETURNING revision",
            *values.values(),
            contest,
            revision,
        )
        if not rows:
            raise await _not_saved(contest)
        scope = Scope("contest", str(contest))
        await audit.record(by, action, scope=scope, before=before, after=after)
    return int(rows[0]["revision"])


async def _not_saved(contest: UUID) -> Conflict:
    row = await contest_row(contest)
    if row["state"] != "draft":
        return WrongState(contest=contest, state=row["state"], needed="draft")
    return Stale(kind="contest", id=contest, revision=row["revision"])


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise Invalid(findings)


def _under(pointer: str, findings: Sequence[Finding]) -> list[Finding]:
    return [Finding(pointer + f.pointer, f.code, f.params) for f in findings]


def _code(code: str) -> list[Finding]:
    return (
        [] if _CODE.fullmatch(code) else [Finding("/code", "code-malformed", {"code": code[:60]})]
    )


def competition_findings(title: Text, held_from: str, held_to: str) -> list[Finding]:
    """Everything wrong with a competition's title and days."""
    return [*_title(title), *_dates(held_from, held_to)]


def _title(title: Text) -> list[Finding]:
    if any(str(text).strip() for text in title.values()):
        return []
    return [Finding("/title", "title-missing", {})]


def _dates(first: str, last: str) -> list[Finding]:
    findings = []
    for name, text in (("held_from", first), ("held_to", last)):
        try:
            date.fromisoformat(text)
        except ValueError:
            findings.append(Finding(f"/{name}", "date-malformed", {"value": text[:40]}))
    if not findings and first > last:
        findings.append(Finding("/held_to", "dates-reversed", {"first": first, "last": last}))
    return findings


def _known(authorities: Sequence[str]) -> list[Finding]:
    known = [partner.code for partner in registry().partners()]
    return [
        Finding(f"/authorities/{i}", "authority-unknown", {"code": c, "known": ", ".join(known)})
        for i, c in enumerate(authorities)
        if c not in known
    ]
