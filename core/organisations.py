"""Organisations: organisers, assessment bodies, authorities, employers. One installation serves many."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid
from core.scoring.codec import canonical
from core.scoring.model import Finding, Text
from core.security import Actor, check
from core.tables import Organisation

KINDS = ("organiser", "assessment_body", "authority", "employer")
CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")


async def create_organisation(
    by: Actor,
    *,
    code: str,
    title: Text,
    kind: str,
    filing: Mapping[str, Any] | None = None,
    contact: str = "",
    demonstration: bool = False,
) -> UUID:
    """code: part of the signed address of an issuer, so it never changes. filing: of an assessment
    body, what it is filed for. demonstration: shown as fictional everywhere.

    Raises Invalid with all findings.
    """
    check(by, "organisation.manage")
    findings = _findings(code, title, kind)
    organisation = uuid4()
    async with transaction():
        if await Organisation.exists().where(Organisation.code == code):
            findings.append(Finding("/code", "organisation-code-taken", {"code": code}))
        if findings:
            raise Invalid(findings)
        await Organisation.insert(
            Organisation(
                id=organisation,
                code=code,
                title=canonical(dict(title)).decode(),
                kind=kind,
                filing=canonical(dict(filing)).decode() if filing else "",
                contact=contact,
                demonstration=demonstration,
                created_at=datetime.now(UTC),
            )
        )
        await audit.record(by, "organisation.created", subject=code, after={"kind": kind})
    return organisation


def _findings(code: str, title: Text, kind: str) -> list[Finding]:
    findings = []
    if not CODE.fullmatch(code):
        findings.append(Finding("/code", "organisation-code", {"code": code[:80]}))
    if not any(title.values()):
        findings.append(Finding("/title", "organisation-title", {}))
    if kind not in KINDS:
        params = {"kind": kind[:40], "known": ", ".join(KINDS)}
        findings.append(Finding("/kind", "organisation-kind", params))
    return findings
