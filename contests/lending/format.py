"""`loan.json`: what travels beside a contest's package so that another installation can go on with it,
and later home again. Strict: an unknown field is a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contests.packages.archive import Files
from contests.packages.format import LOAN
from core.errors import Invalid
from core.scoring.codec import canonical, load, read
from core.scoring.model import Finding

FORMAT, VERSION = "jiangxin-loan", 1
OUT, HOME = "loan", "return"


@dataclass(frozen=True, slots=True)
class LentAccount:
    """Somebody with a duty. `label` is how colleagues call them; no login, no password, no PIN."""

    id: str
    label: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class LentDevice:
    """A public key and where its chain stands. Instants as in the log, "" for none."""

    kid: str
    jwk: Mapping[str, str]
    kind: str
    label: str = ""
    account: str = ""
    last_seq: int = 0
    last_hash: str = ""
    enrolled_at: str = ""
    revoked_at: str = ""
    returned_at: str = ""


@dataclass(frozen=True, slots=True)
class LentAdmission:
    """A judge who signed in on a shared tablet."""

    kid: str
    account: str
    admitted_at: str
    ended_at: str = ""


@dataclass(frozen=True, slots=True)
class HeldSheet:
    """Bytes in the venue's quarantine; `jws` as text."""

    jws: str
    reason: str
    received_at: str
    kid: str = ""
    device_seq: int = 0
    rid: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class LoanFile:
    """direction: "loan" (out) or "return" (home). lender, borrower: installations. length, head: where
    the package's log ends. texts: free text of the venue, sealed for the lender alone."""

    format: str
    version: int
    direction: str
    contest: str
    lender: str
    borrower: str
    length: int
    head: str
    at: str
    accounts: tuple[LentAccount, ...] = ()
    devices: tuple[LentDevice, ...] = ()
    admissions: tuple[LentAdmission, ...] = ()
    held: tuple[HeldSheet, ...] = ()
    texts: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


def written(loan: LoanFile) -> bytes:
    return canonical(loan) + b"\n"


def read_loan(files: Files, *, direction: str) -> LoanFile:
    """Raises Invalid."""
    if LOAN not in files.contents:
        raise Invalid([Finding(f"/{LOAN}", "loan-missing", {})])
    value, findings = load(files.contents[LOAN])
    loan = None
    if not findings:
        loan, findings = read(LoanFile, value)
    if loan is None or loan.format != FORMAT or loan.version != VERSION:
        raise Invalid([Finding(f"/{LOAN}", "loan-unreadable", {})])
    if loan.direction != direction:
        expected = "jiangxin take-back" if loan.direction == HOME else "jiangxin borrow"
        params = {"found": loan.direction, "expected": expected}
        raise Invalid([Finding(f"/{LOAN}/direction", "loan-direction", params)])
    return loan
