"""The first run: an installation without any account is set up by whoever sees its terminal.

`jiangxin serve` prints a code, each server its own, and stores its hash. Until somebody has typed one
of them every page leads to /setup and the API refuses; afterwards there is no such page.
"""

from __future__ import annotations

import hmac
import re
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from core import audit, organisations, passwords, settings
from core.accounts import account_findings, create_account_row, grant_row
from core.db import transaction
from core.errors import Conflict, Forbidden, Invalid
from core.privacy import keyed_hash
from core.scoring.model import Finding, Text
from core.security import INSTALLATION, Actor, Role, Scope
from core.settings import DEFAULT_LANGUAGES, LOOPBACK, Settings
from core.signing_in.recovery import ALPHABET
from core.tables import Account, Installation, SetUpCode

LENGTH = 20
_SERVERS = UUID("6d5b1c0e-6b5f-4a35-8a6b-0f5f9f5a3c11")
_HOST = re.compile(
    r"((?P<scheme>https?)://)?(?P<name>[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?)(?P<port>:\d{1,5})?/?"
)
_over: set[str] = set()
"""Installations of this process that are known to be set up: that never ends."""


class WrongSetUpCode(Forbidden):
    slug = "wrong-set-up-code"
    title = "This is not the code that the terminal shows. Copy it from there; a new start prints a new one."


class SetUpAlready(Conflict):
    slug = "set-up-already"
    title = "This installation has been set up already. Log in."


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the form asks for. host: where people will reach it, as typed."""

    code: str
    organisation_code: str
    organisation_title: Text
    label: str
    login: str
    password: str
    repeated: str
    languages: Sequence[str]
    host: str


async def arm(served: Settings) -> str:
    """A new code for this server, as the terminal shows it; the one it printed before is over."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    id_ = uuid5(_SERVERS, f"{socket.gethostname()}|{served.host}|{served.port}")
    async with transaction():
        await SetUpCode.delete().where(SetUpCode.id == id_)
        await SetUpCode.insert(
            SetUpCode(id=id_, code_hash=_hash(code), created_at=datetime.now(UTC))
        )
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4)).upper()


async def pending() -> bool:
    """Whether a server waits to be set up. Asks the database until there is an account."""
    found = settings.current().secrets
    own = found.installation if found else ""
    if own in _over:
        return False
    if await Account.exists():
        await _adopt_languages()
        _over.add(own)
        return False
    return await SetUpCode.exists()


async def set_up(given: SetUp) -> UUID:
    """The first organisation and its administrator, who also organises there and may sign in its
    name. Raises WrongSetUpCode before it looks at anything else, and Invalid with all findings.
    """
    await _check_code(given.code)
    findings = [
        *_organisation_findings(given),
        *account_findings(login=given.login, label=given.label, password=given.password),
        *_repeated_findings(given),
        *_language_findings(given.languages),
        *host_findings(given.host),
    ]
    if findings:
        raise Invalid(findings)
    stored = await passwords.hashed(given.password)
    async with transaction():
        if not await SetUpCode.raw("DELETE FROM set_up_code RETURNING id") or (
            await Account.exists()
        ):
            raise SetUpAlready
        account = await create_account_row(
            login=given.login, label=given.label.strip(), password_hash=stored
        )
        by = Actor(account, given.label)
        organisation = await organisations.create_organisation_row(
            by,
            code=given.organisation_code,
            title=given.organisation_title,
            kind="organiser",
        )
        for role, scope in (
            (Role.ADMINISTRATOR, INSTALLATION),
            (Role.ORGANISER, Scope("organisation", str(organisation))),
            (Role.ORGANISER, Scope("issuer", given.organisation_code)),
        ):
            await grant_row(account, role, scope, granted_by=account)
        chosen = ",".join(given.languages)
        await Installation.update({Installation.languages: chosen}, force=True)
        after = {"languages": chosen}
        await audit.record(by, "installation.set_up", subject=str(account), after=after)
    await _adopt_languages()
    return account


def origin_of(host: str) -> str:
    """The address that the typed host name means. Raises ValueError with what is wrong."""
    found = _HOST.fullmatch(host.strip().lower())
    if found is None:
        raise ValueError("write a host name")
    scheme = found["scheme"] or ("http" if found["name"] in LOOPBACK else "https")
    return settings.origin_in(f"{scheme}://{found['name']}{found['port'] or ''}")


def host_findings(host: str) -> list[Finding]:
    try:
        origin_of(host)
    except ValueError:
        return [Finding("/host", "set-up-host", {"host": host[:80]})]
    return []


def differs(host: str) -> str:
    """The address to be set when it isn't the one that is served now; "" when all is well."""
    try:
        wanted = origin_of(host)
    except ValueError:
        return ""
    return "" if wanted == settings.current().origin else wanted


async def _check_code(typed: str) -> None:
    """Every hash is compared, whichever fits."""
    if not await pending():
        raise SetUpAlready
    sent = _hash("".join(c for c in typed.lower()[:200] if c.isalnum()))
    rows = await SetUpCode.select(SetUpCode.code_hash)
    fitting = [row for row in rows if hmac.compare_digest(row["code_hash"], sent)]
    if not fitting:
        raise WrongSetUpCode


async def _adopt_languages() -> None:
    row = await Installation.select(Installation.languages).first()
    chosen = tuple(row["languages"].split(",")) if row and row["languages"] else ()
    if chosen:
        settings.use(settings.with_languages(settings.current(), chosen))


def _organisation_findings(given: SetUp) -> list[Finding]:
    found = organisations.findings(given.organisation_code, given.organisation_title, "organiser")
    places = {"/code": "/organisation_code", "/title": "/organisation_title"}
    return [Finding(places.get(f.pointer, f.pointer), f.code, f.params) for f in found]


def _repeated_findings(given: SetUp) -> list[Finding]:
    if given.password == given.repeated:
        return []
    return [Finding("/repeated", "password-differs", {})]


def _language_findings(languages: Sequence[str]) -> list[Finding]:
    if languages and set(languages) <= set(DEFAULT_LANGUAGES):
        return []
    return [Finding("/languages", "set-up-languages", {})]


def _hash(code: str) -> str:
    return keyed_hash("set-up code", code)
