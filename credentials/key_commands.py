"""`jiangxin keys`: the life of keys, the offline root, other installations. Parse, call, print."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine
from typing import Any

from core.commands.output import complain, say
from core.errors import NotFound
from core.process import run
from core.security import SYSTEM
from credentials import actions, published, queries
from credentials.resigning import actions as resigning
from credentials.resigning.notice import notice_of
from credentials.tables import SigningKey
from credentials.trust import CERTIFICATE, STATUS, TRUST
from credentials.trusting import commands as trusting


class Keys:
    """The operator of the machine acts for the platform itself."""

    word = "keys"
    help = "list, publish, activate, retire keys of issuers; report a compromised one; the root"

    def arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        words.add_parser("list", help="all keys, and how many certificates each signed")
        words.add_parser("bundle", help="print the signed trust bundle")
        create = words.add_parser("create", help="make an organisation an issuer")
        create.add_argument("issuer")
        publish = words.add_parser(
            "pre-publish", aliases=["rotate"], help="publish an issuer's next key"
        )
        publish.add_argument("issuer")
        publish.add_argument("--purpose", choices=(CERTIFICATE, STATUS, TRUST), default=CERTIFICATE)
        activate = words.add_parser("activate", help="take a published key into use after 24 hours")
        activate.add_argument("kid")
        retire = words.add_parser("retire", help="take a key out of use")
        retire.add_argument("kid")
        compromise = words.add_parser("compromise", help="a private key got into other hands")
        compromise.add_argument("kid")
        compromise.add_argument("reason")
        again = words.add_parser(
            "sign-again", help="sign again every certificate that a compromised key has signed"
        )
        again.add_argument("kid")
        notice = words.add_parser("notice", help="print the signed notice of a compromised key")
        notice.add_argument("kid")
        for asking in (retire, compromise, again):
            asking.add_argument("--yes", action="store_true", help="do not ask")
        trusting.add_words(words)

    def run(self, arguments: Namespace) -> int:
        if arguments.verb in trusting.VERBS:
            return trusting.VERBS[arguments.verb](arguments)
        return run(lambda: _VERBS[arguments.verb](arguments))


async def _list(_: Namespace) -> int:
    rows = await SigningKey.select().order_by(SigningKey.issuer, SigningKey.published_at)
    for row in rows:
        issuer, at = row["issuer"] or "(installation)", row["published_at"]
        signed = (await queries.signed_with(row["kid"]))["signed"]
        say(
            f"{row['kid']}  {row['state']:13}  {row['purpose']:11}  {row['place']:8}"
            f"  {at:%Y-%m-%d}  {signed:>7}  {issuer}"
        )
    return 0


async def _bundle(_: Namespace) -> int:
    say(await published.trust_bundle())
    return 0


async def _create(arguments: Namespace) -> int:
    for kid in await actions.create_issuer(SYSTEM, arguments.issuer):
        say(kid)
    return 0


async def _publish(arguments: Namespace) -> int:
    say(await actions.rotate_key(SYSTEM, arguments.issuer, arguments.purpose))
    return 0


async def _activate(arguments: Namespace) -> int:
    await actions.activate_key(SYSTEM, arguments.kid)
    return 0


async def _retire(arguments: Namespace) -> int:
    row, count = await _told_what(arguments.kid)
    say(f"{count['signed']} certificates signed with it stay valid, online and offline.")
    say(f"After this it signs nothing more, and {_whose(row)} needs another active key.")
    if not _agreed("Retire it?", yes=arguments.yes):
        return 1
    await actions.retire_key(SYSTEM, arguments.kid)
    return 0


async def _compromise(arguments: Namespace) -> int:
    row, count = await _told_what(arguments.kid)
    since = row["activated_at"] or row["published_at"]
    say(
        f"{count['signed']} certificates were signed with it; {count['current']} of them count now."
    )
    say("Offline all of these fail from the next refresh of a verifier on, and so does every paper")
    say(
        f"whose QR code was first drawn while it was in use, from {since:%Y-%m-%d} on. Online those"
    )
    say("that the ledger recorded until now still count. This can't be taken back.")
    if not _agreed("Report it as compromised?", yes=arguments.yes):
        return 1
    new = await actions.report_compromise(SYSTEM, arguments.kid, arguments.reason)
    say(new or f"{_whose(row)} has no other key now: enrol its next one.")
    if row["purpose"] == CERTIFICATE and count["current"]:
        say(f"Next: `jiangxin keys sign-again {arguments.kid}`, then have the papers printed anew.")
    if row["purpose"] == TRUST:
        say("Next: `jiangxin keys root request`, so that the root withdraws it as well.")
    return 0


async def _sign_again(arguments: Namespace) -> int:
    """Each certificate is done once and kept: after an interruption the same command goes on."""
    row = await resigning.lost_key(arguments.kid)
    total = len(await resigning.affected_by(arguments.kid))
    say(f"{total} certificates of {_whose(row)} count and carry the signature of this lost key.")
    say("Each gets a new version with the same content; the old one turns replaced and says why.")
    if not total or not _agreed("Sign them again?", yes=arguments.yes):
        return 0 if not total else 1
    done = 0
    async for _ in resigning.sign_affected(arguments.kid):
        done += 1
        if done == total or done % 100 == 0:
            complain(f"{done} of {total}")
    say(await notice_of(arguments.kid))
    return 0


async def _notice(arguments: Namespace) -> int:
    say(await notice_of(arguments.kid))
    return 0


async def _told_what(kid: str) -> tuple[dict[str, Any], dict[str, int]]:
    row = await SigningKey.select().where(SigningKey.kid == kid).first()
    if row is None:
        raise NotFound(kind="key", id=kid)
    say(f"Key {kid} of {_whose(row)}: {row['purpose']}, {row['state']}.")
    return dict(row), await queries.signed_with(kid)


def _whose(row: dict[str, Any]) -> str:
    return str(row["issuer"] or "the installation")


def _agreed(question: str, *, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        complain("jiangxin: nobody is at the terminal to agree; add --yes. Nothing was changed.")
        return False
    if input(f"{question} [y/N] ").strip().lower() in ("y", "yes"):
        return True
    say("Nothing was changed.")
    return False


_VERBS: dict[str, Callable[[Namespace], Coroutine[Any, Any, int]]] = {
    "list": _list,
    "bundle": _bundle,
    "create": _create,
    "pre-publish": _publish,
    "rotate": _publish,
    "activate": _activate,
    "retire": _retire,
    "compromise": _compromise,
    "sign-again": _sign_again,
    "notice": _notice,
}
