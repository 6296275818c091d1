"""Everything that is on record about a holder, for the holder alone: as JSON, as a page to read, with
every file. Each package tells its own part (`core.about_person`); this one's is here too."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import about_person
from core.about_person import Chapter, Source, Within
from core.errors import JiangxinError
from core.web.i18n import pick, show_list, show_moment, translate
from credentials import queries, rendering
from credentials.consents.actions import WORDING
from credentials.consents.tables import HolderConsent
from credentials.evidence.tables import OpenedLine
from credentials.files.making import certificate_pdf, not_handed_out
from credentials.holder import asking, shares
from credentials.holder.tables import HolderLink, HolderSession
from credentials.partners.tables import PartnerConsent, UnsignedCertificate
from credentials.records.queries import person_record
from credentials.tables import Certificate

SECRET = frozenset(
    {"id", "person", "token_hash", "secret_hash", "number_hash", "root", "made_by", "given_by",
     "contests", "issuers", "link", "proposal", "certificate", "decided_by", "opened_by"}
)  # fmt: skip
"""Columns that say nothing of the person: keys of rows, hashes, and other people's accounts."""
Table = Sequence[Sequence[tuple[str, str]]]


def install() -> None:
    about_person.register(Source("certificates", _tell, frozenset({"certificates", "holders"})))


async def _tell(person: UUID, within: Within) -> list[Chapter]:
    rows = [row for row in await _rows(person) if _seen(row, within)]
    ids = [row["id"] for row in rows]
    record = await person_record(person)
    asked = await asking.requests_of(person, ids)
    return [
        Chapter(
            "certificates", "Certificates", [_certificate(row) for row in rows], await _files(rows)
        ),
        *_record(record, within),
        Chapter(
            "waiting", "Certificates that wait for a signature", await _unsigned(person, within)
        ),
        Chapter("consents", "What you allow", await _consents(person, within)),
        Chapter("shares", "Excerpts that you shared", await _shares(person, ids)),
        Chapter("lines", "Lines of score sheets that were opened", await _lines(ids)),
        Chapter(
            "requests",
            "Corrections that you asked for",
            [_request(one) for one in asked],
            await asking.files_of(asked),
        ),
        Chapter("log_ins", "Links and log-ins", await _log_ins(person)),
    ]


async def archive(
    person: UUID, within: Within, page: Callable[[Sequence[Chapter]], bytes]
) -> bytes:
    """A zip of everything. page: makes the readable one."""
    chapters = await about_person.about(person, within)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("everything.html", page(chapters))
        made.writestr("everything.json", as_json(chapters))
        for chapter in chapters:
            for name, content in chapter.files.items():
                made.writestr(name, content)
    return out.getvalue()


def as_json(chapters: Iterable[Chapter]) -> bytes:
    told = {one.code: {"records": one.records, "files": sorted(one.files)} for one in chapters}
    return json.dumps(told, ensure_ascii=False, indent=1, default=_plain).encode()


def readable(chapter: Chapter, language: str) -> Table:
    """Label and value of every field of every record that says something."""
    return [
        [
            (translate(label_of(name), language), _words(value, language))
            for name, value in record.items()
            if value not in ("", None, {}, [])
        ]
        for record in chapter.records
    ]


def label_of(name: str) -> str:
    return LABELS.get(name, name.replace("_", " "))


LABELS: Mapping[str, str] = {
    "name": "Name",
    "kind": "Kind",
    "number": "Number",
    "romanised": "Name in Latin letters",
    "employer": "Employer",
    "contact": "Contact",
    "birth_date": "Date of birth",
    "sex": "Sex",
    "languages": "Languages",
    "contest": "Contest",
    "competition": "Competition",
    "held_on": "Held on",
    "group": "Group",
    "delegation": "Delegation",
    "status": "State",
    "state": "State",
    "members_of_the_entry": "Members of the entry",
    "entered_at": "Entered on",
    "sealed_notes_about_the_entry": "Sealed notes about the entry; ask the organiser for them",
    "file": "File",
    "list_of": "List of",
    "still_kept": "Still kept",
    "public_id": "Certificate no.",
    "title": "Award / level",
    "issuer": "Issued by",
    "awarded_on": "Awarded on",
    "valid_until": "Valid until",
    "version": "Version",
    "reason": "Reason",
    "authority": "Authority",
    "authority_title": "Authority",
    "granted_on": "Granted on",
    "occupation": "Occupation",
    "level": "Skill level",
    "grade": "Grade",
    "code": "Code",
    "source": "Source",
    "clause": "Clause",
    "disclosed": "Shown on the check page",
    "created_at": "Entered on",
    "withdrawn_at": "Withdrawn on",
    "filed_at": "Filed on",
    "decided_at": "Decided on",
    "wording": "What you agreed to",
    "given_at": "Given on",
    "fields": "Fields",
    "label": "For whom",
    "made_at": "Made on",
    "expires_at": "Ends on",
    "ended_at": "Ended on",
    "opened": "Times opened",
    "opened_at": "Opened on",
    "closed_at": "Ended on",
    "position": "Line",
    "field": "What is wrong",
    "wanted": "What should stand there",
    "why": "Why",
    "answer": "Answer",
    "device": "Device",
    "used_at": "Used on",
    "noted_at": "Entered on",
    "entry": "Entry",
    "rules_version": "Version of the rules",
    "result_version": "Version of the result",
    "organisation": "Organisation",
    "trades": "Trades",
    "trade": "Trade",
    "master": "Master",
    "apprentice": "Apprentice",
    "city": "City",
    "weekdays": "Has time on",
    "from_day": "From (empty: at once)",
    "until_day": "Until (empty: without an end)",
    "services": "Services",
    "telephone": "Telephone",
    "email": "E-mail",
    "studio": "Innovation studio",
    "listed_at": "Can be found since",
    "sent_at": "Offered on",
    "answered_at": "Answered on",
    "day": "Day of the visit",
    "minutes": "Minutes",
    "paper": "How it is known",
    "year": "Year",
    "place": "Place",
    "prize": "Prize",
    "keeper": "Kept by",
}
"""Fields of records in words; msgids. What is not here is shown by its own name."""


def _words(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return translate("yes" if value else "no", language)
    if isinstance(value, Mapping):
        return pick({str(k): str(v) for k, v in value.items()}, language)
    if isinstance(value, datetime):
        return show_moment(value, language)
    if isinstance(value, list | tuple):
        return show_list([_words(one, language) for one in value], language)
    return str(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


async def _rows(person: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await Certificate.raw(
        "SELECT " + queries.COLUMNS + queries.JOINED + " WHERE c.person = {} ORDER BY c.public_id",
        person,
    )
    return found


def _seen(row: Mapping[str, Any], within: Within) -> bool:
    return within.has(contest=row.get("contest") or "", issuer=row.get("issuer") or "")


def _certificate(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("public_id", "issuer", "awarded_on", "valid_until", "state", "reason", "version")
    return {"title": queries.title_of(row), **{name: row[name] for name in shown}}


async def _files(rows: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """Token, badge and paper of each; a paper that can't be made is left out, its token is there."""
    found: dict[str, bytes] = {}
    for row in rows:
        name = f"certificates/{row['public_id']}"
        if token := rendering.token_of(row):
            found[f"{name}.jwt"] = token.encode()
            found[f"{name}.png"] = await rendering.picture(row, "png")
        if not_handed_out(row) is None:
            try:
                found[f"{name}.pdf"] = await certificate_pdf(row)
            except JiangxinError:
                continue
    return found


def _record(record: Mapping[str, list[dict[str, Any]]], within: Within) -> list[Chapter]:
    titles = {
        "levels": "Skill levels",
        "honours": "Honours",
        "earlier_results": "Earlier results",
        "proposals": "Proposals",
        "applications": "Applications",
    }
    return [
        Chapter(
            code,
            title,
            [
                _open(row)
                for row in record[code]
                if within.has(
                    contest=row.get("contest", ""),
                    issuer=row.get("issuer") or row.get("authority") or row.get("keeper", ""),
                )
            ],
        )
        for code, title in titles.items()
    ]


def _open(row: Mapping[str, Any], *more: str) -> dict[str, Any]:
    hidden = SECRET | set(more)
    return {name: value for name, value in row.items() if name not in hidden}


async def _unsigned(person: UUID, within: Within) -> list[dict[str, Any]]:
    rows = await UnsignedCertificate.select(
        UnsignedCertificate.issuer, UnsignedCertificate.noted_at
    ).where(UnsignedCertificate.person == person)
    return [dict(row) for row in rows if _seen(row, within)]


async def _consents(person: UUID, within: Within) -> list[dict[str, Any]]:
    own = await HolderConsent.select().where(HolderConsent.person == person)
    partners = await PartnerConsent.select().where(PartnerConsent.person == person)
    return [
        *({**_open(row), "wording": WORDING[row["kind"]][1]} for row in own),
        *(_open(row) for row in partners if _seen(row, within)),
    ]


async def _shares(person: UUID, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    return [
        {
            "fields": sorted(one.fields),
            "label": one.label,
            "made_at": one.made_at,
            "expires_at": one.expires_at,
            "ended_at": one.ended_at,
            "opened": one.opened,
            "opened_at": one.opened_at,
        }
        for one in await shares.shares_of(person, ids)
    ]


async def _lines(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    if not ids:
        return []
    rows = await OpenedLine.select().where(OpenedLine.certificate.is_in(list(ids)))
    return [_open(row) for row in rows]


def _request(one: asking.Asked) -> dict[str, Any]:
    return {
        "field": one.field,
        "wanted": one.wanted,
        "why": one.why,
        "state": one.state,
        "answer": one.answer,
        "made_at": one.made_at,
        "decided_at": one.decided_at,
    }


async def _log_ins(person: UUID) -> list[dict[str, Any]]:
    links = await HolderLink.select().where(HolderLink.person == person)
    sessions = await HolderSession.select().where(HolderSession.person == person)
    return [*(_open(row, "contest") for row in links), *(_open(row) for row in sessions)]
