"""Corrections that a holder asks for, and what the organiser answers. What was typed and the file stand
sealed under the holder's own key."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit, enclosing
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.events import NameCorrected
from core.privacy import Erased, open_for, person_name, place, seal_for
from core.same_person import records_of
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from credentials.holder.links import PERMISSION
from credentials.holder.own import Own
from credentials.holder.sessions import Holder
from credentials.holder.tables import HolderRequest
from credentials.records.exchange.evidence import ENDINGS, media_of
from credentials.tables import Certificate

NAME, ROMANISED, RESULT, DATES, OTHER = "name", "romanised", "result", "dates", "other"
KINDS: Mapping[str, str] = {
    NAME: "My name",
    ROMANISED: "My name in Latin letters",
    RESULT: "The award, level or result",
    DATES: "A date",
    OTHER: "Something else",
}
OPEN, PASSED_ON, DONE, DECLINED, TAKEN_BACK = "open", "passed_on", "done", "declined", "taken_back"
STATES: Mapping[str, tuple[str, str]] = {
    OPEN: ("", "waits for the organiser"),
    PASSED_ON: ("warn", "accepted; a second person still has to countersign"),
    DONE: ("good", "done"),
    DECLINED: ("bad", "declined"),
    TAKEN_BACK: ("", "taken back"),
}
"""Tone and words."""
LONGEST, LONGEST_ANSWER = 1000, 1000
LARGEST_FILE = 5 * 1024 * 1024
MOST_OPEN = 10


class RequestDecided(Conflict):
    slug = "holder-request-decided"
    title = "This request was answered or taken back already. Load the page again."


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as both sides see it. media: of the file, "" without one."""

    id: UUID
    person: UUID
    certificate: UUID
    contest: str
    field: str
    wanted: str
    why: str
    media: str
    state: str
    answer: str
    made_at: datetime
    decided_at: datetime | None

    @property
    def open(self) -> bool:
        return self.state == OPEN


async def ask(
    asked: Holder, own: Own, *, field: str, wanted: str, why: str = "", file: bytes = b""
) -> UUID:
    """Raises Invalid with everything that is wrong."""
    media = media_of(file)
    if found := await _findings(asked, field, wanted, why, file, media):
        raise Invalid(found)
    id, person = uuid4(), own.row["person"]
    body = json.dumps({"wanted": wanted.strip(), "why": why.strip()}).encode()
    row = HolderRequest(
        id=id,
        person=person,
        certificate=own.row["id"],
        contest=own.row["contest"],
        field=field,
        sealed_body=await seal_for(person, body, _place("sealed_body", id)),
        sealed_file=await seal_for(person, file, _place("sealed_file", id)) if file else None,
        media=media,
        made_at=datetime.now(UTC),
    )
    async with transaction():
        await HolderRequest.insert(row)
    return id


async def requests_of(person: UUID, certificates: Collection[UUID]) -> list[Asked]:
    """One's own about these certificates, the newest first."""
    if not certificates:
        return []
    rows = (
        await HolderRequest.select(*_SHOWN)
        .where(
            HolderRequest.person.is_in(list(await records_of(person))),
            HolderRequest.certificate.is_in(list(certificates)),
        )
        .order_by(HolderRequest.made_at, ascending=False)
        .limit(100)
    )
    return [await _asked(row) for row in rows]


async def take_back(asked: Holder, request: UUID) -> None:
    """Raises NotFound for anybody else's, RequestDecided after the answer."""
    async with transaction():
        own = await HolderRequest.exists().where(
            HolderRequest.id == request,
            HolderRequest.person.is_in(list(await records_of(asked.person))),
        )
        if not own:
            raise NotFound(kind="request", id=request)
        await _decide(request, [OPEN], TAKEN_BACK, by=None)


async def requests_in(by: Actor, contest: UUID) -> list[Asked]:
    """For the organiser: open ones first, then the newest."""
    await _check(by, contest)
    rows = (
        await HolderRequest.select(*_SHOWN)
        .where(HolderRequest.contest == str(contest), HolderRequest.state != TAKEN_BACK)
        .order_by(HolderRequest.made_at, ascending=False)
        .limit(500)
    )
    found = [await _asked(row) for row in rows]
    return sorted(found, key=lambda one: not one.open)


async def open_requests(contest: UUID) -> int:
    found: int = await HolderRequest.count().where(
        HolderRequest.contest == str(contest), HolderRequest.state == OPEN
    )
    return found


async def request_in(by: Actor, contest: UUID, request: UUID) -> Asked:
    """Raises NotFound for another contest's."""
    await _check(by, contest)
    row = await HolderRequest.select(*_SHOWN).where(HolderRequest.id == request).first()
    if row is None or row["contest"] != str(contest):
        raise NotFound(kind="request", id=request)
    return await _asked(row)


async def file_of(by: Actor, contest: UUID, request: UUID) -> tuple[bytes, str]:
    """The file and its kind; on record, because it may be an identity document."""
    one = await request_in(by, contest, request)
    content = await _file(one.id, one.person)
    if not content:
        raise NotFound(kind="file", id=request)
    async with transaction():
        await audit.record(
            by, "holder.file_read", scope=Scope("contest", str(contest)), subject=str(request)
        )
    return content, one.media


async def answer(by: Actor, contest: UUID, request: UUID, *, state: str, words: str) -> None:
    """state: done, declined or passed_on. Raises Invalid, RequestDecided."""
    one = await request_in(by, contest, request)
    check_answer(one, state=state, words=words)
    sealed = await seal_for(one.person, words.strip().encode(), _place("sealed_answer", one.id))
    async with transaction():
        await _decide(one.id, [OPEN, PASSED_ON], state, by=by.account, answer=sealed)
        scope = Scope("contest", str(contest))
        await audit.record(
            by, "holder.answered", scope=scope, subject=str(request), after={"state": state}
        )


def check_answer(one: Asked, *, state: str, words: str) -> None:
    """Raises Invalid with everything that is wrong, RequestDecided for one that is answered."""
    found = []
    if state not in (DONE, DECLINED, PASSED_ON) or (state == PASSED_ON and one.field != NAME):
        found.append(Finding("/state", "credentials.holder-answer-state", {}))
    if not 1 <= len(words.strip()) <= LONGEST_ANSWER:
        params = {"most": str(LONGEST_ANSWER)}
        found.append(Finding("/words", "credentials.holder-answer-words", params))
    if found:
        raise Invalid(found)
    if one.state not in (OPEN, PASSED_ON):
        raise RequestDecided


async def names_corrected(events: Sequence[NameCorrected]) -> None:
    """After the countersignature: requests for exactly that name are done."""
    for event in events:
        person = UUID(event.person)
        name = await person_name(person)
        rows = await HolderRequest.select(*_SHOWN).where(
            HolderRequest.person == person,
            HolderRequest.field == NAME,
            HolderRequest.state.is_in([OPEN, PASSED_ON]),
        )
        for row in rows:
            if name and (await _asked(row)).wanted == name:
                await HolderRequest.update(
                    {HolderRequest.state: DONE, HolderRequest.decided_at: datetime.now(UTC)}
                ).where(HolderRequest.id == row["id"], HolderRequest.state == row["state"])


async def numbers_of(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Certificate -> public id."""
    ids = list({one.certificate for one in asked})
    if not ids:
        return {}
    rows = await Certificate.select(Certificate.id, Certificate.public_id).where(
        Certificate.id.is_in(ids)
    )
    return {row["id"]: row["public_id"] for row in rows}


async def files_of(asked: Sequence[Asked]) -> dict[str, bytes]:
    """What was handed in with these, for the person's own export."""
    return {
        f"requests/{one.id}.{ENDINGS[one.media]}": await _file(one.id, one.person)
        for one in asked
        if one.media
    }


_SHOWN = [column for column in HolderRequest.all_columns() if column != HolderRequest.sealed_file]


async def _check(by: Actor, contest: UUID) -> None:
    check(by, PERMISSION, *await enclosing.scopes(Scope("contest", str(contest))))


async def _decide(
    request: UUID,
    before: Sequence[str],
    after: str,
    *,
    by: UUID | None,
    answer: bytes | None = None,
) -> None:
    moved = (
        await HolderRequest.update(
            {
                HolderRequest.state: after,
                HolderRequest.decided_at: datetime.now(UTC),
                HolderRequest.decided_by: by,
                HolderRequest.sealed_answer: answer,
            }
        )
        .where(HolderRequest.id == request, HolderRequest.state.is_in(list(before)))
        .returning(HolderRequest.id)
    )
    if not moved:
        raise RequestDecided


async def _findings(
    asked: Holder, field: str, wanted: str, why: str, file: bytes, media: str
) -> list[Finding]:
    found, most = [], {"most": str(LONGEST)}
    if field not in KINDS:
        found.append(Finding("/field", "credentials.holder-request-field", {}))
    if not 1 <= len(wanted.strip()) <= LONGEST:
        found.append(Finding("/wanted", "credentials.holder-request-wanted", most))
    if len(why) > LONGEST:
        found.append(Finding("/why", "credentials.holder-request-long", most))
    if len(file) > LARGEST_FILE:
        params = {"most": str(LARGEST_FILE // (1024 * 1024))}
        found.append(Finding("/file", "credentials.holder-request-large", params))
    elif file and not media:
        found.append(Finding("/file", "credentials.holder-request-media", {}))
    waiting = await HolderRequest.count().where(
        HolderRequest.person.is_in(list(await records_of(asked.person))),
        HolderRequest.state == OPEN,
    )
    if waiting >= MOST_OPEN:
        found.append(Finding("", "credentials.holder-requests-many", {"count": str(waiting)}))
    return found


async def _file(request: UUID, person: UUID) -> bytes:
    row = (
        await HolderRequest.select(HolderRequest.sealed_file)
        .where(HolderRequest.id == request)
        .first()
    )
    sealed = row["sealed_file"] if row else None
    return await _opened(person, sealed, "sealed_file", request)


async def _asked(row: Mapping[str, Any]) -> Asked:
    body = await _opened(row["person"], row["sealed_body"], "sealed_body", row["id"])
    said = json.loads(body or b"{}")
    answered = await _opened(row["person"], row["sealed_answer"], "sealed_answer", row["id"])
    return Asked(
        id=row["id"],
        person=row["person"],
        certificate=row["certificate"],
        contest=row["contest"],
        field=row["field"],
        wanted=said.get("wanted", ""),
        why=said.get("why", ""),
        media=row["media"],
        state=row["state"],
        answer=answered.decode(),
        made_at=row["made_at"],
        decided_at=row["decided_at"],
    )


async def _opened(person: UUID, sealed: bytes | None, column: str, request: UUID) -> bytes:
    try:
        return await open_for(person, sealed, _place(column, request)) if sealed else b""
    except Erased:
        return b""


def _place(column: str, request: UUID) -> bytes:
    return place("holder_request", column, request)
