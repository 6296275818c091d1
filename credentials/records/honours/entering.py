"""An honour comes onto its way: proposed here, taken up from a contest's proposal, or entered as one that
was granted elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4, uuid5

from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.events import ResultFacts, ResultFinal, event_to_json
from core.partner import HonourKind
from core.same_person import records_of
from core.scoring.model import Finding
from core.security import Actor, check
from credentials.claims import printed
from credentials.encoding import to_text
from credentials.identifiers import NAMESPACE
from credentials.records import history
from credentials.records.bodies import ACTS, codes_for, same_body
from credentials.records.exchange.noticing import note_honour
from credentials.records.grantable import GRANTED_ONCE, enter_once, held_already, once_of
from credentials.records.honours import cases
from credentials.records.honours.catalogue import PROPOSAL_KINDS, cities, kind_of
from credentials.records.honours.tables import HonourCase, Studio
from credentials.records.notices import day, today_in_china
from credentials.records.people import Who, findings_of, person_of
from credentials.records.sealing import hide, new_wrapped
from credentials.records.tables import Honour, Proposal
from credentials.scopes import issuer_scopes

LONGEST_NAME, LONGEST_DOCUMENT, LONGEST_LINK = 120, 120, 500
_HASH = re.compile(r"[0-9a-f]{64}")
OPEN = ("proposed", "notice")


class TakenUp(Conflict):
    slug = "honour-taken-up"
    title = "This proposal has been taken up already."


@dataclass(frozen=True, slots=True)
class Entry:
    """As it was typed. holder: name of a unit or team; studio: id of one; who: of a person."""

    code: str
    body: str
    who: Who | None = None
    holder: str = ""
    studio: str = ""
    city: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What stands behind a grant: the authority's document, its day, and a link or a file's SHA-256."""

    document: str
    granted_on: str
    link: str = ""
    hash: str = ""


async def propose_honour(by: Actor, entry: Entry) -> UUID:
    """For a person it makes a proposal too, from which the certificate comes once it is granted."""
    check(by, ACTS, *await issuer_scopes(entry.body))
    kind, wrong = _findings(entry, granting=True)
    async with transaction():
        row = await _row(entry, kind, wrong)
        if row["person"]:
            row["proposal"] = await _proposal(row, _known(kind), entry.body)
        made = await cases.insert_case(**row)
        await history.note(by, made, "proposed", why=entry.why.strip())
        await _audit(by, "honour.proposed", made)
    return UUID(str(made["id"]))


async def record_elsewhere(by: Actor, entry: Entry, proof: Proof, *, disclosed: bool) -> UUID:
    """The fact alone, with its source; no certificate comes from here."""
    check(by, ACTS, *await issuer_scopes(entry.body))
    kind, wrong = _findings(entry, granting=False)
    wrong += proof_findings(proof)
    async with transaction():
        row = await _row(entry, kind, wrong)
        row |= {
            "state": "granted",
            "elsewhere": True,
            "document": proof.document.strip(),
            "granted_on": proof.granted_on.strip(),
            "year": int(proof.granted_on[:4]),
            "evidence_link": proof.link.strip(),
            "evidence_hash": proof.hash.strip().lower(),
        }
        if row["person"]:
            row["honour"] = await _honour(row, _known(kind), disclosed)
        made = await cases.insert_case(**row)
        await history.note(by, made, "recorded", note=row["document"], why=entry.why.strip())
        await note_honour(made, "granted")
        await _audit(by, "honour.recorded", made)
    return UUID(str(made["id"]))


async def take_up(by: Actor, proposal: UUID) -> UUID:
    """A title, medal or honour that a contest's result proposed: its public notice begins here."""
    async with transaction():
        found = await Proposal.select().where(Proposal.id == proposal).first()
        if found is None or found["kind"] not in GRANTED_ONCE or found["state"] != "proposed":
            raise NotFound(kind="proposal", id=proposal)
        scopes = await issuer_scopes(found["issuer"])
        check(by, ACTS, *scopes)
        if await HonourCase.exists().where(HonourCase.proposal == proposal):
            raise TakenUp()
        kind = kind_of(found["code"])
        made = await cases.insert_case(
            id=uuid5(NAMESPACE, f"honour case|{proposal}"),
            code=found["code"],
            family=kind.family if kind else "other",
            tier=kind.tier if kind else found["grade"],
            city=kind.city if kind else "",
            year=today_in_china().year,
            title=found["title"],
            person=found["person"],
            authority=found["issuer"],
            authority_title=to_text(dict(kind.authority_title)) if kind else "{}",
            proposal=proposal,
        )
        await history.note(by, made, "taken_up")
        await _audit(by, "honour.proposed", made)
    return UUID(str(made["id"]))


async def to_take_up(by: Actor) -> list[dict[str, Any]]:
    """Proposals of results that wait for the bodies of `by`, the newest first."""
    codes = await codes_for(by, ACTS)
    query = Proposal.select(Proposal.id, Proposal.person, Proposal.title, Proposal.issuer).where(
        Proposal.state == "proposed", Proposal.kind.is_in(list(GRANTED_ONCE)), Proposal.contest != ""
    )  # fmt: skip
    if codes is not None:
        if not codes:
            return []
        query = query.where(Proposal.issuer.is_in(sorted(codes)))
    rows = await query.order_by(Proposal.created_at, ascending=False).limit(200)
    taken = await HonourCase.select(HonourCase.proposal).where(
        HonourCase.proposal.is_in([row["id"] for row in rows] or [uuid4()])
    )
    gone = {row["proposal"] for row in taken}
    return [row for row in rows if row["id"] not in gone]


def proof_findings(proof: Proof) -> list[Finding]:
    found = []
    if not proof.document.strip() or len(proof.document) > LONGEST_DOCUMENT:
        params = {"most": str(LONGEST_DOCUMENT)}
        found.append(Finding("/document", "credentials.honour-document", params))
    found += day(proof.granted_on, "/granted_on")[1]
    return found + evidence_findings(proof.link, proof.hash)


def evidence_findings(link: str, hash: str) -> list[Finding]:
    """One of the two; both may be there."""
    found = []
    if not link.strip() and not hash.strip():
        found.append(Finding("/link", "credentials.evidence-missing", {}))
    if link.strip() and not _is_link(link.strip()):
        found.append(Finding("/link", "credentials.evidence-link", {}))
    if hash.strip() and not _HASH.fullmatch(hash.strip().lower()):
        found.append(Finding("/hash", "credentials.evidence-hash", {}))
    return found


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    fine = text.isprintable() and " " not in text and len(text) <= LONGEST_LINK
    return fine and parts.scheme == "https" and bool(parts.hostname) and not parts.username


def _findings(entry: Entry, *, granting: bool) -> tuple[HonourKind | None, list[Finding]]:
    kind = kind_of(entry.code)
    if kind is None:
        return None, [Finding("/code", "credentials.honour-unknown", {})]
    found = []
    if granting and kind.authority and not same_body(kind.authority, entry.body):
        params = {"title": printed(kind.title), "authority": printed(kind.authority_title)}
        found.append(Finding("/body", "credentials.honour-authority", params))
    if entry.city and entry.city not in {city.code for city in cities()}:
        found.append(Finding("/city", "credentials.city-unknown", {}))
    if kind.holder == "person":
        found += findings_of(entry.who or Who(""))
    elif kind.holder == "studio" and not entry.studio:
        found.append(Finding("/studio", "credentials.studio-missing", {}))
    elif kind.holder in ("unit", "team") and not 0 < len(entry.holder.strip()) <= LONGEST_NAME:
        found.append(Finding("/holder", "credentials.holder-missing", {"most": str(LONGEST_NAME)}))
    return kind, found


async def _row(entry: Entry, kind: HonourKind | None, wrong: list[Finding]) -> dict[str, Any]:
    if wrong or kind is None:
        raise Invalid(wrong)
    id, wrapped = uuid4(), new_wrapped()
    row: dict[str, Any] = {
        "id": id,
        "code": kind.code,
        "family": kind.family,
        "tier": kind.tier,
        "city": kind.city or entry.city,
        "year": today_in_china().year,
        "title": to_text(dict(kind.title)),
        "holder": kind.holder,
        "person": None,
        "authority": entry.body,
        "authority_title": to_text(dict(kind.authority_title)),
        "wrapped_key": wrapped,
    }
    if kind.holder == "person":
        row["person"] = await person_of(entry.who or Who(""))
        await _refuse_twice(row["person"], kind)
    elif kind.holder == "studio":
        row["studio"] = await _studio(entry.studio)
    else:
        name = entry.holder.strip()
        row["sealed_holder"] = hide(wrapped, name, "honour_case", "sealed_holder", id)
    return row


async def _refuse_twice(person: UUID, kind: HonourKind) -> None:
    found = await held_already(person, kind.code)
    if kind.once and not found:
        other = (
            await HonourCase.select(HonourCase.created_at)
            .where(
                HonourCase.person.is_in(list(await records_of(person))),
                HonourCase.code == kind.code,
                HonourCase.state.is_in(list(OPEN)),
            )
            .first()
        )
        if other:
            params = {"title": printed(kind.title), "day": f"{other['created_at']:%Y-%m-%d}"}
            found = [Finding("/code", "credentials.honour-pending", params)]
    if found:
        raise Invalid(found)


async def _studio(text: str) -> UUID:
    try:
        studio = UUID(text)
    except ValueError:
        studio = UUID(int=0)
    if not await Studio.exists().where(Studio.id == studio):
        raise Invalid([Finding("/studio", "credentials.studio-missing", {})])
    return studio


def _known(kind: HonourKind | None) -> HonourKind:
    if kind is None:
        raise Invalid([Finding("/code", "credentials.honour-unknown", {})])
    return kind


async def _proposal(row: Mapping[str, Any], kind: HonourKind, issuer: str) -> UUID:
    id = uuid5(NAMESPACE, f"proposal|honour|{row['id']}")
    facts = _facts(row, kind, issuer)
    await Proposal.insert(
        Proposal(
            id=id,
            contest="",
            entry=facts.entry,
            person=row["person"],
            kind=PROPOSAL_KINDS.get(kind.family, "honour"),
            code=kind.code,
            grade=kind.tier,
            title=row["title"],
            authority=kind.authority or issuer,
            issuer=issuer,
            clause=to_text(dict(kind.clause)),
            source=kind.source,
            facts=event_to_json(ResultFinal(facts)),
            created_at=datetime.now(UTC),
        )
    )
    return id


def _facts(row: Mapping[str, Any], kind: HonourKind, issuer: str) -> ResultFacts:
    """An honour that rests on no contest here: what the certificate says of it is its title."""
    return ResultFacts(
        contest="",
        contest_code=kind.code,
        contest_title=kind.title,
        competition="",
        competition_title={},
        organiser=issuer,
        occupation="",
        contest_class="",
        held_on="",
        entry=f"honour:{row['id']}",
        persons=(str(row["person"]),),
        team={},
        group="",
        delegation="",
        rank=None,
        entrants=0,
        total="",
        modules=(),
        outputs=(),
        result_version=1,
        evidence_root="",
    )


async def _honour(row: Mapping[str, Any], kind: HonourKind, disclosed: bool) -> UUID:
    id = uuid5(NAMESPACE, f"honour|{row['id']}")
    await enter_once(
        Honour(
            id=id,
            person=row["person"],
            kind=kind.family,
            code=kind.code,
            once=once_of(kind.code),
            grade=kind.tier,
            title=row["title"],
            authority=kind.authority or row["authority"],
            authority_title=row["authority_title"],
            granted_on=row["granted_on"],
            source=row["document"],
            disclosed=disclosed,
            created_at=datetime.now(UTC),
        )
    )
    return id


async def _audit(by: Actor, action: str, row: Mapping[str, Any]) -> None:
    scopes = await issuer_scopes(row["authority"])
    after = {"code": row["code"], "state": row["state"]}
    await audit.record(by, action, scope=scopes[0], subject=str(row["id"]), after=after)
