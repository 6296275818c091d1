"""PURE: what a person may let a partner have, and a certificate with only that in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from credentials.claims import NOTICE

NAME = "name"
FIELDS = (NAME, "number", "role", "scores", "evidence")
"""The name, without which nothing is issued; the level certificate's number; the team; module scores; the
root of the score sheets."""


def reduced(payload: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """The document without what was not consented to. The public notice is no personal data: it stays."""
    document = dict(payload)
    subject = dict(document["credentialSubject"])
    document["credentialSubject"] = subject
    if "number" not in fields:
        subject.pop("licenseNumber", None)
    if "role" not in fields:
        subject.pop("role", None)
    if "scores" not in fields:
        _without_scores(subject)
    if "evidence" not in fields:
        document.pop("evidence", None)
    return document


def _without_scores(subject: dict[str, Any]) -> None:
    achievement = dict(subject["achievement"])
    subject["achievement"] = achievement
    _keep(subject, "result", "resultDescription")
    _keep(achievement, "resultDescription", "id")


def _keep(owner: dict[str, Any], member: str, named: str) -> None:
    kept = [one for one in owner.pop(member, []) if str(one[named]).endswith(NOTICE)]
    if kept:
        owner[member] = kept
