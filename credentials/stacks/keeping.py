"""A stack's files and results: sealed under its own key, and destroyed when their time is over."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec

from core import privacy
from core.db import transaction
from core.errors import Conflict, NotFound
from core.outbox import put
from core.scoring.model import Finding
from credentials.stacks import bounds
from credentials.stacks.events import StackDue
from credentials.stacks.lines import FileSeen
from credentials.stacks.reading import kind_of
from credentials.stacks.tables import Stack, StackFile, StackInvitation, StackResult


class LinkUsedUp(Conflict):
    slug = "stack-link-used-up"
    title = "This link is over or used up. Ask the office that gave it to you for a new one."


class StacksOpen(Conflict):
    slug = "stacks-open"
    title = (
        "So many stacks of this link wait for their files already: {count}. Send one of them first."
    )


class StackTaken(Conflict):
    slug = "stack-taken"
    title = "This stack is being checked already, so nothing is added to it. Begin another one."


class About(msgspec.Struct, omit_defaults=True):
    """Of a file. `within`: the archive that it lay in."""

    name: str
    kind: str
    sha256: str
    within: str = ""

    @property
    def shown(self) -> str:
        return f"{self.within} › {self.name}" if self.within else self.name


# --- begun and filled -----------------------------------------------------------------------------


async def begin(invitation: Mapping[str, Any], language: str, now: datetime | None = None) -> UUID:
    """An empty stack, which uses the link once. Raises LinkUsedUp, StacksOpen."""
    now = now or datetime.now(UTC)
    id = uuid4()
    async with transaction():
        waiting = await Stack.count().where(
            Stack.link == invitation["id"], Stack.job.is_null(), Stack.forgotten_at.is_null()
        )
        if waiting >= bounds.OPEN_STACKS:
            raise StacksOpen(count=waiting)
        taken = await StackInvitation.raw(
            "UPDATE stack_invitation SET used = used + 1 WHERE id = {} AND used < uses"
            " AND closed_at IS NULL AND expires_at > {} RETURNING id",
            invitation["id"],
            now,
        )
        if not taken:
            raise LinkUsedUp()
        await Stack.insert(
            Stack(
                id=id,
                link=invitation["id"],
                wrapped_key=privacy.wrap(privacy.new_key()),
                language=language,
                created_at=now,
            )
        )
        await put(StackDue(str(id)), at=now + bounds.KEEP_FILES)
    return id


async def stack_of(link: UUID, id: UUID) -> dict[str, Any]:
    """Raises NotFound, also for another link's."""
    row = await Stack.select().where(Stack.id == id, Stack.link == link).first()
    if row is None:
        raise NotFound(kind="stack", id=id)
    return dict(row)


async def add_file(stack: Mapping[str, Any], name: str, data: bytes) -> Finding | None:
    """Why it was not taken; None when it was. Raises StackTaken."""
    key = privacy.unwrap(stack["wrapped_key"])
    async with transaction():
        # A row that is written stays locked: two uploads at once can't both take the last place.
        rows = await Stack.raw(
            "UPDATE stack SET files = files + 1 WHERE id = {} AND job IS NULL AND made_at IS NULL"
            " AND forgotten_at IS NULL RETURNING files",
            stack["id"],
        )
        if not rows:
            raise StackTaken()
        held = await _held(stack["id"])
        if (found := _too_much(name, data, rows[0]["files"], held)) is None:
            await _insert(stack["id"], key, _about(name, data), data, n=rows[0]["files"])
        else:
            await Stack.raw("UPDATE stack SET files = files - 1 WHERE id = {}", stack["id"])
    return found


async def add_unpacked(stack: UUID, key: bytes, archive: Mapping[str, Any], entries: Sequence[tuple[str, bytes]]) -> None:  # fmt: skip
    """The files of an archive in its place; begun again it adds none twice. Inside a transaction."""
    within = about_of(key, archive).name
    for number, (name, data) in enumerate(entries):
        about = _about(name, data)
        about.within = within
        id = uuid5(archive["id"], f"{number}|{name}")
        if not await StackFile.exists().where(StackFile.id == id):
            await _insert(stack, key, about, data, n=archive["n"], id=id)


async def unpacked_enough(stack: UUID) -> str:
    """Why no further archive is unpacked; "" while there is room."""
    count = await StackFile.count().where(StackFile.stack == stack)
    if count > bounds.STACK_PAGES:
        return "stack-pages"
    return "unpacked" if await _held(stack) > bounds.STACK_BYTES + bounds.UNPACKED else ""


def _about(name: str, data: bytes) -> About:
    return About(_clean(name), kind_of(data), hashlib.sha256(data).hexdigest())


def _clean(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[-120:] or "?"


async def _held(stack: UUID) -> int:
    rows = await StackFile.raw(
        "SELECT coalesce(sum(size), 0) AS held FROM stack_file WHERE stack = {}", stack
    )
    return int(rows[0]["held"])


def _too_much(name: str, data: bytes, count: int, held: int) -> Finding | None:
    file = _clean(name)
    if not data:
        return Finding("/files", "stacks.empty", {"file": file})
    if len(data) > bounds.FILE_BYTES:
        most = f"{bounds.FILE_BYTES // bounds.MB} MB"
        return Finding("/files", "stacks.file-large", {"file": file, "most": most})
    if count > bounds.FILES:
        return Finding("/files", "stacks.many", {"file": file, "most": str(bounds.FILES)})
    if held + len(data) > bounds.STACK_BYTES:
        most = f"{bounds.STACK_BYTES // bounds.MB} MB"
        return Finding("/files", "stacks.stack-large", {"file": file, "most": most})
    return None


async def _insert(
    stack: UUID, key: bytes, about: About, data: bytes, *, n: int, id: UUID | None = None
) -> None:
    id = id or uuid4()
    await StackFile.insert(
        StackFile(
            id=id,
            stack=stack,
            n=n,
            size=len(data),
            sealed_about=_seal(key, "sealed_about", id, msgspec.json.encode(about)),
            sealed_data=_seal(key, "sealed_data", id, data),
        )
    )


# --- read again -----------------------------------------------------------------------------------


async def file_rows(stack: UUID) -> list[dict[str, Any]]:
    """Without their contents, in the order in which they came."""
    rows = (
        await StackFile.select(
            StackFile.id,
            StackFile.n,
            StackFile.size,
            StackFile.pages,
            StackFile.done_at,
            StackFile.sealed_about,
            StackFile.sealed_found,
        )
        .where(StackFile.stack == stack)
        .order_by(StackFile.n)
        .order_by(StackFile.id)
    )
    return [dict(row) for row in rows]


def about_of(key: bytes, row: Mapping[str, Any]) -> About:
    plain = _unseal(key, "sealed_about", row["id"], row["sealed_about"])
    return msgspec.json.decode(plain, type=About)


def found_in(key: bytes, row: Mapping[str, Any]) -> FileSeen:
    if not row["sealed_found"]:
        return FileSeen()
    plain = _unseal(key, "sealed_found", row["id"], row["sealed_found"])
    return msgspec.json.decode(plain, type=FileSeen)


async def data_of(key: bytes, id: UUID) -> bytes:
    row = await StackFile.select(StackFile.sealed_data).where(StackFile.id == id).first()
    return _unseal(key, "sealed_data", id, row["sealed_data"]) if row else b""


async def keep_found(key: bytes, id: UUID, seen: FileSeen, *, done: datetime | None = None) -> None:
    sealed = _seal(key, "sealed_found", id, msgspec.json.encode(seen))
    await StackFile.update(
        {
            StackFile.sealed_found: sealed,
            StackFile.pages: len(seen.pages),
            StackFile.done_at: done,
        }
    ).where(StackFile.id == id)


async def keep_results(
    stack: UUID, key: bytes, results: Mapping[str, bytes], *, certificates: int, genuine: int
) -> None:
    """The results in the place of the files, which are gone from now on."""
    now = datetime.now(UTC)
    async with transaction():
        await StackResult.delete().where(StackResult.stack == stack)
        for kind, data in results.items():
            id = uuid5(stack, kind)
            sealed = privacy.seal(key, data, privacy.place("stack_result", "sealed_data", id))
            await StackResult.insert(
                StackResult(id=id, stack=stack, kind=kind, size=len(data), sealed_data=sealed)
            )
        await StackFile.delete().where(StackFile.stack == stack)
        await Stack.update(
            {Stack.made_at: now, Stack.certificates: certificates, Stack.genuine: genuine}
        ).where(Stack.id == stack)
        await put(StackDue(str(stack)), at=now + bounds.KEEP_RESULTS)


async def result_of(stack: Mapping[str, Any], kind: str) -> bytes:
    """Raises NotFound when there is none (any more)."""
    id = uuid5(stack["id"], kind)
    row = await StackResult.select(StackResult.sealed_data).where(StackResult.id == id).first()
    if row is None or not stack["wrapped_key"]:
        raise NotFound(kind="result", id=stack["id"])
    key = privacy.unwrap(stack["wrapped_key"])
    place = privacy.place("stack_result", "sealed_data", id)
    return privacy.unseal(key, row["sealed_data"], place)


# --- forgotten ------------------------------------------------------------------------------------


async def forget_due(events: Sequence[StackDue]) -> None:
    """Inside the delivery's transaction."""
    now = datetime.now(UTC)
    for event in events:
        row = await Stack.select().where(Stack.id == UUID(event.stack)).first()
        if row is not None and _due(row, now):
            await forget(row, now)


async def forget(row: Mapping[str, Any], now: datetime) -> None:
    """Nothing is left but that there was a stack, and how many files; work that goes on finds nothing more
    and ends. A stack that was never sent gives its use of the link back."""
    await StackFile.delete().where(StackFile.stack == row["id"])
    await StackResult.delete().where(StackResult.stack == row["id"])
    await Stack.update({Stack.wrapped_key: None, Stack.forgotten_at: now}).where(
        Stack.id == row["id"]
    )
    if row["job"] is None:
        await StackInvitation.raw(
            "UPDATE stack_invitation SET used = used - 1 WHERE id = {} AND used > 0", row["link"]
        )


def _due(row: Mapping[str, Any], now: datetime) -> bool:
    if row["forgotten_at"] is not None:
        return False
    if row["made_at"] is not None:
        return bool(now >= row["made_at"] + bounds.KEEP_RESULTS)
    return bool(now >= row["created_at"] + bounds.KEEP_FILES)


def _seal(key: bytes, column: str, id: UUID, plain: bytes) -> bytes:
    return privacy.seal(key, plain, privacy.place("stack_file", column, id))


def _unseal(key: bytes, column: str, id: UUID, sealed: bytes) -> bytes:
    return privacy.unseal(key, sealed, privacy.place("stack_file", column, id))
