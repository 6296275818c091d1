"""Certificates of units, teams and studios: the same signing as a person's, with a name and no person.

No identity document belongs to one, nobody holds a log-in for one, and its name is printed in full.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.scoring.model import Text
from credentials import ledger
from credentials.claims import COLLECTIVE, Conferred
from credentials.identifiers import certificate_key
from credentials.issuing import Wanted, issue
from credentials.keyring import issuers_with_keys, organisations_of
from credentials.partners import waiting
from credentials.records.honours.catalogue import kind_of
from credentials.records.honours.events import CollectiveHonoured
from credentials.records.honours.studios import names_of_studios
from credentials.records.honours.tables import HonourCase
from credentials.records.sealing import shown
from credentials.tables import Certificate, CertificateVersion


async def issue_collective(events: Sequence[CollectiveHonoured]) -> None:
    """Where the authority signs here, or on a machine of its own. One that was withdrawn meanwhile is not
    signed."""
    rows = await _still_granted([UUID(event.case) for event in events])
    signing = await issuers_with_keys()
    due = [row for row in rows if row["authority"] in signing]
    issuers = await organisations_of({row["authority"] for row in due})
    studios = await names_of_studios(row["studio"] for row in due if row["studio"])
    wanted = []
    for row in due:
        if name := studios.get(row["studio"], "") if row["studio"] else holder_of(row):
            title: Text = json.loads(issuers[row["authority"]]["title"])
            wanted.append(_wanted(row, name, title))
    await issue(wanted)


async def _still_granted(cases: Sequence[UUID]) -> list[dict[str, Any]]:
    """Held until the caller's transaction is over: a withdrawal in the same moment comes before, or finds the
    certificate."""
    same: dict[Any, Any] = {HonourCase.state: "granted"}
    held = (
        await HonourCase.update(same)
        .where(
            HonourCase.id.is_in(list(cases)),
            HonourCase.state == "granted",
            HonourCase.person.is_null(),
        )
        .returning(HonourCase.id)
    )
    ids = [row["id"] for row in held]
    return list(await HonourCase.select().where(HonourCase.id.is_in(ids))) if ids else []


def key_of(row: Mapping[str, Any]) -> UUID:
    """Of the certificate that an honour leads to. row: of HonourCase."""
    return certificate_key(_entry(row["id"]), str(row["id"]), _output(row), row["authority"])


def holder_of(row: Mapping[str, Any]) -> str:
    """Name of a unit or team."""
    return shown(row, "sealed_holder", "honour_case", row["wrapped_key"])


async def certificate_of(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """None while it is not signed."""
    found = await Certificate.select().where(Certificate.id == key_of(row)).first()
    return dict(found) if found else None


async def forget_studios(studios: Sequence[UUID]) -> None:
    """Inside the caller's transaction. A studio is often named after its leader: what was signed of it is
    unreadable once the leader is forgotten, and its status stays. What is not signed yet never is."""
    rows = await HonourCase.select(HonourCase.id, HonourCase.code, HonourCase.tier, HonourCase.authority).where(
        HonourCase.studio.is_in(list(studios))
    )  # fmt: skip
    ids = [key_of(row) for row in rows]
    if not ids:
        return
    await waiting.drop(ids)
    await CertificateVersion.update(
        {
            CertificateVersion.wrapped_key: None,
            CertificateVersion.sealed_token: None,
            CertificateVersion.sealed_cwt: None,
        }
    ).where(CertificateVersion.certificate.is_in(ids))
    await Certificate.update(
        {Certificate.content_hash: "", Certificate.erased_at: datetime.now(UTC)}
    ).where(Certificate.id.is_in(ids))


async def revoke(row: Mapping[str, Any]) -> UUID | None:
    """Its certificate, with the reason on the case; the certificate's id, None where there is none to
    revoke."""
    one = await certificate_of(row)
    if one is None or (one["state"] == "revoked" and one["cause"] == "authority"):
        return None
    await ledger.revoke(
        one,
        cause="authority",
        reason=row["reason"],
        authority=row["authority"],
        now=datetime.now(UTC),
    )
    return UUID(str(one["id"]))


def _wanted(row: Mapping[str, Any], name: str, issuer: Text) -> Wanted:
    title: Text = json.loads(row["title"])
    kind = kind_of(row["code"])
    document = dict.fromkeys(title, row["document"])
    return Wanted(
        key=key_of(row),
        person=None,
        name=name,
        conferred=Conferred(
            kind=COLLECTIVE,
            issuer=row["authority"],
            issuer_name=issuer,
            slug="-".join(part for part in (row["code"], row["tier"]) if part),
            title_code=row["code"],
            grade=row["tier"],
            title=title,
            description=document,
            criteria=(kind.clause if kind else {}) or title,
        ),
        contest="",
        entry=_entry(row["id"]),
        output=_output(row),
        source=f"honour:{row['id']}",
        source_version=1,
        awarded_on=row["granted_on"],
    )


def _entry(case: UUID) -> str:
    return f"honour:{case}"


def _output(row: Mapping[str, Any]) -> str:
    return f"{COLLECTIVE}:{row['code']}:{row['tier']}"
