"""Names as they are drawn: by a font, or, for a character that none has, by an approved picture.

The signed text always keeps the character itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound, TwoPersons
from core.paper import CharacterMissing, lacking
from core.scoring.model import Finding
from core.security import Actor, check
from credentials.files.pictures import LONGEST_SIDE, SMALLEST_SIDE, readable, remade
from credentials.files.tables import GlyphPicture
from credentials.identifiers import NAMESPACE
from credentials.scopes import issuer_scopes

PERMISSION = "certificate.issue"

RARE_FONTS = "fonts-hanazono"
"""Debian's and Ubuntu's name of Hanazono Mincho, which holds every Chinese character of GB 18030-2022."""


class PictureNeeded(CharacterMissing):
    slug = "glyph-picture-needed"
    title = (
        "No font here draws {characters}, so nothing was printed. One person hands in a picture of each, "
        "and another one approves it, under “Characters that no font has”; or the package {package} is "
        "installed. What is signed stays as it is."
    )


Spelled = list[dict[str, str]]
"""Runs of {"text": …}, or {"picture": name of an image} for one character."""


async def spelled(name: str, issuer: str, language: str, images: dict[str, bytes]) -> Spelled:
    """Adds the pictures that it needs to `images`. A character with neither stays in the text, so
    that the paper names it and is not printed."""
    missing = lacking([name], language)
    known = await _approved(issuer, missing) if missing else {}
    runs: Spelled = []
    for character in name:
        if character in known:
            file = f"glyph-{issuer}-{ord(character):x}.png"
            images[file] = known[character]
            runs.append({"picture": file})
        elif runs and "text" in runs[-1]:
            runs[-1]["text"] += character
        else:
            runs.append({"text": character})
    return runs


def picture_needed(error: CharacterMissing, names: Iterable[str]) -> CharacterMissing:
    """The same error, or, where only names are concerned, which pictures put an end to it."""
    named = [finding.params["character"] for finding in error.findings]
    if not {one[0] for one in named} <= set("".join(names)):
        return error
    return PictureNeeded(error.findings, characters=", ".join(named[:20]), package=RARE_FONTS)


async def propose_glyph(
    by: Actor, issuer: str, character: str, picture: bytes, *, source: str
) -> None:
    """A picture of one character, which another person approves. It takes the place of an earlier one,
    whose approval ends with it. source: where the shape was taken from."""
    scopes = await issuer_scopes(issuer)
    check(by, PERMISSION, *scopes)
    if found := findings(character, picture, source):
        raise Invalid(found)
    row = GlyphPicture(
        id=_id(issuer, character),
        issuer=issuer,
        character=character,
        picture=remade(picture, mode="L"),
        source=source.strip(),
        proposed_by=by.account,
        proposed_at=datetime.now(UTC),
    )
    async with transaction():
        await GlyphPicture.delete().where(GlyphPicture.id == row.id)
        await GlyphPicture.insert(row)
        after = {"character": _place(character), "source": row.source}
        await audit.record(by, "certificates.glyph", scope=scopes[0], subject=issuer, after=after)


async def approve_glyph(by: Actor, issuer: str, character: str) -> None:
    """By another person than the one who proposed it. Raises NotFound, TwoPersons."""
    scopes = await issuer_scopes(issuer)
    check(by, PERMISSION, *scopes)
    row = await GlyphPicture.select().where(GlyphPicture.id == _id(issuer, character)).first()
    if row is None:
        raise NotFound(kind="picture", id=_place(character))
    if by.account is None or row["proposed_by"] == by.account:
        raise TwoPersons(permission=PERMISSION)
    values: dict[Any, Any] = {
        GlyphPicture.approved_by: by.account,
        GlyphPicture.approved_at: datetime.now(UTC),
    }
    async with transaction():
        await GlyphPicture.update(values).where(
            GlyphPicture.id == row["id"], GlyphPicture.proposed_at == row["proposed_at"]
        )
        await audit.record(
            by,
            "certificates.glyph-approved",
            scope=scopes[0],
            subject=issuer,
            after={"character": _place(character)},
        )


async def glyphs_of(issuer: str) -> list[dict[str, Any]]:
    """Every picture of an issuer, approved or waiting."""
    rows = await GlyphPicture.select().where(GlyphPicture.issuer == issuer)
    return sorted((dict(row) for row in rows), key=lambda row: row["character"])


def findings(character: str, picture: bytes, source: str) -> list[Finding]:
    found = []
    if len(character) != 1 or (not character.isprintable() and character < "\ue000"):
        found.append(Finding("/character", "credentials.glyph-one", {}))
    if not source.strip():
        found.append(Finding("/source", "credentials.glyph-source", {}))
    if not readable(picture):
        params = {"least": str(SMALLEST_SIDE), "most": str(LONGEST_SIDE)}
        found.append(Finding("/picture", "credentials.glyph-picture", params))
    return found


async def _approved(issuer: str, characters: Iterable[str]) -> dict[str, bytes]:
    ids = [_id(issuer, one) for one in characters]
    rows = await GlyphPicture.select(GlyphPicture.character, GlyphPicture.picture).where(
        GlyphPicture.id.is_in(ids), GlyphPicture.approved_at.is_not_null()
    )
    return {row["character"]: bytes(row["picture"]) for row in rows}


def _id(issuer: str, character: str) -> UUID:
    return uuid5(NAMESPACE, f"glyph|{issuer}|{character}")


def _place(character: str) -> str:
    return f"U+{ord(character):04X}" if len(character) == 1 else character[:20]
