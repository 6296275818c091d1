"""Tables of partners who sign elsewhere. No private key of theirs has a place here.

What concerns a person stands sealed under a key of its own, wrapped in its row.
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class PartnerConsent(Table):
    """What a person lets one partner have; id = uuid5(person | issuer). `fields`: comma-separated, of
    those in `fields.py`. `source`: where the consent is kept, a form's number say; names nobody."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    issuer = Text(index=True)
    fields = Text()
    source = Text()
    given_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class UnsignedCertificate(Table):
    """A certificate that its issuer has still to sign; id = the certificate's key. `sealed_wanted`: what
    there should be. `sealed_asked`: the very bytes that left, once they did, in batch `batch`."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(index=True)
    person = UUID(index=True, default=None)
    source_version = BigInt(default=0)
    wrapped_key = Bytea(default=None)
    sealed_wanted = Bytea(default=None)
    sealed_asked = Bytea(null=True, default=None)
    batch = UUID(index=True, null=True, default=None)
    noted_at = Timestamptz(default=None)


class PartnerBatch(Table):
    """Certificates that left together to be signed with one key. `digest`: SHA-256 of the file."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(index=True)
    kid = Text()
    size = BigInt()
    digest = Text()
    made_at = Timestamptz(default=None)
    returned_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [PartnerConsent, UnsignedCertificate, PartnerBatch]
