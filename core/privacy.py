"""Personal data: sealed under a key of each person, readable while that key exists.

AES-256-GCM throughout. A sealed value is bound to the place it stands in (table, column, row), so
that it can't be moved. Keys stand in the database wrapped by the installation's key-encryption
key; emptying a wrapped key makes everything sealed under it noise, in every backup too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4, uuid5

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from piccolo.columns import Column

from core import audit, settings
from core.db import TransactionMisused, in_transaction, scrub, transaction
from core.errors import Conflict, JiangxinError, NotFound
from core.events import PersonErased
from core.outbox import put
from core.same_person import records_of, records_of_all, standing_for
from core.scoring.codec import canonical
from core.security import INSTALLATION, SYSTEM, Actor, check
from core.settings import Secrets, SettingsError
from core.tables import Person, PersonDocument

_VERSION = b"\x01"
_NONCE = 12
_DATA_KEY = b"jiangxin data key"
_FORM = b"jiangxin form"
_CHUNK = 2000
_INSERTED = 500


class Erased(JiangxinError):
    slug = "erased"
    title = "This was erased at the request of the person concerned."
    status = 410


class Damaged(JiangxinError):
    """A sealed value that its key does not open: moved, altered, or of another installation."""

    slug = "damaged"
    title = "A protected value can't be read: it was altered, or the installation's keys were."


class TwoPersons(Conflict):
    slug = "documents-of-two-persons"
    title = "These identity documents belong to two different persons on record."


# --- sealing -----------------------------------------------------------------------------------


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Encrypts; only `unseal` with the same key and context reads it again."""
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + _cipher(key).encrypt(nonce, plain, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Raises Damaged when the value was altered or belongs elsewhere."""
    sealed = bytes(sealed)
    if sealed[:1] != _VERSION or len(sealed) <= 1 + _NONCE:
        raise Damaged()
    try:
        return _cipher(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], context)
    except InvalidTag as error:
        raise Damaged() from error


def place(table: str, column: str, row: UUID) -> bytes:
    """The context of a sealed column's value."""
    return f"{table}.{column}|{row}".encode()


def wrap(key: bytes) -> bytes:
    """A data key as it may stand in the database."""
    return seal(_secrets().key_encryption, key, _DATA_KEY)


def unwrap(wrapped: bytes | None) -> bytes:
    """Raises Erased for a key that was destroyed."""
    if not wrapped:
        raise Erased()
    return unseal(_secrets().key_encryption, wrapped, _DATA_KEY)


def sealed_in_form(words: str) -> str:
    """For a hidden field of a form that may not show what was typed into it."""
    return seal(_secrets().key_encryption, words.encode(), _FORM).hex()


def read_in_form(sent: str) -> str:
    """What `sealed_in_form` sealed; "" for anything else."""
    try:
        return unseal(_secrets().key_encryption, bytes.fromhex(sent), _FORM).decode()
    except (ValueError, Damaged):
        return ""


def keyed_hash(*parts: str) -> str:
    """Finds something again without storing it; nobody without the secret can try values out."""
    message = b"".join(len(p).to_bytes(4, "big") + p for p in (part.encode() for part in parts))
    return hmac.new(_secrets().keyed_hash, message, hashlib.sha256).hexdigest()


@lru_cache(maxsize=512)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _secrets() -> Secrets:
    found = settings.current().secrets
    if found is None:
        raise SettingsError(["There are no secrets. Make them once with `jiangxin init`."])
    return found


# --- persons -----------------------------------------------------------------------------------


async def create_person(
    *,
    name: str,
    facts: Mapping[str, Any] | None = None,
    documents: Sequence[tuple[str, str]] = (),
) -> UUID:
    """The person whom one of the documents (kind, normalised number) belongs to, or a new one.

    A person on record keeps the name on record; facts given now replace the older ones of the
    same key. Inside the caller's transaction.
    """
    if not in_transaction():
        raise TransactionMisused("create_person belongs into the transaction of the change.")
    found = await _owners(documents)
    if len(found) > 1:
        raise TwoPersons()
    known = found.pop() if found else None
    person = known or await _insert_person(name, facts or {})
    owner = await _add_documents(person, documents)
    if owner != person:  # another process entered the same person in this moment
        await Person.delete().where(Person.id == person)
    if (known or owner != person) and facts:
        await _merge_facts(owner, facts)
    return owner


@dataclass(frozen=True, slots=True)
class NewPerson:
    """documents: (kind, normalised number)."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[tuple[str, str]] = ()


async def create_persons(wanted: Sequence[NewPerson]) -> list[UUID]:
    """`create_person` for many, in few statements. Inside the caller's transaction."""
    if not in_transaction():
        raise TransactionMisused("create_persons belongs into the transaction of the change.")
    known = await owners_of([document for one in wanted for document in one.documents])
    found: list[UUID] = []
    rows: list[Person] = []
    documents: list[PersonDocument] = []
    now = datetime.now(UTC)
    for one in wanted:
        owners = {known[d] for d in one.documents if d in known}
        if owners:
            found.append(
                await create_person(name=one.name, facts=one.facts, documents=one.documents)
                if owners.isdisjoint(row.id for row in rows)
                else owners.pop()
            )
            continue
        person, key = uuid4(), new_key()
        rows.append(_person_row(person, key, one.name, one.facts, now))
        documents += [
            _document_row(person, key, kind, number, now) for kind, number in one.documents
        ]
        known |= dict.fromkeys(one.documents, person)
        found.append(person)
    for start in range(0, len(rows), _INSERTED):
        await Person.insert(*rows[start : start + _INSERTED])
    for start in range(0, len(documents), _INSERTED):
        await PersonDocument.insert(*documents[start : start + _INSERTED]).on_conflict(
            action="DO NOTHING"
        )
    return await _settled(wanted, found, {row.id for row in rows})


async def change_person(
    person: UUID,
    *,
    name: str | None = None,
    facts: Mapping[str, Any] | None = None,
    documents: Sequence[tuple[str, str]] | None = None,
) -> None:
    """What is given replaces what is on record: the name; the facts named (an empty one goes); all
    documents. Raises TwoPersons for a document that is somebody else's, Erased for nobody. Inside
    the caller's transaction."""
    if not in_transaction():
        raise TransactionMisused("change_person belongs into the transaction of the change.")
    rows = await _persons([person])
    key = unwrap(rows[0]["wrapped_key"] if rows else None)
    values: dict[Any, Any] = {}
    if name is not None:
        sealed = seal(key, name.encode(), place("person", "sealed_name", person))
        values[Person.sealed_name] = sealed
    if facts is not None:
        merged = {**json.loads(_open(rows[0], "sealed_facts") or b"{}"), **facts}
        kept = {k: v for k, v in merged.items() if v not in ("", None, [])}
        values[Person.sealed_facts] = _sealed_facts(person, key, kept)
    if values:
        await Person.update(values).where(Person.id == person)
    if documents is not None:
        # A document of a record that was joined to this one is the same person's and stays there.
        kept_hashes = [_match_hash(kind, number) for kind, number in documents]
        query = PersonDocument.delete().where(PersonDocument.person == person)
        if kept_hashes:
            query = query.where(PersonDocument.match_hash.not_in(kept_hashes))
        await query
        if await _add_documents(person, documents) != await standing_for(person):
            raise TwoPersons()


async def owners_of(documents: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Document (kind, normalised number) -> whose it is; unknown ones are left out. Of records that were
    joined, the one that stands for all."""
    hashes = {_match_hash(kind, number): (kind, number) for kind, number in documents}
    wanted, found = list(hashes), dict[tuple[str, str], UUID]()
    for start in range(0, len(wanted), _CHUNK):
        rows = await PersonDocument.select(PersonDocument.match_hash, PersonDocument.person).where(
            PersonDocument.match_hash.is_in(wanted[start : start + _CHUNK])
        )
        found |= {hashes[row["match_hash"]]: row["person"] for row in rows}
    standing = await records_of_all(found.values())
    return {document: standing[person][0] for document, person in found.items()}


async def seal_for(person: UUID, plain: bytes, context: bytes) -> bytes:
    """Seals under the person's own key, so that erasing the person erases it. Raises Erased."""
    rows = await _persons([person])
    return seal(unwrap(rows[0]["wrapped_key"] if rows else None), plain, context)


async def open_for(person: UUID, sealed: bytes, context: bytes) -> bytes:
    """What `seal_for` sealed. Raises Erased."""
    rows = await _persons([person])
    return unseal(unwrap(rows[0]["wrapped_key"] if rows else None), sealed, context)


async def person_name(person: UUID) -> str:
    """ "" once erased, or when there is nobody of this id."""
    return (await names_of([person])).get(person, "")


async def names_of(persons: Iterable[UUID]) -> dict[UUID, str]:
    """Person -> name, "" once erased; unknown ids are left out."""
    rows = await _persons(persons, Person.id, Person.wrapped_key, Person.sealed_name)
    return {row["id"]: _open(row, "sealed_name").decode() for row in rows}


async def facts_of(persons: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Person -> what is known beside the name; empty once erased."""
    rows = await _persons(persons, Person.id, Person.wrapped_key, Person.sealed_facts)
    return {row["id"]: json.loads(_open(row, "sealed_facts") or b"{}") for row in rows}


async def documents_of_all(persons: Iterable[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """Person -> (kind, number) of each identity document; nobody without one, no erased one."""
    rows = {row["id"]: row for row in await _persons(persons) if row["wrapped_key"]}
    wanted, found = list(rows), dict[UUID, list[tuple[str, str]]]()
    for start in range(0, len(wanted), _CHUNK):
        documents = (
            await PersonDocument.select()
            .where(PersonDocument.person.is_in(wanted[start : start + _CHUNK]))
            .order_by(PersonDocument.created_at)
        )
        for row in documents:
            key = unwrap(rows[row["person"]]["wrapped_key"])
            number = unseal(key, row["sealed_number"], _number_place(row["id"])).decode()
            found.setdefault(row["person"], []).append((row["kind"], number))
    return found


async def documents_of(person: UUID) -> list[tuple[str, str]]:
    """(kind, number) of a person's identity documents, for the few who may see them."""
    rows = await _persons([person])
    if not rows or not rows[0]["wrapped_key"]:
        return []
    key = unwrap(rows[0]["wrapped_key"])
    found = (
        await PersonDocument.select()
        .where(PersonDocument.person == person)
        .order_by(PersonDocument.created_at)
    )
    return [
        (row["kind"], unseal(key, row["sealed_number"], _number_place(row["id"])).decode())
        for row in found
    ]


async def erase_person(person: UUID, *, by: Actor = SYSTEM) -> None:
    """Destroys the person's key and what every plugin holds of the person, of every record that was joined
    to this one too. Twice is once.

    Logs, chains and certificates' rows stay and still verify; nothing in them reads again.
    """
    check(by, "person.erase", INSTALLATION)
    async with transaction():
        await erase_within(person, by=by)
    await scrub()


async def erase_within(person: UUID, *, by: Actor) -> None:
    """`erase_person` inside the caller's transaction, who scrubs afterwards and has asked who may."""
    from core.registry import registry  # here, because plugins import this module

    if not in_transaction():
        raise TransactionMisused("erase_within belongs into the transaction of the change.")
    row = await Person.select(Person.erased_at).where(Person.id == person).first()
    if row is None:
        raise NotFound(kind="person", id=person)
    if row["erased_at"] is not None:
        return
    for record in await records_of(person):
        for shredder in registry().shredders():
            await shredder.shred(str(record))
        await _destroy(record)
        await audit.record(by, "erase_person", scope=INSTALLATION, subject=str(record))
        await put(PersonErased(str(record)))


async def _owners(documents: Sequence[tuple[str, str]]) -> set[UUID]:
    hashes = [_match_hash(kind, number) for kind, number in documents]
    if not hashes:
        return set()
    rows = await PersonDocument.select(PersonDocument.person).where(
        PersonDocument.match_hash.is_in(hashes)
    )
    standing = await records_of_all(row["person"] for row in rows)
    return {records[0] for records in standing.values()}


async def _insert_person(name: str, facts: Mapping[str, Any]) -> UUID:
    person = uuid4()
    await Person.insert(_person_row(person, new_key(), name, facts, datetime.now(UTC)))
    return person


def _person_row(
    person: UUID, key: bytes, name: str, facts: Mapping[str, Any], now: datetime
) -> Person:
    return Person(
        id=person,
        wrapped_key=wrap(key),
        sealed_name=seal(key, name.encode(), place("person", "sealed_name", person)),
        sealed_facts=_sealed_facts(person, key, facts),
        created_at=now,
    )


async def _settled(
    wanted: Sequence[NewPerson], found: Sequence[UUID], made: set[UUID]
) -> list[UUID]:
    """Where another process entered the same person in this moment, that person counts."""
    owners = await owners_of([document for one in wanted for document in one.documents])
    settled: list[UUID] = []
    for one, person in zip(wanted, found, strict=True):
        others = {owners[d] for d in one.documents if d in owners} - {person}
        if others and person not in made:
            raise TwoPersons()
        if others:
            await Person.delete().where(Person.id == person)
            person = await create_person(name=one.name, facts=one.facts, documents=one.documents)
        settled.append(person)
    return settled


async def _merge_facts(person: UUID, facts: Mapping[str, Any]) -> None:
    rows = await _persons([person])
    merged = {**json.loads(_open(rows[0], "sealed_facts") or b"{}"), **facts}
    key = unwrap(rows[0]["wrapped_key"])
    await Person.update({Person.sealed_facts: _sealed_facts(person, key, merged)}).where(
        Person.id == person
    )


def _sealed_facts(person: UUID, key: bytes, facts: Mapping[str, Any]) -> bytes:
    return seal(key, canonical(dict(facts)), place("person", "sealed_facts", person))


async def _add_documents(person: UUID, documents: Sequence[tuple[str, str]]) -> UUID:
    """Stores those that are new; returns whose they are."""
    if not documents:
        return person
    rows = await _persons([person])
    key, now = unwrap(rows[0]["wrapped_key"]), datetime.now(UTC)
    for kind, number in documents:
        row = _document_row(person, key, kind, number, now)
        await PersonDocument.insert(row).on_conflict(action="DO NOTHING")
    owners = await _owners(documents)
    if len(owners) > 1:
        raise TwoPersons()
    return owners.pop()


def _document_row(
    person: UUID, key: bytes, kind: str, number: str, now: datetime
) -> PersonDocument:
    match = _match_hash(kind, number)
    row = uuid5(person, match)
    return PersonDocument(
        id=row,
        person=person,
        kind=kind,
        match_hash=match,
        sealed_number=seal(key, number.encode(), _number_place(row)),
        created_at=now,
    )


def _number_place(row: UUID) -> bytes:
    return place("person_document", "sealed_number", row)


def _match_hash(kind: str, number: str) -> str:
    return keyed_hash("document", kind, number)


async def _persons(persons: Iterable[UUID], *columns: Column) -> list[dict[str, Any]]:
    """columns: all by default."""
    wanted = list(dict.fromkeys(persons))
    found: list[dict[str, Any]] = []
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found += await Person.select(*columns).where(Person.id.is_in(chunk))
    return found


def _open(row: Mapping[str, Any], column: str) -> bytes:
    if not row["wrapped_key"] or not row[column]:
        return b""
    return unseal(unwrap(row["wrapped_key"]), row[column], place("person", column, row["id"]))


async def _destroy(person: UUID) -> None:
    await PersonDocument.delete().where(PersonDocument.person == person)
    await Person.update(
        {
            Person.wrapped_key: None,
            Person.sealed_name: None,
            Person.sealed_facts: None,
            Person.erased_at: datetime.now(UTC),
        }
    ).where(Person.id == person)
