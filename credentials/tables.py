"""Tables of certificates: signing keys, certificates with their versions, status blocks and lists.

No column here holds a name: a token stands sealed under a key of its own, wrapped in its row.
The indexes over several columns (issuer and position, issuer and block) come by migration.
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class SigningKey(Table):
    """A key of an issuer for one purpose: "certificate", "status" or "trust".

    `kid`: base64url of the first eight bytes of the JWK thumbprint. `issuer`: code of the
    organisation; empty for the installation's own trust key. `state`: pre_published, active,
    retired or compromised. `place` of the private half: "database" (sealed here), "device" (PKCS#11,
    under the label `jiangxin ID`), or "partner" (never here)."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(index=True)
    purpose = Text()
    kid = Text(unique=True)
    public_jwk = Text()
    wrapped_key = Bytea(null=True, default=None)
    sealed_private = Bytea(null=True, default=None)
    state = Text(default="pre_published")
    place = Text(default="database")
    published_at = Timestamptz(default=None)
    activated_at = Timestamptz(null=True, default=None)
    retired_at = Timestamptz(null=True, default=None)
    compromised_at = Timestamptz(null=True, default=None)
    reason = Text(default="")


class Certificate(Table):
    """One thing conferred on one person by one issuer; id = uuid5(entry | person | output | issuer).
    `person`: empty of kind "collective", which a unit, a team or a studio holds.

    `state`: issued, suspended or revoked. `cause` of a revocation: "authority" (for ever) or
    "correction" (a later correction may confer it again, as a new version). `title`: JSON of a Text. `reason` and `authority` are
    shown to everybody and name no person. `source_version`: the newest result version seen."""

    id = UUID(primary_key=True, default=None)
    public_id = Text(unique=True)
    kind = Text()
    issuer = Text(index=True)
    person = UUID(index=True, null=True, default=None)
    contest = Text(index=True, default="")
    entry = Text(index=True, default="")
    output = Text(default="")
    title_code = Text()
    grade = Text()
    title = Text()
    awarded_on = Text()
    notice_until = Text(default="")
    valid_until = Timestamptz(null=True, default=None)
    source_version = BigInt(default=0)
    content_hash = Text()
    current = UUID(default=None)
    """Id of the newest CertificateVersion."""
    version = BigInt(default=1)
    state = Text(default="issued")
    cause = Text(default="")
    reason = Text(default="")
    authority = Text(default="")
    changed_at = Timestamptz(null=True, default=None)
    proposal = UUID(null=True, default=None)
    issued_at = Timestamptz(default=None)
    erased_at = Timestamptz(null=True, default=None)


class CertificateVersion(Table):
    """One signing; id = uuid5(certificate | n). `position` = block × 131,072 + index, unique with
    the issuer. `status`: 0 valid, 1 revoked, 2 suspended, 3 replaced."""

    id = UUID(primary_key=True, default=None)
    certificate = UUID(index=True, default=None)
    n = BigInt()
    issuer = Text()
    source = Text()
    position = BigInt()
    status = BigInt(default=0)
    kid = Text()
    wrapped_key = Bytea(null=True, default=None)
    sealed_token = Bytea(null=True, default=None)
    sealed_cwt = Bytea(null=True, default=None)
    """The signed content of the QR, made when the picture is first asked for."""
    issued_at = Timestamptz(default=None)


class StatusBlock(Table):
    """131,072 positions of an issuer; id = uuid5(issuer | block). `used`: positions given out, in
    the order that `seed` permutes them. `revision` rises whenever a status in it changes."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(index=True)
    block = BigInt()
    seed = Bytea()
    used = BigInt(default=0)
    revision = BigInt(default=0)


class StatusList(Table):
    """A signed list as it is served; id = uuid5(kind | issuer | block). `kind`: "r" Bitstring Status
    List, "t" Token Status List. `revision`: the block's when it was built. One more row keeps the trust
    bundle."""

    id = UUID(primary_key=True, default=None)
    revision = BigInt()
    kid = Text()
    token = Text()
    built_at = Timestamptz(default=None)


class Achievement(Table):
    """What certificates were given for; id = uuid5(issuer | slug). `body`: JSON as in the token."""

    id = UUID(primary_key=True, default=None)
    issuer = Text()
    slug = Text()
    body = Text()


class CertificateLayout(Table):
    """How the certificates of one contest by one issuer look on paper; id = uuid5(contest | issuer).
    `form`: a declared one (`layouts.py`). `languages`: in the issuer's order, comma-separated."""

    id = UUID(primary_key=True, default=None)
    contest = Text(index=True)
    issuer = Text()
    form = Text()
    languages = Text()
    photo = Boolean(default=False)
    seal = Text(default="")
    changed_at = Timestamptz(default=None)
    changed_by = UUID(null=True, default=None)


class Withdrawal(Table):
    """Certificates of one issuer that are held until `due_at` and withdrawn for ever then. `held`:
    JSON list of [id, state before, reason before]. Exactly one of the two last instants is set."""

    id = UUID(primary_key=True, default=None)
    issuer = Text(index=True)
    account = UUID(null=True, default=None)
    reason = Text()
    authority = Text()
    held = Text()
    asked_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    taken_back_at = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [
    SigningKey,
    Certificate,
    CertificateVersion,
    StatusBlock,
    StatusList,
    Achievement,
    CertificateLayout,
    Withdrawal,
]
