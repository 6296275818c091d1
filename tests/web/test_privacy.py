"""Personal data at rest and its erasure."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from core import db, privacy
from core.db import transaction
from core.engines.sqlite import Sqlite
from core.errors import Forbidden, NotFound
from core.events import PersonErased
from core.outbox import Handler, drain
from core.privacy import (
    Damaged,
    Erased,
    TwoPersons,
    create_person,
    documents_of,
    erase_person,
    facts_of,
    keyed_hash,
    names_of,
    new_key,
    person_name,
    place,
    seal,
    unseal,
    unwrap,
    wrap,
)
from core.registry import Registry, registry, use_registry
from core.security import Actor
from core.settings import Settings
from core.tables import AuditEntry, Person, PersonDocument

NAME = "司徒明慧 Szeto Meng Wai"
NUMBER = "440524188001010014"
EMPLOYER = "珠江精密制造厂"


async def enter(name: str = NAME, *numbers: str, **facts: str) -> UUID:
    async with transaction():
        return await create_person(
            name=name, facts=facts, documents=[("CN-ID", number) for number in numbers]
        )


# --- sealing -----------------------------------------------------------------------------------


def test_a_sealed_value_opens_with_its_key_and_place_only() -> None:
    key, row = new_key(), uuid4()
    sealed = seal(key, b"secret", place("person", "sealed_name", row))

    assert unseal(key, sealed, place("person", "sealed_name", row)) == b"secret"
    for wrong in (
        (new_key(), place("person", "sealed_name", row)),
        (key, place("person", "sealed_facts", row)),
        (key, place("person", "sealed_name", uuid4())),
    ):
        with pytest.raises(Damaged):
            unseal(wrong[0], sealed, wrong[1])


@pytest.mark.parametrize("position", [0, 1, 13, 20, -1])
def test_one_flipped_bit_is_found(position: int) -> None:
    key = new_key()
    sealed = bytearray(seal(key, b"secret", b"place"))
    sealed[position] ^= 1

    with pytest.raises(Damaged):
        unseal(key, bytes(sealed), b"place")


@pytest.mark.parametrize("value", [b"", b"\x01", b"\x01" + b"x" * 12, b"\x01" + b"x" * 20])
def test_what_was_never_sealed_is_damaged(value: bytes) -> None:
    with pytest.raises(Damaged):
        unseal(new_key(), value, b"place")


def test_the_same_value_is_sealed_differently_each_time() -> None:
    key = new_key()

    assert seal(key, b"x", b"") != seal(key, b"x", b"")


def test_a_wrapped_key_comes_back_and_a_destroyed_one_says_erased(settings: Settings) -> None:
    key = new_key()

    assert unwrap(wrap(key)) == key
    with pytest.raises(Erased):
        unwrap(None)
    with pytest.raises(Erased):
        unwrap(b"")


def test_keyed_hashes_tell_parts_apart_and_depend_on_the_installations_key(
    settings: Settings,
) -> None:
    assert keyed_hash("ab", "c") != keyed_hash("a", "bc")
    assert keyed_hash("a") == keyed_hash("a")
    assert len(keyed_hash("a")) == 64


# --- persons -----------------------------------------------------------------------------------


@pytest.mark.engine
async def test_a_person_reads_back_whole(database: Settings) -> None:
    person = await enter(NAME, NUMBER, employer=EMPLOYER)

    assert await person_name(person) == NAME
    assert await facts_of([person]) == {person: {"employer": EMPLOYER}}
    assert await documents_of(person) == [("CN-ID", NUMBER)]
    assert await names_of([person, uuid4()]) == {person: NAME}


@pytest.mark.engine
async def test_the_same_document_is_the_same_person(database: Settings) -> None:
    first = await enter(NAME, NUMBER, employer="old", school="A")
    second = await enter("Another Spelling", NUMBER, "EA1234567", employer="new")

    assert first == second
    assert await person_name(first) == NAME
    assert (await facts_of([first]))[first] == {"employer": "new", "school": "A"}
    assert sorted(n for _, n in await documents_of(first)) == [NUMBER, "EA1234567"]


async def test_without_a_document_the_same_name_is_somebody_else(database: Settings) -> None:
    assert await enter() != await enter()


async def test_documents_of_two_persons_are_refused_and_nothing_is_written(
    database: Settings,
) -> None:
    await enter("A", "1")
    await enter("B", "2")

    with pytest.raises(TwoPersons):
        await enter("C", "1", "2", "3")

    assert await Person.count() == 2
    assert await PersonDocument.count() == 2


@pytest.mark.engine
async def test_one_person_entered_by_many_at_once_is_one(database: Settings) -> None:
    found = await asyncio.gather(*(enter(NAME, NUMBER) for _ in range(6)))

    assert len(set(found)) == 1
    assert await Person.count() == 1


async def test_outside_a_transaction_nobody_is_entered(database: Settings) -> None:
    with pytest.raises(db.TransactionMisused):
        await create_person(name=NAME)


def stored_bytes(settings: Settings) -> bytes:
    folder = settings.sqlite_path.parent
    return b"".join(path.read_bytes() for path in sorted(folder.glob("jiangxin.sqlite*")))


async def flush(settings: Settings) -> None:
    engine = db.engine()
    assert isinstance(engine, Sqlite)
    await engine.writer.run("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture
def on_sqlite(database: Settings) -> Settings:
    if not database.embedded:
        pytest.skip("unset JIANGXIN_TEST_DATABASE_URL: this looks into SQLite's file")
    return database


async def test_nothing_personal_is_readable_in_the_databases_bytes(on_sqlite: Settings) -> None:
    person = await enter(NAME, NUMBER, employer=EMPLOYER, union_branch="x")
    await flush(on_sqlite)

    stored = stored_bytes(on_sqlite)

    assert person.bytes.hex().encode() in stored or str(person).encode() in stored
    for secret in (NAME, "司徒明慧", "Szeto", NUMBER, EMPLOYER, "union_branch"):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            assert secret.encode(encoding) not in stored


async def test_a_copied_row_of_another_person_does_not_read(database: Settings) -> None:
    first, second = await enter("A"), await enter("B")
    row = await Person.select().where(Person.id == first).first()
    assert row is not None
    await Person.update(
        {Person.sealed_name: row["sealed_name"], Person.wrapped_key: row["wrapped_key"]}
    ).where(Person.id == second)

    with pytest.raises(Damaged):
        await person_name(second)


# --- erasure -----------------------------------------------------------------------------------


class Shredder:
    name = "test"

    def __init__(self) -> None:
        self.shredded: list[str] = []

    async def shred(self, person: str) -> None:
        assert db.in_transaction()
        self.shredded.append(person)


def with_plugin(**declared: Any) -> None:
    """The installed plugins and one more that declares this."""
    from core.hookspecs import PluginContext
    from core.registry import Plugin

    context = PluginContext("test", "", "", (), {})
    plugin = Plugin("zz_test", "test 1", False, context, **declared)
    use_registry(Registry([*registry().plugins, plugin], registry().disabled))


@pytest.mark.engine
async def test_erasing_destroys_the_key_asks_every_shredder_and_tells_everybody(
    database: Settings,
) -> None:
    told: list[PersonErased] = []

    async def hear(events: Any) -> None:
        told.extend(events)

    shredder = Shredder()
    with_plugin(shredders=[shredder], event_handlers=[Handler("test.hear", PersonErased, hear)])
    person = await enter(NAME, NUMBER, employer=EMPLOYER)

    await erase_person(person)
    await drain()

    row = await Person.select().where(Person.id == person).first()
    assert row is not None
    assert (row["wrapped_key"], row["sealed_name"], row["sealed_facts"]) == (None, None, None)
    assert row["erased_at"] is not None
    assert (await person_name(person), await documents_of(person)) == ("", [])
    assert await facts_of([person]) == {person: {}}
    assert shredder.shredded == [str(person)]
    assert told == [PersonErased(str(person))]
    assert await AuditEntry.exists().where(AuditEntry.subject == str(person))


async def test_erasing_twice_is_erasing_once(database: Settings) -> None:
    person = await enter()
    shredder = Shredder()
    with_plugin(shredders=[shredder])

    await erase_person(person)
    await erase_person(person)

    assert shredder.shredded == [str(person)]


async def test_a_shredder_that_fails_leaves_the_person_whole(database: Settings) -> None:
    class Failing(Shredder):
        async def shred(self, person: str) -> None:
            raise LookupError("no")

    with_plugin(shredders=[Failing()])
    person = await enter(NAME, NUMBER)

    with pytest.raises(LookupError):
        await erase_person(person)

    assert await person_name(person) == NAME


async def test_the_document_of_an_erased_person_is_free_again(database: Settings) -> None:
    person = await enter(NAME, NUMBER)
    await erase_person(person)

    assert await enter("New", NUMBER) != person


async def test_only_an_administrator_erases(database: Settings) -> None:
    person = await enter()

    with pytest.raises(Forbidden):
        await erase_person(person, by=Actor(uuid4(), "somebody"))
    with pytest.raises(NotFound):
        await erase_person(uuid4())


async def test_after_erasure_the_key_itself_is_gone_from_the_files(on_sqlite: Settings) -> None:
    person = await enter(NAME, NUMBER, employer=EMPLOYER)
    row = await Person.select().where(Person.id == person).first()
    assert row is not None
    await flush(on_sqlite)
    key, sealed = bytes(row["wrapped_key"]), bytes(row["sealed_name"])
    assert key in stored_bytes(on_sqlite)

    await erase_person(person)

    stored = stored_bytes(on_sqlite)
    assert key not in stored
    assert sealed not in stored
    assert privacy.keyed_hash("document", "CN-ID", NUMBER).encode() not in stored
