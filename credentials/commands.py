"""`jiangxin verify` and `jiangxin keys`: parse, call, print."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from core.process import run
from core.security import SYSTEM
from credentials import actions, published
from credentials.answers import verdict_out
from credentials.baking import LIMIT
from credentials.lists import Lists
from credentials.messages import STATES
from credentials.offline import verify_with
from credentials.presented import verify
from credentials.tables import SigningKey
from credentials.trust import CERTIFICATE, STATUS, TRUST, Refused, read_bundle
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
            metavar="BUNDLE",
            help="verify offline with this trust bundle (from /trust/bundle)",
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
        trust = read_bundle(arguments.trust.read_text("ascii").strip(), now)
        lists = Lists(trust, now=now)
        for path in arguments.status:
            lists.add_by_name(path.read_text("ascii").strip(), now=now)
    except (Refused, OSError, UnicodeDecodeError) as error:
        print(f"jiangxin: bundle or list can't be used: {error}", file=sys.stderr)
        return 2
    return _told(verify_with(data, trust, lists, now), named=True, as_json=arguments.json)


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


class Keys:
    """The operator of the machine acts for the platform itself."""

    word = "keys"
    help = "list, publish, activate, retire keys of issuers; report a compromised one"

    def arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        words.add_parser("list", help="all keys with their dates")
        words.add_parser("bundle", help="print the signed trust bundle")
        create = words.add_parser("create", help="make an organisation an issuer")
        create.add_argument("issuer")
        rotate = words.add_parser("rotate", help="publish an issuer's next key")
        rotate.add_argument("issuer")
        rotate.add_argument("--purpose", choices=(CERTIFICATE, STATUS, TRUST), default=CERTIFICATE)
        for verb, told in (
            ("activate", "take a published key into use after 24 hours"),
            ("retire", "take a key out of use"),
        ):
            words.add_parser(verb, help=told).add_argument("kid")
        compromise = words.add_parser("compromise", help="a private key got into other hands")
        compromise.add_argument("kid")
        compromise.add_argument("reason")

    def run(self, arguments: Namespace) -> int:
        return run(lambda: _VERBS[arguments.verb](arguments))


async def _list(_: Namespace) -> int:
    rows = await SigningKey.select().order_by(SigningKey.issuer, SigningKey.published_at)
    for row in rows:
        issuer, at = row["issuer"] or "(installation)", row["published_at"]
        print(f"{row['kid']}  {row['state']:13}  {row['purpose']:11}  {at:%Y-%m-%d}  {issuer}")
    return 0


async def _bundle(_: Namespace) -> int:
    print(await published.trust_bundle())
    return 0


async def _create(arguments: Namespace) -> int:
    for kid in await actions.create_issuer(SYSTEM, arguments.issuer):
        print(kid)
    return 0


async def _rotate(arguments: Namespace) -> int:
    print(await actions.rotate_key(SYSTEM, arguments.issuer, arguments.purpose))
    return 0


async def _activate(arguments: Namespace) -> int:
    await actions.activate_key(SYSTEM, arguments.kid)
    return 0


async def _retire(arguments: Namespace) -> int:
    await actions.retire_key(SYSTEM, arguments.kid)
    return 0


async def _compromise(arguments: Namespace) -> int:
    print(await actions.report_compromise(SYSTEM, arguments.kid, arguments.reason))
    return 0


_VERBS: dict[str, Callable[[Namespace], Coroutine[Any, Any, int]]] = {
    "list": _list,
    "bundle": _bundle,
    "create": _create,
    "rotate": _rotate,
    "activate": _activate,
    "retire": _retire,
    "compromise": _compromise,
}
