"""`jiangxin keys root …` and `jiangxin keys accept …`: parse, call, print.

`root make` and `root authorise` run on the root's own machine: they need neither settings nor a database.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.commands.output import complain, say, say_json
from core.process import run
from core.security import SYSTEM
from credentials.encoding import Malformed
from credentials.key_files import (
    KeyFileError,
    make_key_file,
    new_passphrase,
    passphrase_for,
    read_key_file,
)
from credentials.keys import kid_of, public_jwk, thumbprint_of
from credentials.trusting import actions
from credentials.trusting.authorisation import (
    VALIDITY,
    Request,
    authorise,
    read_request,
    request_payload,
)


def add_words(words: Any) -> None:
    root = words.add_parser("root", help="the offline root that authorises the trust key")
    steps = root.add_subparsers(dest="step", required=True, metavar="STEP")
    make = steps.add_parser("make", help="on the root's machine: make the root's key")
    make.add_argument("file", type=Path, metavar="ROOT.pem")
    steps.add_parser("request", help="on this server: print what the root is asked to sign")
    sign = steps.add_parser("authorise", help="on the root's machine: sign a request")
    sign.add_argument("request", type=Path, metavar="REQUEST")
    sign.add_argument("--root", type=Path, required=True, metavar="ROOT.pem")
    sign.add_argument("--days", type=int, default=VALIDITY.days, help="how long it is good for")
    sign.add_argument("--yes", action="store_true", help="do not ask")
    install = steps.add_parser("install", help="on this server: put the root's answer into force")
    install.add_argument("file", metavar="AUTHORISATION")
    steps.add_parser("show", help="on this server: the root and until when it authorised us")
    for asking in (make, sign):
        asking.add_argument("--passphrase-file", type=Path, metavar="FILE")
    accept = words.add_parser(
        "accept", help="believe another installation, by its trust bundle; again to refresh it"
    )
    accept.add_argument(
        "file", metavar="BUNDLE", help="from its /trust/bundle; - for standard input"
    )
    accept.add_argument("--root", default="", metavar="THUMBPRINT", help="of its offline root")
    drop = words.add_parser("drop", help="believe another installation no more")
    drop.add_argument("origin")
    words.add_parser("accepted", help="the other installations that are believed here")


def _root(arguments: Namespace) -> int:
    try:
        return _STEPS[arguments.step](arguments)
    except (KeyFileError, OSError, Malformed) as error:
        complain(f"jiangxin: {error}")
        return 2


# --- on the root's machine ---------------------------------------------------------------------


def _make(arguments: Namespace) -> int:
    key = make_key_file(arguments.file, new_passphrase(arguments.passphrase_file))
    say(thumbprint_of(public_jwk(key.public_key())))
    complain(
        f"Wrote {arguments.file}. Keep it and its passphrase on this machine and in a safe, never on a"
        " server. The line above is its thumbprint: verifiers pin it."
    )
    return 0


def _authorise(arguments: Namespace) -> int:
    request = read_request(arguments.request.read_bytes())
    key = read_key_file(arguments.root, passphrase_for(arguments.root, arguments.passphrase_file))
    for line in _asked(request, arguments.days):
        complain(line)
    if not arguments.yes and not _agreed():
        return 1
    say(authorise(request, key, datetime.now(UTC), days=arguments.days))
    return 0


def _asked(request: Request, days: int) -> list[str]:
    origins = [f"  origin {origin}" for origin in request.origins]
    keys = [f"  trust key {kid_of(dict(key))}" for key in request.keys]
    return [f"Authorisation {request.n}, good for {days} days:", *origins, *keys]


def _agreed() -> bool:
    if not sys.stdin.isatty():
        complain("jiangxin: nobody is at the terminal to agree; add --yes. Nothing was signed.")
        return False
    sys.stderr.write("Are these yours? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


# --- on the server -----------------------------------------------------------------------------


def _request(_: Namespace) -> int:
    async def work() -> int:
        say_json(request_payload(await actions.root_request()))
        return 0

    return run(work)


def _install(arguments: Namespace) -> int:
    token = _text(arguments.file)

    async def work() -> int:
        found = await actions.install_authorisation(SYSTEM, token)
        say(
            f"Authorisation {found.n} of root {found.root} is in force until {found.expires_at:%Y-%m-%d}."
        )
        return 0

    return run(work)


def _show(_: Namespace) -> int:
    async def work() -> int:
        found = await actions.authorisation_in_force()
        if found is None:
            complain("No root has authorised this installation.")
            return 1
        one = found[0]
        say(f"{one.root}  {one.n}  until {one.expires_at:%Y-%m-%d}  {' '.join(one.kids)}")
        return 0

    return run(work)


def _accept(arguments: Namespace) -> int:
    bundle = _text(arguments.file)

    async def work() -> int:
        store = await actions.accept_installation(SYSTEM, bundle, root=arguments.root)
        say(
            f"{store.addresses.origin} is believed here: {len(store.keys)} keys, as of {store.made_at:%Y-%m-%d %H:%M}."
        )
        return 0

    return run(work)


def _drop(arguments: Namespace) -> int:
    async def work() -> int:
        await actions.drop_installation(SYSTEM, arguments.origin)
        return 0

    return run(work)


def _accepted(_: Namespace) -> int:
    async def work() -> int:
        for one in await actions.accepted_installations():
            say(
                f"{one['origin']}  until {one['expires_at']:%Y-%m-%d}  {one['root'] or '(no root)'}"
            )
        return 0

    return run(work)


def _text(file: str) -> str:
    return (sys.stdin.read() if file == "-" else Path(file).read_text("ascii")).strip()


def _read(verb: Callable[[Namespace], int]) -> Callable[[Namespace], int]:
    def reading(arguments: Namespace) -> int:
        try:
            return verb(arguments)
        except (OSError, UnicodeDecodeError) as error:
            complain(f"jiangxin: the file can't be read: {error}")
            return 2

    return reading


_STEPS: dict[str, Callable[[Namespace], int]] = {
    "make": _make,
    "authorise": _authorise,
    "request": _request,
    "install": _read(_install),
    "show": _show,
}
VERBS: dict[str, Callable[[Namespace], int]] = {
    "root": _root,
    "accept": _read(_accept),
    "drop": _drop,
    "accepted": _accepted,
}
