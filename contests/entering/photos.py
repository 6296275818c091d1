"""Photos of entrants: made anew (nothing of a camera's notes is left), sealed under the person's own
key, found in a zip file by number or name."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from uuid import UUID

from PIL import Image, ImageOps

from contests.actions.common import allowed, moment, scopes_of
from contests.entering.known import KnownEntry
from contests.entering.load import entries_of
from contests.entering.names import folded
from contests.entering.tables import PersonPhoto
from contests.identity.sealing import person_hash, persons_of
from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.privacy import open_for, place, seal_for
from core.scoring.model import Finding
from core.security import Actor, check

WIDEST, TALLEST, SMALLEST = 600, 800, 100
LARGEST_PICTURE = 16 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_FILES = 6000
LARGEST_UNPACKED = 512 * 1024 * 1024
_PARTS = re.compile(r"[_\-－—+ .,，、（）()]+")


@dataclass(frozen=True, slots=True)
class Photo:
    """One that was found in a zip file, and whose it is."""

    file: str
    entry: UUID
    person: UUID
    content: bytes


@dataclass(frozen=True, slots=True)
class Matched:
    """unmatched: files that are nobody's or several people's. bad: (file, finding). without: entries
    whose members have no photo after this."""

    found: Sequence[Photo] = ()
    unmatched: Sequence[str] = ()
    bad: Sequence[tuple[str, Finding]] = ()
    without: Sequence[KnownEntry] = field(default_factory=tuple)


def remade(data: bytes) -> bytes | Finding:
    """A JPEG of at most 600 × 800, upright, with nothing but the picture in it."""
    if len(data) > LARGEST_PICTURE:
        return Finding(
            "/photo", "people-photo-large", {"limit": f"{LARGEST_PICTURE // 1024**2} MB"}
        )
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as source:
            if source.width * source.height > MOST_PIXELS:
                limit = {"limit": f"{MOST_PIXELS // 1_000_000} MP"}
                return Finding("/photo", "people-photo-large", limit)
            if min(source.size) < SMALLEST:
                return Finding("/photo", "people-photo-small", {"limit": str(SMALLEST)})
            upright = ImageOps.exif_transpose(source)
            upright.thumbnail((WIDEST, TALLEST))
            flat = Image.new("RGB", upright.size, "white")
            layer = upright.convert("RGBA")
            flat.paste(layer, mask=layer.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Finding("/photo", "people-photo-no-picture", {})
    made = io.BytesIO()
    flat.save(made, "JPEG", quality=85)
    return made.getvalue()


def match(files: Mapping[str, bytes], entries: Sequence[KnownEntry]) -> Matched:
    """File names such as 012.jpg, 张三.png, 012_张三.jpg. A name that two people bear matches only
    together with the number."""
    keys = _keys(entries)
    found: dict[UUID, Photo] = {}
    unmatched, bad = [], []
    for file, data in sorted(files.items()):
        owners = _owners(PurePosixPath(file).stem, keys)
        if len(owners) != 1 or next(iter(owners))[1] in found:
            unmatched.append(file)
            continue
        entry, person = owners.pop()
        made = remade(data)
        if isinstance(made, Finding):
            bad.append((file, made))
        else:
            found[person] = Photo(file, entry, person, made)
    return Matched(list(found.values()), unmatched, bad)


def unzipped(data: bytes) -> dict[str, bytes]:
    """Pictures by their path. Raises Invalid for what is no zip file, or too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [p for p in archive.infolist() if not p.is_dir() and not _hidden(p.filename)]
            _refuse(parts)
            return {_name(part): archive.read(part) for part in parts}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Invalid([Finding("/file", "people-photos-no-zip", {})]) from error


async def take_zip(
    by: Actor, contest: UUID, data: bytes, *, now: datetime | None = None
) -> Matched:
    """Keeps what was matched, and tells what was not."""
    scope = await allowed(by, "contest.enter", contest)
    entries = [e for e in await entries_of(contest) if e.status != "withdrawn"]
    matched = match(unzipped(data), entries)
    async with transaction():
        for photo in matched.found:
            await _put(photo.person, photo.content, now=moment(now))
        after = {"count": len(matched.found), "unmatched": len(matched.unmatched)}
        await audit.record(by, "people.photos_taken", scope=scope, after=after)
    having = await persons_with_photo(entries)
    without = [e for e in entries if any(m.person not in having for m in e.members)]
    return Matched(matched.found, matched.unmatched, matched.bad, without)


async def set_photo(
    by: Actor, contest: UUID, entry: UUID, person: UUID, data: bytes, *, now: datetime | None = None
) -> None:
    """Raises Invalid for what is no picture."""
    scope = await allowed(by, "contest.enter", contest)
    await _of_entry(contest, entry, person)
    made = remade(data)
    if isinstance(made, Finding):
        raise Invalid([made])
    async with transaction():
        await _put(person, made, now=moment(now))
        await audit.record(by, "people.photo_set", scope=scope, subject=str(entry))


async def remove_photo(by: Actor, contest: UUID, entry: UUID, person: UUID) -> None:
    scope = await allowed(by, "contest.enter", contest)
    await _of_entry(contest, entry, person)
    async with transaction():
        await PersonPhoto.delete().where(PersonPhoto.id == person)
        await audit.record(by, "people.photo_removed", scope=scope, subject=str(entry))


async def photo_of(by: Actor, contest: UUID, entry: UUID, person: UUID) -> bytes:
    """A JPEG, for who may read identities."""
    check(by, "identity.read", *await scopes_of(contest))
    await _of_entry(contest, entry, person)
    found = await photos_of([person])
    if person not in found:
        raise NotFound(kind="photo", id=entry)
    return found[person]


async def photos_of(persons: Sequence[UUID]) -> dict[UUID, bytes]:
    """Person -> JPEG; those without one are left out. For callers that have checked."""
    found = {}
    for start in range(0, len(persons), 500):
        rows = await PersonPhoto.select().where(
            PersonPhoto.id.is_in(list(persons[start : start + 500]))
        )
        for row in rows:
            if row["sealed_photo"] is not None:
                found[row["id"]] = await open_for(row["id"], row["sealed_photo"], _place(row["id"]))
    return found


async def persons_with_photo(entries: Sequence[KnownEntry]) -> set[UUID]:
    persons = [member.person for entry in entries for member in entry.members]
    found: set[UUID] = set()
    for start in range(0, len(persons), 500):
        rows = await PersonPhoto.select(PersonPhoto.id).where(
            PersonPhoto.id.is_in(persons[start : start + 500])
        )
        found |= {row["id"] for row in rows}
    return found


async def _put(person: UUID, content: bytes, *, now: datetime) -> None:
    sealed = await seal_for(person, content, _place(person))
    rows = (
        await PersonPhoto.update({PersonPhoto.sealed_photo: sealed, PersonPhoto.set_at: now})
        .where(PersonPhoto.id == person)
        .returning(PersonPhoto.id)
    )
    if not rows:
        await PersonPhoto.insert(
            PersonPhoto(id=person, person_hash=person_hash(person), sealed_photo=sealed, set_at=now)
        )


async def _of_entry(contest: UUID, entry: UUID, person: UUID) -> None:
    if person not in (await persons_of(contest)).get(str(entry), ()):
        raise NotFound(kind="person", id=person)


def _place(person: UUID) -> bytes:
    return place("person_photo", "sealed_photo", person)


def _keys(entries: Sequence[KnownEntry]) -> dict[str, set[tuple[UUID, UUID]]]:
    """Number or name, folded -> (entry, person) of everybody whom it may mean."""
    found: dict[str, set[tuple[UUID, UUID]]] = defaultdict(set)
    for entry in entries:
        for member in entry.members:
            found[folded(member.name)].add((entry.id, member.person))
            if entry.number:
                found[_number(entry.number)].add((entry.id, member.person))
            for romanised in [folded(str(member.facts.get("romanised", "")))]:
                if romanised:
                    found[romanised].add((entry.id, member.person))
    return found


def _owners(stem: str, keys: Mapping[str, set[tuple[UUID, UUID]]]) -> set[tuple[UUID, UUID]]:
    whole = keys.get(folded(stem)) or keys.get(_number(stem))
    if whole:
        return set(whole)
    parts = [
        keys[k] for part in _PARTS.split(stem) for k in (folded(part), _number(part)) if k in keys
    ]
    return set.intersection(*map(set, parts)) if parts else set()


def _number(words: str) -> str:
    """012 and 12 are one number."""
    plain = folded(words)
    return "#" + (plain.lstrip("0") or "0") if plain.isdigit() else "#" + plain


def _refuse(parts: Sequence[zipfile.ZipInfo]) -> None:
    findings = []
    if len(parts) > MOST_FILES:
        findings.append(Finding("/file", "people-photos-too-many", {"limit": str(MOST_FILES)}))
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        limit = {"limit": f"{LARGEST_UNPACKED // 1024**2} MB"}
        findings.append(Finding("/file", "people-file-too-large", limit))
    if any(part.flag_bits & 1 for part in parts):
        findings.append(Finding("/file", "people-photos-encrypted", {}))
    if findings:
        raise Invalid(findings)


def _hidden(name: str) -> bool:
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name == "Thumbs.db"


def _name(part: zipfile.ZipInfo) -> str:
    """Windows programs in China write file names in GB18030 without saying so; zipfile then reads
    them as code page 437."""
    if part.flag_bits & 0x800:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return part.filename
