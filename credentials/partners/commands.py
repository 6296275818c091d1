"""`jiangxin sign` on a partner's machine, `jiangxin partners` on the server: parse, call, print.

`sign` needs neither settings nor a database: a key file or a device, and the batch.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from core.commands.output import complain, say
from core.errors import JiangxinError
from core.privacy import names_of
from core.process import run
from core.security import SYSTEM
from credentials import device
from credentials.claims import printed
from credentials.encoding import Malformed
from credentials.key_files import (
    KeyFileError,
    make_key_file,
    new_passphrase,
    passphrase_for,
    read_key_file,
)
from credentials.keys import PrivateKey, kid_of, public_jwk
from credentials.partners import actions, messages
from credentials.partners.batch import enrolment, read_unsigned, sign_batch, told
from credentials.partners.fields import FIELDS

__all__ = ["Partners", "Sign", "messages"]


class Sign:
    """For a partner who issues certificates and lets nobody else have its key."""

    word = "sign"
    help = "sign a batch of certificates on the issuer's own machine, without an installation"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "batch", nargs="?", type=Path, metavar="BATCH", help="the unsigned batch"
        )
        parser.add_argument("--make", action="store_true", help="make the key first")
        parser.add_argument(
            "--enrol", metavar="ISSUER", help="print what the installation enrols this key by"
        )
        parser.add_argument("--out", type=Path, help="where the signed batch goes")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        where = parser.add_argument_group("the key: a file, or a PKCS#11 device")
        where.add_argument("--key", type=Path, metavar="KEY.pem")
        where.add_argument("--passphrase-file", type=Path, metavar="FILE")
        where.add_argument("--module", type=Path, metavar="LIBRARY.so")
        where.add_argument("--token", default="", metavar="LABEL", help="label of the token")
        where.add_argument("--object", default="", metavar="LABEL", help="label of the key in it")
        where.add_argument("--pin-file", type=Path, metavar="FILE")

    def run(self, arguments: Namespace) -> int:
        try:
            return _sign(arguments)
        except (KeyFileError, Malformed, JiangxinError) as error:
            complain(f"jiangxin: {error}")
        except OSError as error:
            complain(f"jiangxin: {error.filename}: {error.strerror}")
        return 2


def _sign(arguments: Namespace) -> int:
    if not arguments.key and not (arguments.module and arguments.token and arguments.object):
        raise KeyFileError(
            "Name the key: --key FILE, or --module, --token, --object and --pin-file."
        )
    if not (arguments.make or arguments.enrol or arguments.batch):
        raise KeyFileError("Nothing to do: name a BATCH, or --make, or --enrol ISSUER.")
    key = _made(arguments) if arguments.make else _opened(arguments)
    if arguments.make:
        complain(f"Made key {kid_of(public_jwk(key.public_key()))}. Keep it on this machine.")
    if arguments.enrol:
        say(enrolment(arguments.enrol, key, datetime.now(UTC)))
    return _signed(arguments, key) if arguments.batch else 0


def _made(arguments: Namespace) -> PrivateKey:
    if arguments.key:
        return make_key_file(arguments.key, new_passphrase(arguments.passphrase_file))
    return device.make_key(
        arguments.module, arguments.token, _pin(arguments), label=arguments.object
    )


def _opened(arguments: Namespace) -> PrivateKey:
    if arguments.key:
        return read_key_file(
            arguments.key, passphrase_for(arguments.key, arguments.passphrase_file)
        )
    return device.open_key(
        arguments.module, arguments.token, _pin(arguments), label=arguments.object
    )


def _pin(arguments: Namespace) -> str:
    given = passphrase_for(Path("PIN"), arguments.pin_file)
    if given is None:
        raise KeyFileError("The device needs its PIN: name a file with --pin-file.")
    return given.decode()


def _signed(arguments: Namespace, key: PrivateKey) -> int:
    batch = read_unsigned(arguments.batch.read_bytes())
    for line in told(batch):
        complain(line)
    if not arguments.yes and not _agreed("Sign all of these?"):
        return 1
    file = sign_batch(batch, key)
    out = arguments.out or arguments.batch.with_suffix(".signed.json")
    out.write_bytes(file)
    complain(f"Wrote {out}.")
    return 0


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        complain("jiangxin: nobody is at the terminal to agree; add --yes. Nothing was signed.")
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


class Partners:
    """The operator of the machine acts for the platform itself."""

    word = "partners"
    help = "issuers who sign on their own machine: enrol, consent, send a batch, take it back"

    def arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        enrol = words.add_parser("enrol", help="take a partner's public key (from sign --enrol)")
        enrol.add_argument("file", type=Path)
        waits = words.add_parser("waiting", help="what an issuer has still to sign, with consents")
        waits.add_argument("issuer")
        agrees = words.add_parser("consent", help="record what a person lets the issuer have")
        agrees.add_argument("id", type=UUID, help="of the waiting certificate")
        agrees.add_argument(
            "--fields", required=True, help=f"comma-separated, of {', '.join(FIELDS)}"
        )
        agrees.add_argument("--source", required=True, help="where the consent is kept")
        send = words.add_parser("send", help="write the batch that the issuer is asked to sign")
        send.add_argument("issuer")
        send.add_argument("--out", type=Path, required=True)
        words.add_parser("take", help="take the signed batch back").add_argument("file", type=Path)
        recall = words.add_parser("recall", help="a batch does not come back: let it leave again")
        recall.add_argument("batch", type=UUID)

    def run(self, arguments: Namespace) -> int:
        try:
            return run(lambda: _VERBS[arguments.verb](arguments))
        except OSError as error:
            complain(f"jiangxin: {error.filename}: {error.strerror}")
            return 2


async def _enrol(arguments: Namespace) -> int:
    say(await actions.enrol_partner(SYSTEM, arguments.file.read_text("ascii", "replace")))
    return 0


async def _waiting(arguments: Namespace) -> int:
    rows = await actions.waiting_for(SYSTEM, arguments.issuer)
    names = await names_of({row["person"] for row in rows})
    for row in rows:
        fields = ",".join(row["fields"]) or "no consent"
        away = "  sent" if row["batch"] else ""
        name = names.get(row["person"], "")
        say(f"{row['id']}  {name}  {printed(row['title'])}  {fields}{away}")
    return 0


async def _consent(arguments: Namespace) -> int:
    fields = [field.strip() for field in arguments.fields.split(",") if field.strip()]
    await actions.consent(SYSTEM, arguments.id, fields, source=arguments.source)
    return 0


async def _send(arguments: Namespace) -> int:
    file = await actions.send_batch(SYSTEM, arguments.issuer)
    arguments.out.write_bytes(file)
    say(f"Wrote {arguments.out}: {len(read_unsigned(file).certificates)} certificates.")
    return 0


async def _take(arguments: Namespace) -> int:
    stored, left = await actions.take_signed(SYSTEM, arguments.file.read_bytes())
    say(f"{stored} certificates are issued.")
    if left:
        say(f"{left} were overtaken meanwhile by a correction or an erasure, and were not taken.")
    return 0


async def _recall(arguments: Namespace) -> int:
    await actions.recall_batch(SYSTEM, arguments.batch)
    return 0


_VERBS: dict[str, Callable[[Namespace], Coroutine[Any, Any, int]]] = {
    "enrol": _enrol,
    "waiting": _waiting,
    "consent": _consent,
    "send": _send,
    "take": _take,
    "recall": _recall,
}
