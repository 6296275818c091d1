"""PURE: facts to the signed document, an Open Badge 3.0 that is a W3C credential 2.0.

The order of members is part of the format: what is signed is stored and never written again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.events import ModuleLine
from core.scoring.model import Text
from credentials.encoding import to_instant
from credentials.identifiers import Addresses
from credentials.status import split

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
)
TYPES = ("VerifiableCredential", "OpenBadgeCredential")
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
SCHEMA_TYPE = "1EdTechJsonSchemaValidator2019"
COLLECTIVE = "collective"
"""Kind of an honour's certificate that a unit, a team or a studio holds, and no person."""
SUBJECTS: Mapping[str, tuple[str, ...]] = {COLLECTIVE: ("AchievementSubject", "Profile")}
"""Types of the subject by kind; of every other one "AchievementSubject" alone. A Profile is an entity."""
ACHIEVEMENT_TYPES: Mapping[str, str] = {
    "award": "Award",
    "level": "Certification",
    "honour": "Award",
    "partner": "Certification",
    COLLECTIVE: "Award",
}
NOTICE = "#notice"
"""End of the id of the result that says until when the public notice runs."""


@dataclass(frozen=True, slots=True)
class Conferred:
    """What is conferred, the same for everybody who gets it."""

    kind: str
    issuer: str
    issuer_name: Text
    slug: str
    title_code: str
    grade: str
    title: Text
    description: Text
    criteria: Text
    modules: Sequence[ModuleLine] = ()
    """Modules whose scores may be disclosed; empty discloses none."""
    notice_until: str = ""
    languages: tuple[str, ...] = ()
    """Those that its issuer writes in; empty: Chinese, and English beside it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose it is, and where this one certificate stands."""

    public_id: str
    subject: str
    name: str
    awarded_on: str
    valid_from: datetime
    position: int
    number: str = ""
    """Of a level certificate, given by its assessment body. Never of an identity document."""
    role: str = ""
    """In a team: as whose member."""
    scores: Sequence[ModuleLine] = ()
    evidence_root: str = ""
    valid_until: datetime | None = None


def printed(text: Text, languages: Sequence[str] = ()) -> str:
    """As it stands on paper: in these languages, else Chinese, and English beside it when there is
    some."""
    if found := dict.fromkeys(text[one] for one in languages if text.get(one)):
        return " · ".join(found)
    chinese = text.get("zh-Hans") or text.get("zh-Hant") or ""
    others = [t for t in (text.get("en", ""),) if t and t != chinese]
    return " · ".join([t for t in (chinese, *others) if t]) or next(iter(text.values()), "")


def payload(conferred: Conferred, holder: Holder, addresses: Addresses) -> dict[str, Any]:
    """The credential with the registered claims of a JWT behind it."""
    return payload_with(achievement(conferred, addresses), conferred, holder, addresses)


def payload_with(
    achieved: Mapping[str, Any], conferred: Conferred, holder: Holder, addresses: Addresses
) -> dict[str, Any]:
    """The same with the achievement at hand, which a whole batch shares."""
    document = credential(achieved, conferred, holder, addresses)
    document["iss"] = document["issuer"]["id"]
    document["jti"] = document["id"]
    document["sub"] = holder.subject
    document["nbf"] = int(holder.valid_from.timestamp())
    if holder.valid_until:
        document["exp"] = int(holder.valid_until.timestamp())
    return document


def credential(
    achieved: Mapping[str, Any], conferred: Conferred, holder: Holder, addresses: Addresses
) -> dict[str, Any]:
    own = addresses.certificate(holder.public_id)
    document: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": own,
        "type": list(TYPES),
        "name": achieved["name"],
        "issuer": {
            "id": addresses.issuer(conferred.issuer),
            "type": ["Profile"],
            "name": printed(conferred.issuer_name, conferred.languages),
            "url": f"{addresses.origin}/",
        },
        "validFrom": to_instant(holder.valid_from),
    }
    if holder.valid_until:
        document["validUntil"] = to_instant(holder.valid_until)
    document["awardedDate"] = f"{holder.awarded_on}T00:00:00Z"
    document["credentialSubject"] = _subject(achieved, conferred, holder)
    if holder.evidence_root:
        document["evidence"] = [_evidence(own, holder.evidence_root)]
    document["credentialStatus"] = _status(conferred.issuer, holder.position, addresses)
    document["credentialSchema"] = [{"id": SCHEMA, "type": SCHEMA_TYPE}]
    return document


def renamed(
    payload: Mapping[str, Any],
    issuer: str,
    name: str,
    position: int,
    now: datetime,
    addresses: Addresses,
) -> dict[str, Any]:
    """The same document for the corrected name, at a new position, valid from `now`."""
    subject = dict(payload["credentialSubject"])
    subject["identifier"] = [_identity(name)]
    return {
        **payload,
        "validFrom": to_instant(now),
        "credentialSubject": subject,
        "credentialStatus": _status(issuer, position, addresses),
        "nbf": int(now.timestamp()),
    }


def renewed(
    payload: Mapping[str, Any],
    issuer: str,
    until: datetime,
    position: int,
    now: datetime,
    addresses: Addresses,
) -> dict[str, Any]:
    """The same document with a later last day, at a new position, valid from `now`."""
    return {
        **payload,
        "validFrom": to_instant(now),
        "validUntil": to_instant(until),
        "credentialStatus": _status(issuer, position, addresses),
        "nbf": int(now.timestamp()),
        "exp": int(until.timestamp()),
    }


def scores_in(payload: Mapping[str, Any]) -> list[str]:
    """What `ModuleLine`s became of it, as id=score/maximum; the public notice is none."""
    subject = payload["credentialSubject"]
    described = subject["achievement"].get("resultDescription", [])
    maxima = {one["id"]: one.get("valueMax", "") for one in described}
    return [
        f"{url.rpartition('#')[2]}={one['value']}/{maxima.get(url, '')}"
        for one in subject.get("result", [])
        if not (url := one["resultDescription"]).endswith(NOTICE)
    ]


def achievement(conferred: Conferred, addresses: Addresses) -> dict[str, Any]:
    url, languages = addresses.achievement(conferred.issuer, conferred.slug), conferred.languages
    document: dict[str, Any] = {
        "id": url,
        "type": ["Achievement"],
        "achievementType": ACHIEVEMENT_TYPES[conferred.kind],
        "humanCode": conferred.title_code,
        "inLanguage": languages[0] if languages else "zh",
        "name": printed(conferred.title, languages),
        "description": printed(conferred.description, languages),
        "criteria": {"id": url, "narrative": printed(conferred.criteria, languages)},
    }
    described = [_described(url, module, languages) for module in conferred.modules]
    if conferred.notice_until:
        described.append(
            {
                "id": url + NOTICE,
                "type": ["ResultDescription"],
                "name": "公示期至 · Public notice until",
                "resultType": "Result",
            }
        )
    if described:
        document["resultDescription"] = described
    return document


def _subject(achieved: Mapping[str, Any], conferred: Conferred, holder: Holder) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "id": holder.subject,
        "type": list(SUBJECTS.get(conferred.kind, ("AchievementSubject",))),
        "identifier": [_identity(holder.name)],
    }
    if holder.number:
        subject["licenseNumber"] = holder.number
    if holder.role:
        subject["role"] = holder.role
    subject["achievement"] = achieved
    results = [_result(achieved["id"], line) for line in holder.scores]
    if conferred.notice_until:
        results.append(
            {
                "type": ["Result"],
                "resultDescription": achieved["id"] + NOTICE,
                "status": "Provisional",
                "value": conferred.notice_until,
            }
        )
    if results:
        subject["result"] = results
    return subject


def _identity(name: str) -> dict[str, Any]:
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": name,
        "identityType": "name",
    }


def _described(url: str, module: ModuleLine, languages: Sequence[str]) -> dict[str, Any]:
    return {
        "id": f"{url}#{module.id}",
        "type": ["ResultDescription"],
        "name": printed(module.title, languages),
        "resultType": "RawScore",
        "valueMin": "0",
        "valueMax": module.maximum,
    }


def _result(url: str, module: ModuleLine) -> dict[str, Any]:
    return {"type": ["Result"], "resultDescription": f"{url}#{module.id}", "value": module.score}


def _evidence(own: str, root: str) -> dict[str, Any]:
    return {
        "id": f"{own}/evidence/1",
        "type": ["Evidence"],
        "name": "考核记录 · Assessment record",
        "description": f"sha-256 {root}",
    }


def _status(issuer: str, position: int, addresses: Addresses) -> dict[str, Any]:
    block, index = split(position)
    url = addresses.revocation_list(issuer, block)
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": url,
    }
