"""Tables of paper: which documents an issuer prints, its pre-printed stock, glyphs that no font
has, and its seal."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class PrintedDocument(Table):
    """How much of one kind of identity document stands on an issuer's paper; id = uuid5(issuer | kind).
    `shown`: kind, ending or whole. Kinds without a row are not printed."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(index=True)
    kind = Text()
    shown = Text()
    changed_at = Timestamptz(default=None)
    changed_by = UUID(null=True, default=None)


class PrintedStock(Table):
    """An issuer's pre-printed sheets for a contest; id = uuid5(contest | issuer). Lengths in half
    millimetres. `places`: JSON of field -> [x, y, width, size of the letters in points]."""

    id = UUID(primary_key=True, default=None)
    contest = Text(index=True)
    issuer = Text()
    width = BigInt()
    height = BigInt()
    right = BigInt(default=0)
    down = BigInt(default=0)
    places = Text()
    changed_at = Timestamptz(default=None)
    changed_by = UUID(null=True, default=None)


class GlyphPicture(Table):
    """How an issuer draws a character that no font has; id = uuid5(issuer | character). It counts once
    a second person approved it. The signed text keeps the character itself."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(index=True)
    character = Text()
    picture = Bytea()
    source = Text()
    proposed_by = UUID(null=True, default=None)
    proposed_at = Timestamptz(default=None)
    approved_by = UUID(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)


class IssuerSeal(Table):
    """The picture of an issuer's seal and the account that keeps it; id = uuid5(issuer)."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(unique=True)
    picture = Bytea()
    keeper = UUID(default=None)
    kept_by = UUID(null=True, default=None)
    kept_at = Timestamptz(default=None)


class SealRelease(Table):
    """A batch of certificates that the seal may stand on, once its keeper released it."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(index=True)
    contest = Text()
    certificates = BigInt()
    asked_by = UUID(null=True, default=None)
    asked_at = Timestamptz(default=None)
    released_at = Timestamptz(null=True, default=None)


class SealedVersion(Table):
    """One version of a certificate in a batch; id = uuid5(release | version)."""

    id = UUID(primary_key=True, default=None)
    release = UUID(default=None)
    version = UUID(index=True, default=None)


TABLES: list[type[Table]] = [
    PrintedDocument,
    PrintedStock,
    GlyphPicture,
    IssuerSeal,
    SealRelease,
    SealedVersion,
]
