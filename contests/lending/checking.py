"""What both sides verify of a package before they believe it: sums, chain, signatures, and that it
tells the same as its loan.json."""

from __future__ import annotations

from collections.abc import Iterator

from contests.chain import verify_chain
from contests.judging.signing import KeyRefused, read_public_key
from contests.lending.format import LoanFile
from contests.lending.standing import standing_in
from contests.packages.archive import Files, check_sums
from contests.packages.format import LOAN, LOG, Package
from contests.packages.reading import read_files
from contests.packages.score import configuration_findings
from contests.packages.signatures import check_signatures
from contests.replay import Replayed, replay
from core.errors import ContestTypeMissing
from core.registry import registry
from core.scoring.model import Finding

_UNUSABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def package_findings(files: Files) -> tuple[Package | None, list[Finding]]:
    """The package, or what can't be read of it. Raises ContestTypeMissing: a venue needs the type's
    plugin before it takes the contest in."""
    sums = check_sums(files.contents)
    reading = read_files(files)
    package = reading.package
    if package is None or sums:
        return None, [*sums, *reading.findings]
    type_ = package.contest.type
    if registry().contest_type(type_.code, type_.version) is None:
        raise ContestTypeMissing(code=type_.code, version=type_.version)
    return package, [f for f in configuration_findings(package) if not f.is_warning]


def log_findings(package: Package, loan: LoanFile) -> list[Finding]:
    """An altered, cut or foreign log, sheets whose signature is wrong, a loan.json of another."""
    log = package.log
    if not log:
        return [Finding(f"/{LOG}", "recount-no-log", {})]
    broken = verify_chain(log, contest=loan.contest, head=loan.head)
    if broken:
        return [Finding(f"/{LOG}", one.code, one.params) for one in broken]
    try:
        known = replay(log)
    except _UNUSABLE:
        return [Finding(f"/{LOG}", "loan-unreadable", {})]
    standing = standing_in(log)
    same = (
        package.contest.id == loan.contest
        and len(log) == loan.length
        and standing is not None
        and (standing.lender, standing.borrower) == (loan.lender, loan.borrower)
    )
    if not same or known.frozen is None:
        return [Finding(f"/{LOAN}", "loan-unreadable", {})]
    return [*_key_findings(loan, known), *check_signatures(log, known.frozen.rules_hash)]


def _key_findings(loan: LoanFile, known: Replayed) -> Iterator[Finding]:
    """A key stands under its own name, in loan.json as in the log: another under it would sign in
    the place of the one that was enrolled."""
    named = [
        (f"/{LOAN}/devices/{place}", one.kid, one.jwk) for place, one in enumerate(loan.devices)
    ]
    named += [(f"/{LOG}", kid, jwk) for kid, jwk in known.devices.items()]
    for pointer, kid, jwk in named:
        try:
            right = read_public_key(jwk)[0] == kid
        except KeyRefused:
            right = False
        if not right:
            yield Finding(pointer, "loan-key-wrong", {"kid": kid[:40]})
