"""What a result version says of each entry, as the facts that certificates and partners act on."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from contests.declared import ASKED, RECOGNISED
from contests.evidence import Leaf, contents_by_entry, root
from contests.identity.sealing import persons_of, teams_of
from contests.replay import Replayed
from contests.scoring import read_results
from contests.tables import Competition, Contest, Delegation, EvidenceLeaf, ResultRow
from core.events import ModuleLine, Output, ResultFacts
from core.partner import PartnerOutput
from core.recognition import PARTNER, titled
from core.registry import registry
from core.scoring.model import EntryFacts, Outcome, Results, Rules, Scheme, Standing, Text
from core.scoring.numbers import decimal_text, milli_text, rounded_text

_CHUNK = 2000
_DETAILS = ("standard_level", "disclosure")
"""Contest facts that are handed on as they stand."""


@dataclass(frozen=True, slots=True)
class Background:
    """What is the same for every entry of a contest."""

    contest: Mapping[str, Any]
    competition: Mapping[str, Any]
    facts: Mapping[str, Any]
    scheme: Scheme
    rules: Rules
    persons: Mapping[str, Sequence[UUID]]
    teams: Mapping[str, Text]
    delegations: Mapping[str, str]
    cities: Mapping[str, str]
    """Delegation id -> code of its city, for the rules of partner authorities."""
    recognised: Sequence[tuple[PartnerOutput, str]]
    """Partners' certificates that the test is recognised for, with the level that the organiser proposes."""


async def facts_of_version(
    contest: UUID, known: Replayed, *, version: int, correction: str = ""
) -> dict[str, ResultFacts]:
    """Entry id -> facts of one stored version, for every entry that competed."""
    results = await stored_results(contest, version)
    return await facts_of(contest, known, results, version=version, correction=correction)


async def facts_of(
    contest: UUID, known: Replayed, results: Results, *, version: int, correction: str = ""
) -> dict[str, ResultFacts]:
    """The same of results that need not be stored; their evidence is that of the versions before."""
    roots = await _roots(contest, version)
    about = await _background(contest, known)
    prizes = prizes_of(results, known, version)
    notice = about.contest["notice_until"]
    lines = _module_lines(results, about.scheme)
    counted = {entry.id: entry for entry in known.record.entries} if known.record else {}
    present = _present(results, counted)
    return {
        standing.entry: ResultFacts(
            contest=str(contest),
            contest_code=about.contest["code"],
            contest_title=json.loads(about.contest["title"]),
            competition=str(about.contest["competition"]),
            competition_title=json.loads(about.competition["title"]),
            organiser=about.facts.get("organiser", ""),
            occupation=about.facts.get("occupation", ""),
            contest_class=about.facts.get("contest_class", ""),
            held_on=about.facts.get("held_on", ""),
            entry=standing.entry,
            persons=tuple(str(person) for person in about.persons.get(standing.entry, ())),
            team=about.teams.get(standing.entry, {}),
            group=standing.group,
            delegation=about.delegations.get(counted[standing.entry].delegation, ""),
            rank=standing.rank,
            entrants=present[standing.group],
            total="" if standing.total is None else _total(standing, about.rules),
            modules=tuple(lines.get(standing.entry, ())),
            outputs=_outputs(standing, prizes.get(standing.entry, ()), about),
            result_version=version,
            evidence_root=roots.get(standing.entry, ""),
            authorities=tuple(json.loads(about.competition["authorities"])),
            notice_until=notice.date().isoformat() if notice else "",
            correction=correction,
            details=_details(about, counted[standing.entry].delegation),
        )
        for standing in results.standings
        if standing.entry in counted and not counted[standing.entry].trial
    }


async def stored_results(contest: UUID, version: int) -> Results:
    row = (
        await ResultRow.select(ResultRow.body)
        .where(ResultRow.id == uuid5(contest, f"results|{version}"))
        .first()
    )
    if row is None:
        raise KeyError(f"contest {contest} has no result version {version}")
    return read_results(row["body"])


async def keep_evidence(contest: UUID, version: int, results: Results) -> None:
    """Salted leaves of every line that is new in this version."""
    earlier = await _leaves(contest, version)
    rows = []
    for entry, contents in contents_by_entry(results).items():
        known = [leaf.content for leaf in earlier.get(entry, ())]
        if known == contents:
            continue
        rows += [
            EvidenceLeaf(
                id=uuid5(contest, f"leaf|{version}|{entry}|{position}"),
                contest=contest,
                version=version,
                entry=UUID(entry),
                position=position,
                content=content,
                salt=secrets.token_bytes(16),
            )
            for position, content in enumerate(contents)
        ]
    for start in range(0, len(rows), _CHUNK):
        await EvidenceLeaf.insert(*rows[start : start + _CHUNK])


def changed(old: Mapping[str, ResultFacts], new: Mapping[str, ResultFacts]) -> list[ResultFacts]:
    """The facts whose certificate, rank, points or prize a correction changed."""
    return [facts for entry, facts in new.items() if _decisive(old.get(entry)) != _decisive(facts)]


def prizes_of(
    results: Results, known: Replayed, version: int
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Entry -> (rule, prize): as confirmed, else as proposed."""
    confirmed = known.awards.get(version)
    awards = (
        [(award["entry"], award["rule"], award["prize"]) for award in confirmed]
        if confirmed is not None
        else [(award.entry, award.rule, award.prize) for award in results.awards]
    )
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for entry, rule, prize in awards:
        found[entry] = (*found.get(entry, ()), (rule, prize))
    return found


def _decisive(facts: ResultFacts | None) -> tuple[Any, ...] | None:
    if facts is None:
        return None
    return (facts.rank, facts.total, facts.modules, facts.outputs, facts.group, facts.persons)


async def _background(contest: UUID, known: Replayed) -> Background:
    row = await Contest.select().where(Contest.id == contest).first()
    if row is None or known.frozen is None:
        raise KeyError(f"contest {contest} has no frozen rules")
    competition = (
        await Competition.select().where(Competition.id == row["competition"]).first() or {}
    )
    delegations = await Delegation.select(Delegation.id, Delegation.code, Delegation.city).where(
        Delegation.competition == row["competition"]
    )
    facts = json.loads(row["facts"])
    return Background(
        contest=row,
        competition=competition,
        facts=facts,
        scheme=known.frozen.scheme,
        rules=known.frozen.rules,
        persons=await persons_of(contest),
        teams=await teams_of(contest),
        delegations={str(d["id"]): d["code"] for d in delegations},
        cities={str(d["id"]): d["city"] for d in delegations if d["city"]},
        recognised=_chosen(facts, json.loads(competition["authorities"])),
    )


def _chosen(
    facts: Mapping[str, Any], authorities: Sequence[str]
) -> list[tuple[PartnerOutput, str]]:
    """What no partner knows any more leads to nothing."""
    partners = [one for one in registry().partners() if one.code in authorities]
    known = {output.code: output for partner in partners for output in partner.outputs()}
    return [
        (known[one["code"]], one.get("level", ""))
        for one in facts.get(RECOGNISED, ())
        if one["code"] in known
    ]


def _details(about: Background, delegation: str) -> dict[str, str]:
    """What partner rules and disclosure may ask for (`ResultFacts.details`)."""
    declared = {key: str(about.facts[key]) for key in _DETAILS if about.facts.get(key)}
    answers = about.facts.get(ASKED, {})
    declared |= {f"asked:{code}": str(value) for code, value in answers.items() if value != ""}
    city = about.cities.get(delegation, "")
    declared |= {
        f"minimum:{one['code']}": one["minimum"]
        for one in about.facts.get(RECOGNISED, ())
        if one.get("minimum")
    }
    return {**declared, "delegation_city": city} if city else declared


def _outputs(
    standing: Standing, prizes: Sequence[tuple[str, str]], about: Background
) -> tuple[Output, ...]:
    titles = {
        (rule.code, prize.code): prize.title for rule in about.rules.awards for prize in rule.prizes
    }
    awards = [
        Output("award", f"award:{prize}", prize, titles.get((rule, prize), {}), _issuer(about))
        for rule, prize in prizes
    ]
    won = [prize for _, prize in prizes]
    return (*awards, *_declared(standing, won, about), *_recognised(standing, about))


def _recognised(standing: Standing, about: Background) -> list[Output]:
    """What partners recognise the test for, for everybody with a place: who meets a partner's conditions
    is asked afterwards."""
    if standing.rank is None or standing.status is not Outcome.SCORED:
        return []
    return [
        Output(PARTNER, output.code, level, titled(output, level), output.issuer)
        for output, level in about.recognised
    ]


def _declared(standing: Standing, prizes: Sequence[str], about: Background) -> list[Output]:
    """`facts["outputs"]`: kind, code, grade, title, issuer and who gets it: `prizes` (any of
    them), `rank` (this place or better), `minimum` (points); all that are given must hold."""
    return [
        Output(
            declared["kind"],
            declared["code"],
            str(declared.get("grade", "")),
            declared.get("title", {}),
            declared.get("issuer", _issuer(about)),
        )
        for declared in about.facts.get("outputs", ())
        if _qualifies(standing, prizes, declared)
    ]


def _qualifies(standing: Standing, prizes: Sequence[str], declared: Mapping[str, Any]) -> bool:
    if standing.rank is None or standing.status is not Outcome.SCORED:
        return False
    if declared.get("prizes") and not set(prizes) & set(declared["prizes"]):
        return False
    if declared.get("rank") and standing.rank > int(declared["rank"]):
        return False
    return not declared.get("minimum") or (
        standing.total is not None and standing.total >= int(declared["minimum"])
    )


def _issuer(about: Background) -> str:
    return str(about.facts.get("organiser", ""))


def _module_lines(results: Results, scheme: Scheme) -> dict[str, list[ModuleLine]]:
    modules = {module.id: module for module in scheme.modules}
    found: dict[str, list[ModuleLine]] = {}
    for score in results.modules:
        module = modules[score.module]
        line = ModuleLine(
            score.module,
            module.title,
            "" if score.score is None else decimal_text(score.score),
            "" if module.maximum is None else milli_text(module.maximum),
        )
        found.setdefault(score.entry, []).append(line)
    return found


def _total(standing: Standing, rules: Rules) -> str:
    if standing.total is None:
        return ""
    if rules.round_total is None:
        return decimal_text(standing.total)
    return rounded_text(standing.total, rules.round_total)


def _present(results: Results, counted: Mapping[str, EntryFacts]) -> Counter[str]:
    """Group -> how many competed: everybody but the absent and trial entries."""
    return Counter(
        standing.group
        for standing in results.standings
        if standing.status is not Outcome.DNS
        and standing.entry in counted
        and not counted[standing.entry].trial
    )


async def _leaves(contest: UUID, version: int) -> dict[str, list[Leaf]]:
    """Entry -> its newest leaves up to this version."""
    rows = (
        await EvidenceLeaf.select()
        .where(EvidenceLeaf.contest == contest, EvidenceLeaf.version <= version)
        .order_by(EvidenceLeaf.version, EvidenceLeaf.position)
    )
    newest = {str(row["entry"]): row["version"] for row in rows}
    found: dict[str, list[Leaf]] = {}
    for row in rows:
        entry = str(row["entry"])
        if row["version"] == newest[entry]:
            leaf = Leaf(row["position"], row["content"], bytes(row["salt"]))
            found.setdefault(entry, []).append(leaf)
    return found


async def _roots(contest: UUID, version: int) -> dict[str, str]:
    return {entry: root(leaves) for entry, leaves in (await _leaves(contest, version)).items()}
