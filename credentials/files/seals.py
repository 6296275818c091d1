"""An issuer's seal as a picture: it stands on the certificates of a batch once its keeper released
exactly that batch, and on no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from core import audit
from core.db import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, check
from core.tables import Account
from credentials.bulk import insert_new
from credentials.files.pictures import LONGEST_SIDE, SMALLEST_SIDE, readable, remade
from credentials.files.tables import IssuerSeal, SealedVersion, SealRelease
from credentials.identifiers import NAMESPACE
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate

PERMISSION = "certificate.issue"


class NotTheKeeper(Forbidden):
    slug = "not-the-keeper"
    title = "Only {keeper}, who keeps this seal, releases it. Ask there."


class NothingToSeal(Conflict):
    slug = "nothing-to-seal"
    title = "There is no certificate in force here that the seal could stand on."


async def keep_seal(by: Actor, issuer: str, picture: bytes, keeper: str) -> None:
    """keeper: a login. Another picture or keeper ends every release before."""
    scopes = await issuer_scopes(issuer)
    check(by, PERMISSION, *scopes)
    account = await Account.select(Account.id).where(Account.login == keeper.strip()).first()
    found = []
    if account is None:
        found.append(Finding("/keeper", "credentials.seal-keeper", {"given": keeper[:40]}))
    if not readable(picture):
        params = {"least": str(SMALLEST_SIDE), "most": str(LONGEST_SIDE)}
        found.append(Finding("/seal-picture", "credentials.seal-picture", params))
    if account is None or found:
        raise Invalid(found)
    row = IssuerSeal(
        id=_id(issuer),
        issuer=issuer,
        picture=remade(picture, mode="RGBA"),
        keeper=account["id"],
        kept_by=by.account,
        kept_at=datetime.now(UTC),
    )
    async with transaction():
        await IssuerSeal.delete().where(IssuerSeal.id == row.id)
        await IssuerSeal.insert(row)
        await SealRelease.delete().where(SealRelease.issuer == issuer)
        after = {"keeper": str(account["id"])}
        await audit.record(by, "certificates.seal", scope=scopes[0], subject=issuer, after=after)


async def ask_for_seal(by: Actor, contest: UUID, issuer: str) -> UUID:
    """For every certificate that is in force at this moment; later ones are another batch."""
    check(by, PERMISSION, *await issuer_scopes(issuer))
    if await seal_of(issuer) is None:
        raise NotFound(kind="seal", id=issuer)
    versions = await _in_force(contest, issuer)
    if not versions:
        raise NothingToSeal
    release = SealRelease(
        id=uuid4(),
        issuer=issuer,
        contest=str(contest),
        certificates=len(versions),
        asked_by=by.account,
        asked_at=datetime.now(UTC),
    )
    rows = [
        {"id": uuid5(release.id, str(one)), "release": release.id, "version": one}
        for one in versions
    ]
    async with transaction():
        await SealRelease.insert(release)
        await insert_new(SealedVersion, rows)
    return UUID(str(release.id))


async def release_seal(by: Actor, issuer: str, release: UUID) -> int:
    """By its keeper, whatever else that account may do; on how many certificates it stands now."""
    seal = await seal_of(issuer)
    row = (
        await SealRelease.select()
        .where(SealRelease.id == release, SealRelease.issuer == issuer)
        .first()
    )
    if row is None or seal is None:
        raise NotFound(kind="batch", id=str(release))
    if by.account is None or by.account != seal["keeper"]:
        raise NotTheKeeper(keeper=seal["login"])
    async with transaction():
        await SealRelease.update({SealRelease.released_at: datetime.now(UTC)}).where(
            SealRelease.id == release, SealRelease.released_at.is_null()
        )
        after = {"contest": row["contest"], "certificates": row["certificates"]}
        scope = (await issuer_scopes(issuer))[0]
        await audit.record(by, "certificates.sealed", scope=scope, subject=issuer, after=after)
    return int(row["certificates"])


async def seal_of(issuer: str) -> dict[str, Any] | None:
    """With the keeper's login."""
    row = await IssuerSeal.select().where(IssuerSeal.id == _id(issuer)).first()
    if row is None:
        return None
    account = await Account.select(Account.login).where(Account.id == row["keeper"]).first()
    return {**row, "login": account["login"] if account else ""}


async def batches_of(contest: UUID, issuer: str) -> list[dict[str, Any]]:
    """Newest first."""
    query = SealRelease.select().where(
        SealRelease.issuer == issuer, SealRelease.contest == str(contest)
    )
    return list(await query.order_by(SealRelease.asked_at, ascending=False).limit(20))


async def picture_on(row: Mapping[str, Any]) -> bytes | None:
    """The seal, where this very version belongs to a released batch."""
    found = await SealedVersion.raw(
        "SELECT s.picture FROM sealed_version v JOIN seal_release r ON r.id = v.release"
        " JOIN issuer_seal s ON s.issuer = r.issuer"
        " WHERE v.version = {} AND r.issuer = {} AND r.released_at IS NOT NULL",
        row["version_id"],
        row["issuer"],
    )
    return bytes(found[0]["picture"]) if found else None


async def _in_force(contest: UUID, issuer: str) -> list[UUID]:
    rows = await Certificate.select(Certificate.current).where(
        Certificate.contest == str(contest),
        Certificate.issuer == issuer,
        Certificate.state == "issued",
        Certificate.erased_at.is_null(),
    )
    return [row["current"] for row in rows]


def _id(issuer: str) -> UUID:
    return uuid5(NAMESPACE, f"seal|{issuer}")
