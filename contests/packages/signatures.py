"""Every sheet in a log was signed by a key that an earlier entry enrolled for its judge, and follows
its device's sheet before."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
from jwt.algorithms import ECAlgorithm

from contests.chain import LogLine
from contests.sheets import SHEET_TYPE, Payload, jws_hash, read_payload, take_apart
from core.scoring.model import Finding

ALGORITHM = "ES256"
_ABOUT_PEOPLE = ("contest_prepared", "appointed", "device_enrolled", "judge_admitted")
_LEADING = ("group_leader", "chief_referee")


@dataclass(slots=True)
class _Known:
    """What the entries so far say: keys, who may sign with them, who was appointed as what, and each
    device's last sheet."""

    rules_hash: str
    keys: dict[str, Any] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    admitted: set[tuple[str, str]] = field(default_factory=set)
    appointed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Appointment -> (role, account)."""
    last: dict[str, tuple[int, str]] = field(default_factory=dict)

    def appoint(self, body: Mapping[str, Any]) -> None:
        self.appointed[body["id"]] = (body["role"], body.get("account", ""))

    def enrol(self, body: Mapping[str, Any]) -> None:
        try:
            self.keys[body["kid"]] = ECAlgorithm.from_jwk(json.dumps(body["jwk"]))
        except (KeyError, TypeError, ValueError, jwt.InvalidKeyError):
            return  # a key that can't be read verifies nothing: its sheets are named below
        self.kinds[body["kid"]] = body.get("kind", "")
        self.admitted.add((body["kid"], body.get("account", "")))

    def may_sign(self, kid: str, payload: Payload) -> bool:
        """The judge's own device, a tablet that he had signed in on, or paper at the desk."""
        if payload.paper is not None or self.kinds[kid] == "desk":
            return payload.paper is not None and self.kinds[kid] == "desk"
        _, account = self.appointed.get(payload.judge, ("", ""))
        return (kid, account) in self.admitted

    def countersigned(self, kid: str, payload: Payload, leader: str) -> bool:
        role, account = self.appointed.get(leader, ("", ""))
        _, own = self.appointed.get(payload.judge, ("", ""))
        return (
            payload.countersign is not None
            and payload.countersign.judge == leader
            and role in _LEADING
            and account != own
            and (kid, account) in self.admitted
        )


def check_signatures(lines: Sequence[LogLine], rules_hash: str) -> list[Finding]:
    """Findings at the entry's place in the log: "/log.jsonl/17"."""
    known = _Known(rules_hash)
    findings: list[Finding] = []
    for line in lines:
        if line.kind in _ABOUT_PEOPLE:
            _learn(line, known)
        elif line.kind in ("sheet", "conflict"):
            findings += _check_sheet(line, known)
    return findings


def _learn(line: LogLine, known: _Known) -> None:
    body = json.loads(line.body)
    if line.kind == "device_enrolled":
        known.enrol(body)
    elif line.kind == "judge_admitted":
        known.admitted.add((body["kid"], body["account"]))
    elif line.kind == "appointed":
        known.appoint(body)
    else:
        for facts in body["appointments"]:
            known.appoint(facts)


def _check_sheet(line: LogLine, known: _Known) -> list[Finding]:
    body = json.loads(line.body)
    jws = body.get("jws", "")
    parts = take_apart(jws) if isinstance(jws, str) else None
    payload = read_payload(parts.payload)[0] if parts else None
    if parts is None or payload is None or parts.header.get("typ") != SHEET_TYPE:
        return [_finding(line, "recount-signature-unreadable")]
    kid = str(parts.header.get("kid", ""))
    if kid not in known.keys:
        return [_finding(line, "recount-signature-key-unknown", kid=kid[:40])]
    if not _signed(jws, known.keys[kid]):
        return [_finding(line, "recount-signature-wrong", kid=kid[:40])]
    findings = [*_whose(line, body, kid, payload, known)]
    before = known.last.get(kid)
    if before is not None and payload.seq == before[0] + 1 and payload.prev != before[1]:
        findings.append(_finding(line, "recount-sheet-chain"))
    known.last[kid] = (payload.seq, jws_hash(jws))
    return findings


def _whose(
    line: LogLine, body: Mapping[str, Any], kid: str, payload: Payload, known: _Known
) -> Iterator[Finding]:
    """A sheet that a leader has taken is in the log by his decision, which stands beside it."""
    taken = bool(body.get("taken_by"))
    if payload.rules != known.rules_hash and not taken:
        params = {"found": payload.rules[:12], "expected": known.rules_hash[:12]}
        yield _finding(line, "recount-sheet-rules", **params)
    if not taken and not known.may_sign(kid, payload):
        yield _finding(line, "recount-sheet-not-admitted", kid=kid[:40])
    leader = str(body.get("countersigned", ""))
    if leader and not known.countersigned(kid, payload, leader):
        yield _finding(line, "recount-countersign-wrong")


def _signed(jws: str, key: Any) -> bool:
    """Only ES256, whatever the header says."""
    signing_input, _, signature = jws.rpartition(".")
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return False
    return ECAlgorithm(ECAlgorithm.SHA256).verify(signing_input.encode(), key, raw)


def _finding(line: LogLine, code: str, **params: str) -> Finding:
    return Finding(f"/log.jsonl/{line.seq}", code, {"seq": str(line.seq), **params})
