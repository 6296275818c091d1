"""`jiangxin verify`: parse, call, print."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from core.process import run
from credentials.answers import verdict_out
from credentials.baking import LIMIT
from credentials.messages import STATES
from credentials.presented import verify
from credentials.trust import Refused, TrustStore, read_bundles
from credentials.trusting.among import known_of, verify_among
from credentials.verify import State, Verdict

GOOD = (State.VALID, State.IN_NOTICE)
SIGNS = {True: "ok ", False: "BAD", None: " ? "}


class Verify:
    """With --trust it needs neither a database nor a network."""

    word = "verify"
    help = "verify a certificate: a token, a QR's text, a baked picture; exit code 0 when it counts"

    def arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument(
            "file", nargs="?", metavar="FILE", help="a file, or - for standard input"
        )
        source.add_argument("--token", help="the token, address or QR's text itself")
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
        parser.add_argument(
            "--trust",
            type=Path,
            action="append",
            metavar="BUNDLE",
            help="verify offline with this trust bundle (from /trust/bundle); may be repeated",
        )
        parser.add_argument(
            "--root",
            metavar="THUMBPRINT",
            help="offline: the root that must have authorised the bundle's key",
        )
        parser.add_argument(
            "--status",
            type=Path,
            action="append",
            default=[],
            metavar="LIST",
            help="offline: a status list (from /status/…); may be repeated",
        )

    def run(self, arguments: Namespace) -> int:
        try:
            data = _input(arguments)
        except OSError as error:
            print(f"jiangxin: {error.filename} can't be read: {error.strerror}", file=sys.stderr)
            return 2
        if arguments.trust:
            return _offline(data, arguments)
        return run(lambda: _online(data, as_json=arguments.json))


def _input(arguments: Namespace) -> bytes:
    if arguments.token is not None:
        return str(arguments.token).encode()
    if arguments.file == "-":
        return sys.stdin.buffer.read(LIMIT + 1)
    with Path(arguments.file).open("rb") as file:
        return file.read(LIMIT + 1)


async def _online(data: bytes, *, as_json: bool) -> int:
    verdict, named = await verify(data)
    return _told(verdict, named=named, as_json=as_json)


def _offline(data: bytes, arguments: Namespace) -> int:
    now = datetime.now(UTC)
    try:
        stores = _stores(arguments, now)
        lists = [path.read_text("ascii").strip() for path in arguments.status]
        known = known_of(stores, lists, now)
    except (Refused, OSError, UnicodeDecodeError) as error:
        print(f"jiangxin: bundle or list can't be used: {error}", file=sys.stderr)
        return 2
    verdict, found = verify_among(data, known, now)
    if found and len(known) > 1 and not arguments.json:
        print(found.trust.addresses.host)
    return _told(verdict, named=True, as_json=arguments.json)


def _stores(arguments: Namespace, now: datetime) -> list[TrustStore]:
    """Of all bundles, each installation once: the bundle named first is believed about it."""
    stores: dict[str, TrustStore] = {}
    for path in arguments.trust:
        text = path.read_text("ascii").strip()
        for store in read_bundles(text, now, root=arguments.root or ""):
            stores.setdefault(store.addresses.origin, store)
    return list(stores.values())


def _told(verdict: Verdict, *, named: bool, as_json: bool) -> int:
    answer = verdict_out(verdict, "en", named=named)
    if as_json:
        print(msgspec.json.encode(answer).decode())
    else:
        print(STATES[verdict.state][0])
        for check in answer.checks:
            print(f"{SIGNS[check.ok]}  {check.id:10} {check.detail}")
        if answer.credential:
            print(f"     {answer.credential['name']}")
    return 0 if verdict.state in GOOD else 1
