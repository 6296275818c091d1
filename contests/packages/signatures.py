"""Every sheet in a log was signed by a key that an earlier entry enrolled, and follows its device's
sheet before."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import jwt
from jwt.algorithms import ECAlgorithm

from contests.chain import LogLine
from contests.sheets import SHEET_TYPE, jws_hash, read_payload, take_apart
from core.scoring.model import Finding

ALGORITHM = "ES256"


def check_signatures(lines: Sequence[LogLine], rules_hash: str) -> list[Finding]:
    """Findings at the entry's place in the log: "/log.jsonl/17"."""
    keys: dict[str, Any] = {}
    last: dict[str, tuple[int, str]] = {}
    findings: list[Finding] = []
    for line in lines:
        if line.kind == "device_enrolled":
            _enrol(line, keys)
        elif line.kind in ("sheet", "conflict"):
            findings += _check_sheet(line, keys, last, rules_hash)
    return findings


def _enrol(line: LogLine, keys: dict[str, Any]) -> None:
    body = json.loads(line.body)
    try:
        keys[body["kid"]] = ECAlgorithm.from_jwk(json.dumps(body["jwk"]))
    except (KeyError, TypeError, ValueError, jwt.InvalidKeyError):
        return  # a key that can't be read verifies nothing: its sheets are named below


def _check_sheet(
    line: LogLine, keys: Mapping[str, Any], last: dict[str, tuple[int, str]], rules_hash: str
) -> list[Finding]:
    jws = json.loads(line.body).get("jws", "")
    parts = take_apart(jws) if isinstance(jws, str) else None
    payload = read_payload(parts.payload)[0] if parts else None
    if parts is None or payload is None or parts.header.get("typ") != SHEET_TYPE:
        return [_finding(line, "recount-signature-unreadable")]
    kid = str(parts.header.get("kid", ""))
    if kid not in keys:
        return [_finding(line, "recount-signature-key-unknown", kid=kid[:40])]
    if not _signed(jws, keys[kid]):
        return [_finding(line, "recount-signature-wrong", kid=kid[:40])]
    findings = []
    if payload.rules != rules_hash:
        findings.append(
            _finding(
                line, "recount-sheet-rules", found=payload.rules[:12], expected=rules_hash[:12]
            )
        )
    before = last.get(kid)
    if before is not None and payload.seq == before[0] + 1 and payload.prev != before[1]:
        findings.append(_finding(line, "recount-sheet-chain"))
    last[kid] = (payload.seq, jws_hash(jws))
    return findings


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
