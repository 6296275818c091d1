"""After an event: which certificates there should be, and which no longer.

A result issues the organiser's award by itself; everything else waits for ProposalGranted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.events import (
    CertificateRevoked,
    Output,
    ProposalGranted,
    ResultFacts,
    ResultFinal,
    ResultSigned,
)
from core.outbox import put
from core.scoring.model import Text
from core.web.i18n import pick
from credentials import ledger
from credentials.claims import Conferred
from credentials.identifiers import certificate_key
from credentials.issuing import Wanted, issue
from credentials.keyring import issuers_with_keys, organisations_of
from credentials.lifecycle.settling import settle
from credentials.records import proposals
from credentials.records.levels.filed import check_filed
from credentials.records.notices import today_in_china
from credentials.records.recognised import output_in, shows
from credentials.status import Status
from credentials.tables import Certificate

CERTIFICATE_KINDS: Mapping[str, str] = {
    "level": "level",
    "partner": "partner",
    "title": "honour",
    "medal": "honour",
    "honour": "honour",
}


async def issue_signed(events: Sequence[ResultSigned]) -> None:
    """For the ceremony: certificates that say until when the public notice runs."""
    await _settle([(e.facts, e.facts.notice_until) for e in events if e.issue])


async def issue_final(events: Sequence[ResultFinal]) -> None:
    await _settle([(event.facts, "") for event in events])


async def issue_granted(events: Sequence[ProposalGranted]) -> None:
    """What an authority granted, signed by its issuer. An honour whose authority signs elsewhere is
    a fact of the record alone. Raises FilingLacks for a level that its body is not filed for any more."""
    found = await proposals.granted([UUID(event.proposal) for event in events])
    await _check_filings(events, found)
    issuers = await organisations_of({row["issuer"] for row in found.values()})
    signing = await issuers_with_keys()
    wanted = [
        _granted(row, event, _named(issuers, row["issuer"]))
        for event in events
        if (row := found.get(UUID(event.proposal)))
        and (row["issuer"] in signing or CERTIFICATE_KINDS[row["kind"]] != "honour")
    ]
    await issue(wanted)


async def _check_filings(
    events: Sequence[ProposalGranted], found: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """One that is signed already stays as it is, whatever became of the filing since."""
    levels = [
        (row, event)
        for event in events
        if (row := found.get(UUID(event.proposal))) and row["kind"] == "level"
    ]
    if not levels:
        return
    keys = {row["id"]: proposals.certificate_of(row) for row, _ in levels}
    rows = Certificate.select(Certificate.id).where(Certificate.id.is_in(list(keys.values())))
    signed = set(await rows.output(as_list=True))
    for row, event in levels:
        if keys[row["id"]] not in signed:
            await check_filed(row, event.granted_on, today_in_china())


# --- awards ------------------------------------------------------------------------------------


async def awards_of(results: Sequence[ResultFacts]) -> list[Wanted]:
    """The organiser's awards that these results give, without their public notice."""
    issuers = await organisations_of({facts.organiser for facts in results})
    shared: dict[tuple[str, ...], Conferred] = {}
    return [
        one
        for facts in results
        for one in _awards(facts, "", _named(issuers, facts.organiser), shared)
    ]


async def _settle(results: Sequence[tuple[ResultFacts, str]]) -> None:
    newest: dict[str, tuple[ResultFacts, str]] = {}
    for facts, notice in results:
        if (
            facts.entry not in newest
            or newest[facts.entry][0].result_version < facts.result_version
        ):
            newest[facts.entry] = facts, notice
    issuers = await organisations_of({facts.organiser for facts, _ in newest.values()})
    shared: dict[tuple[str, ...], Conferred] = {}
    wanted = [
        one
        for facts, notice in newest.values()
        for one in _awards(facts, notice, _named(issuers, facts.organiser), shared)
    ]
    await issue(wanted)
    await _withdraw_others([facts for facts, _ in newest.values()], wanted)
    await settle({facts.contest for facts, _ in newest.values()})


def _named(organisations: Mapping[str, Mapping[str, Any]], code: str) -> Text:
    found: Text = json.loads(organisations[code]["title"]) if code in organisations else {}
    return found


def _awards(
    facts: ResultFacts, notice: str, issuer: Text, shared: dict[tuple[str, ...], Conferred]
) -> Iterable[Wanted]:
    for output in facts.outputs:
        if output.kind != "award" or output.issuer != facts.organiser:
            continue
        same = (facts.contest, output.code, notice)
        if same not in shared:
            shared[same] = _award(facts, output, notice, issuer)
        for person in facts.persons:
            yield Wanted(
                key=certificate_key(facts.entry, person, output.code, output.issuer),
                person=UUID(person),
                conferred=shared[same],
                contest=facts.contest,
                entry=facts.entry,
                output=output.code,
                source=f"result:{facts.result_version}",
                source_version=facts.result_version,
                awarded_on=facts.held_on,
                role=_role(facts.team),
                scores=_disclosed(facts),
                evidence_root=facts.evidence_root,
            )


def _award(facts: ResultFacts, output: Output, notice: str, issuer: Text) -> Conferred:
    return Conferred(
        kind="award",
        issuer=output.issuer,
        issuer_name=issuer,
        slug=f"{facts.contest_code}-{output.grade or output.code}",
        title_code=facts.contest_code,
        grade=output.grade,
        title=joined(facts.contest_title, output.title),
        description=joined(facts.competition_title, facts.contest_title),
        criteria={
            "zh-Hans": "按竞赛规则评分排名并经公示确定。",
            "en": "Marked and ranked by the published rules of the contest.",
        },
        modules=_disclosed(facts),
        notice_until=notice,
    )


def joined(*texts: Text) -> Text:
    """Side by side in every language that the last one has; what a text lacks there is in its next
    best, so that no certificate is silent about its contest."""
    return {
        language: " ".join(part for text in texts if (part := pick(text, language)))
        for language in texts[-1]
    }


def _role(team: Text) -> str:
    name = team.get("zh-Hans") or next(iter(team.values()), "")
    other = team.get("en", "")
    if not name:
        return ""
    return f"团队成员:{name}" + (f" · member of {other}" if other and other != name else "")


def _disclosed(facts: ResultFacts) -> tuple[Any, ...]:
    """Scores stay private unless the contest's rules disclose them."""
    return facts.modules if facts.details.get("disclosure") == "modules" else ()


async def _withdraw_others(results: Sequence[ResultFacts], wanted: Sequence[Wanted]) -> None:
    """Awards that a newer result no longer gives are withdrawn, with the correction's reason; for a
    person who has another one now they are replaced by it."""
    kept = {one.key for one in wanted}
    others = {(one.entry, one.person) for one in wanted}
    by_entry = {facts.entry: facts for facts in results if facts.result_version > 1}
    if not by_entry:
        return
    rows = await Certificate.select().where(
        Certificate.entry.is_in(list(by_entry)),
        Certificate.kind == "award",
        Certificate.state != "revoked",
    )
    for row in rows:
        facts = by_entry[row["entry"]]
        if row["id"] in kept or row["source_version"] >= facts.result_version:
            continue
        status = Status.REVOKED
        if (row["entry"], row["person"]) in others:
            status = Status.REPLACED
        await _withdraw(row, facts, status)


async def _withdraw(row: Mapping[str, Any], facts: ResultFacts, status: Status) -> None:
    reason = facts.correction or f"result version {facts.result_version}"
    await ledger.revoke(
        dict(row),
        cause="correction",
        reason=reason,
        authority=facts.organiser,
        now=datetime.now(UTC),
        status=status,
    )
    await Certificate.update({Certificate.source_version: facts.result_version}).where(
        Certificate.id == row["id"]
    )
    await put(CertificateRevoked(str(row["id"]), reason))


# --- what an authority granted -----------------------------------------------------------------


def _granted(row: Mapping[str, Any], event: ProposalGranted, issuer: Text) -> Wanted:
    facts = json.loads(row["facts"])
    clause = json.loads(row["clause"])
    kind = CERTIFICATE_KINDS[row["kind"]]
    title: Text = json.loads(row["title"])
    if kind != "honour":
        title = joined(facts["contest_title"], title)  # a level alone does not say of what
    about = output_in(row["output"])
    modules = proposals.modules_of(facts) if shows(about, "scores") else ()
    output = f"{row['kind']}:{row['code']}:{row['grade']}"
    return Wanted(
        key=proposals.certificate_of(row),
        person=row["person"],
        conferred=Conferred(
            kind=kind,
            issuer=row["issuer"],
            issuer_name=issuer,
            slug="-".join(part for part in (*_named_by(row), row["grade"]) if part),
            title_code=row["occupation"] or row["code"],
            grade=row["grade"],
            title=title,
            description=joined(facts["competition_title"], facts["contest_title"]),
            criteria=clause or title,
            modules=modules,
            languages=about.languages if about else (),
        ),
        contest=row["contest"],
        entry=row["entry"],
        output=output,
        source=f"proposal:{row['id']}",
        source_version=1,
        awarded_on=event.granted_on,
        number=event.number,
        scores=modules,
        evidence_root=facts["evidence_root"] if shows(about, "evidence") else "",
        valid_until=row["valid_until"],
        proposal=row["id"],
    )


def _named_by(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The achievement's name in addresses: an issuer may have several certificates for an occupation."""
    if row["output"]:
        return row["code"], row["occupation"]
    return (row["occupation"] or row["code"],)
