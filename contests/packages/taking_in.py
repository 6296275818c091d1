"""A package becomes a contest of this installation, whole or not at all.

With a log it is an archive: its chain and its results are verified first, its ids stay, and only
its home may go on with it. Without one it becomes a new draft; marks in its tables stay outside,
because a mark enters a contest only as a sheet that an appointed judge signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

from contests.actions.people import EntrantDraft, enrol_members, enter
from contests.chain import moment_of
from contests.entrants import MemberDraft, check_drafts
from contests.log import here, store
from contests.packages.archive import Files
from contests.packages.format import CONTEST, LOAN, CompetitionFacts, DelegationFacts, Package
from contests.packages.reading import read_files
from contests.packages.recount import recount_files
from contests.packages.score import configuration_findings
from contests.replay import Replayed, lines_of_version, replay
from contests.scoring import compute, results_text
from contests.tables import Competition, Contest, Delegation, Entry, ResultRow
from core import audit
from core.db import transaction
from core.errors import Invalid
from core.registry import registry
from core.scoring.codec import canonical
from core.scoring.model import EntryFacts, Finding
from core.security import Actor, Scope, check
from core.tables import Organisation

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class TakenIn:
    contest: UUID
    code: str
    state: str
    entries: int
    notes: tuple[Finding, ...] = ()


async def take_in(
    by: Actor, files: Files, *, organisation: str = "", now: datetime | None = None
) -> TakenIn:
    """Raises Invalid with every finding of the package, ContestTypeMissing for an absent type."""
    check(by, "competition.create")
    reading = read_files(files)
    if reading.package is None:
        raise Invalid(reading.findings)
    if LOAN in files.contents:
        raise Invalid([Finding(f"/{LOAN}", "package-is-loan", {})])
    package = reading.package
    findings = list(recount_files(files).findings if package.log else ())
    findings += [f for f in configuration_findings(package) if not f.is_warning]
    at = now or datetime.now(UTC)
    async with transaction():
        owner = await organisation_for(by, package, organisation, at)
        findings += await _already_here(package)
        if owner is None:
            code = organisation or _organiser(package) or "-"
            params = {"code": code}
            findings.append(Finding(f"/{CONTEST}", "package-import-organisation-unknown", params))
        if findings or owner is None:
            raise Invalid(findings)
        competition = await competition_for(package, owner, at)
        taken = (
            await _archive(package, competition, at)
            if package.log
            else await _draft(package, competition, at)
        )
        scope = Scope("contest", str(taken.contest))
        await audit.record(by, "import_contest", scope=scope, subject=taken.code)
    return TakenIn(
        taken.contest, taken.code, taken.state, taken.entries, (*reading.notes, *taken.notes)
    )


# --- what must fit ------------------------------------------------------------------------------


async def organisation_for(by: Actor, package: Package, said: str, at: datetime) -> UUID | None:
    """The one named, else the package's own organiser (made by whoever may make organisations),
    else the only organiser there is."""
    code = said or _organiser(package)
    if not code:
        only = await Organisation.select(Organisation.id).where(Organisation.kind == "organiser")
        return only[0]["id"] if len(only) == 1 else None
    row = await Organisation.select(Organisation.id).where(Organisation.code == code).first()
    if row is not None:
        found: UUID = row["id"]
        return found
    if said or not by.may("organisation.manage"):
        return None
    made = uuid4()
    title = package.contest.competition.organiser_title if package.contest.competition else {}
    await Organisation.insert(
        Organisation(
            id=made, code=code, title=json_text(dict(title)), kind="organiser", created_at=at
        )
    )
    return made


def _organiser(package: Package) -> str:
    return package.contest.competition.organiser if package.contest.competition else ""


async def _already_here(package: Package) -> list[Finding]:
    facts = package.contest
    params = {"code": facts.code}
    taken = [Finding(f"/{CONTEST}/code", "package-import-exists", params)]
    if await Contest.exists().where(Contest.code == facts.code):
        return taken
    if not package.log:
        return []
    try:
        known = await Contest.exists().where(Contest.id == UUID(facts.id))
    except ValueError:
        return [Finding(f"/{CONTEST}/id", "package-import-id", {"id": facts.id[:40]})]
    return taken if known else []


async def competition_for(package: Package, organisation: UUID, at: datetime) -> UUID:
    """The package's competition: found by its code, or made."""
    facts = package.contest.competition or CompetitionFacts(
        package.contest.code, package.contest.title
    )
    row = await Competition.select(Competition.id).where(Competition.code == facts.code).first()
    if row is not None:
        found: UUID = row["id"]
        return found
    competition = uuid_of(facts.id) if package.log else uuid4()
    await Competition.insert(
        Competition(
            id=competition,
            organisation=organisation,
            code=facts.code,
            title=json_text(dict(facts.title)),
            held_from=facts.held_from,
            held_to=facts.held_to,
            place=facts.place,
            authorities=json_text(list(facts.authorities)),
            created_at=at,
        )
    )
    return competition


# --- the two ways in ----------------------------------------------------------------------------


async def _archive(package: Package, competition: UUID, at: datetime) -> TakenIn:
    """The log as it is, and what follows from it."""
    facts, known = package.contest, replay(package.log)
    contest = UUID(facts.id)
    await bring_delegations(competition, facts.delegations)
    await Contest.insert(
        Contest(
            id=contest,
            competition=competition,
            code=facts.code,
            title=json_text(dict(facts.title)),
            state=facts.state,
            type_code=facts.type.code,
            type_version=facts.type.version,
            options=json_text(dict(facts.options)),
            scheme=json_text(package.scheme),
            rules=json_text(package.rules),
            rules_hash=facts.rules_hash,
            facts=json_text(dict(facts.facts)),
            home=facts.home,
            head=package.log[-1].hash,
            length=len(package.log),
            result_version=facts.result_version,
            created_at=moment_of(package.log[0].at),
        )
    )
    await store(contest, package.log)
    await bring_entries(contest, known.entries, at)
    await _results(contest, package, known)
    return TakenIn(contest, facts.code, facts.state, len(known.entries))


async def _draft(package: Package, competition: UUID, at: datetime) -> TakenIn:
    facts = package.contest
    contest = uuid4()
    delegations = await bring_delegations(competition, facts.delegations)
    await Contest.insert(
        Contest(
            id=contest,
            competition=competition,
            code=facts.code,
            title=json_text(dict(facts.title)),
            type_code=facts.type.code,
            type_version=facts.type.version,
            options=json_text(dict(facts.options)),
            scheme=json_text(package.scheme),
            rules=json_text(package.rules),
            facts=json_text(dict(facts.facts)),
            home=here(),
            created_at=at,
        )
    )
    drafts = _drafts(package, delegations)
    findings = check_drafts(drafts, registry().partners()) if drafts else []
    entered: set[str] = set()
    for place, draft in enumerate(drafts):
        persons, found = await enrol_members(draft, entered, place)
        findings += found
        await enter(contest, draft, persons, now=at)
    if findings:
        raise Invalid(_in_identities(findings))
    return TakenIn(contest, facts.code, "draft", len(drafts), tuple(_left_outside(package)))


def _drafts(package: Package, delegations: dict[str, UUID]) -> list[EntrantDraft]:
    """Entries whose members are named; without names nobody can be entered."""
    members: dict[str, list[tuple[int, str]]] = {}
    for member in package.members:
        members.setdefault(member.entry, []).append((member.position, member.name))
    return [
        EntrantDraft(
            members=[MemberDraft(name) for _, name in sorted(members[entry.id])],
            group=entry.group,
            delegation=delegations.get(entry.delegation),
            reserve=entry.reserve,
            trial=entry.trial,
        )
        for entry in package.record.entries
        if entry.id in members
    ]


def _in_identities(findings: Sequence[Finding]) -> list[Finding]:
    return [Finding(f"/identities.csv{f.pointer}", f.code, f.params) for f in findings]


def _left_outside(package: Package) -> Iterable[Finding]:
    marks = sum(len(sheet.marks) for sheet in package.record.sheets)
    if marks:
        yield Finding("/marks.csv", "package-import-marks-left", {"count": str(marks)})
    if package.record.entries and not package.members:
        yield Finding("/entrants.csv", "package-import-names-missing", {})


async def bring_delegations(competition: UUID, facts: Sequence[DelegationFacts]) -> dict[str, UUID]:
    """Code -> id; those that are missing are made under the id that `add_delegation` would give,
    unless the log names them by another."""
    rows = await Delegation.select().where(Delegation.competition == competition)
    known: dict[str, UUID] = {row["code"]: row["id"] for row in rows}
    new = [d for d in facts if d.code not in known]
    for delegation in new:
        known[delegation.code] = (
            uuid_of(delegation.id)
            if delegation.id and not await _taken(delegation.id)
            else uuid5(competition, f"delegation|{delegation.code}")
        )
    if new:
        await Delegation.insert(
            *[
                Delegation(
                    id=known[d.code],
                    competition=competition,
                    code=d.code,
                    title=json_text(dict(d.title)),
                    city=d.city,
                )
                for d in new
            ]
        )
    return known


async def _taken(delegation: str) -> bool:
    found: bool = await Delegation.exists().where(Delegation.id == uuid_of(delegation))
    return found


async def bring_entries(contest: UUID, entries: Sequence[EntryFacts], at: datetime) -> None:
    rows = [
        Entry(
            id=UUID(entry.id),
            contest=contest,
            group_code=entry.group,
            delegation=uuid_of(entry.delegation) if entry.delegation else None,
            reserve=entry.reserve,
            trial=entry.trial,
            created_at=at,
        )
        for entry in entries
    ]
    for start in range(0, len(rows), _CHUNK):
        await Entry.insert(*rows[start : start + _CHUNK])


async def _results(contest: UUID, package: Package, known: Replayed) -> None:
    """Every version again from the log; the recount has compared their hashes already."""
    for version in known.versions:
        then = replay(lines_of_version(package.log, version.number))
        if then.frozen is None or then.record is None:
            continue
        await ResultRow.insert(
            ResultRow(
                id=uuid5(contest, f"results|{version.number}"),
                contest=contest,
                version=version.number,
                body=results_text(compute(then.frozen, then.record)),
                rules_hash=version.rules_hash,
                log_head=version.log_head,
                reason=version.reason,
                created_at=moment_of(package.log[version.seq - 1].at),
            )
        )


def uuid_of(text: str) -> UUID:
    """The id itself; anything else is given a steady one."""
    try:
        return UUID(text)
    except ValueError:
        return uuid5(UUID(int=0), text) if text else uuid4()


def json_text(value: object) -> str:
    return canonical(value).decode()
