"""The installation's settings, from JIANGXIN_* variables and the data folder's secrets.toml.

The only reader of os.environ. An unknown variable is an error that lists the known ones.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import json
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

PREFIX = "JIANGXIN_"
PLUGIN_PREFIX = "JIANGXIN_PLUGIN_"
TEST_PREFIX = "JIANGXIN_TEST_"
SECRETS_FILE = "secrets.toml"
SERVED_FILE = "served.json"
DEFAULT_LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """Everything that is wrong with the settings, in one message."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Secrets:
    """What `jiangxin init` makes and nobody else may know. Each has its variable; none a default."""

    session: bytes = field(repr=False)
    """Signs sessions: base64url, 32 bytes or more."""
    key_encryption: bytes = field(repr=False)
    """Wraps every person's and certificate's key: base64url, 32 bytes. Without it no name can be
    read again: keep a copy apart from the database."""
    keyed_hash: bytes = field(repr=False)
    """Finds a document again without storing it: base64url, 32 bytes or more."""
    receipt_key: str = field(repr=False)
    """Signs the receipts of sheets: a P-256 private key as PEM."""
    installation: str = ""
    """This installation's own id, a UUID."""


SECRET_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "session": "JIANGXIN_SESSION_SECRET",
        "key_encryption": "JIANGXIN_KEY_ENCRYPTION_KEY",
        "keyed_hash": "JIANGXIN_KEYED_HASH_KEY",
        "receipt_key": "JIANGXIN_RECEIPT_KEY",
        "installation": "JIANGXIN_INSTALLATION",
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """One field is one variable: `data` is JIANGXIN_DATA, and so on."""

    data: Path = Path("data")
    """Folder of secrets.toml and, without `database_url`, of the database jiangxin.sqlite."""
    database_url: str = field(default="", repr=False)
    """`postgresql://user@host/database`. Empty: SQLite in the data folder (embedded)."""
    redis_url: str = field(default="", repr=False)
    """`redis://host:6379/0` or `unix:///path` of Redis or Valkey. Empty: the embedded one, or none."""
    embedded_queue: bool = True
    """Embedded only: start Valkey from the extra `queue` when it is installed. Off: the sweep alone
    delivers, a little later."""
    origin: str = "http://127.0.0.1:8000"
    """Where people reach the pages. `http` is for this machine only; under https cookies are
    Secure. Left out, it is 127.0.0.1 with the port."""
    certificate_origin: str = ""
    """Start of every address that a certificate carries, for ever. Empty: the same as `origin`."""
    former_origins: tuple[str, ...] = ()
    """Origins that certificates were signed under before the installation moved, comma-separated: it
    still answers there (see certificates/keys.md)."""
    hsm_module: Path | None = None
    """PKCS#11 library of the device that makes and keeps new signing keys (the extra `hsm`). Empty: keys
    stand in the database, sealed."""
    hsm_token: str = ""
    """Label of the token in that device."""
    hsm_pin: str = field(default="", repr=False)
    """The token's user PIN."""
    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    """Languages offered, comma-separated, the default one first."""
    host: str = "127.0.0.1"
    """Address that `jiangxin serve` listens on."""
    port: int = 8000
    """Port that `jiangxin serve` listens on."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses or networks of reverse proxies, comma-separated: only their X-Forwarded-For counts
    for the limits per address."""
    rehearsal: bool = False
    """This is a rehearsal: every page says so, and its log-ins are its own. Set by the console, which
    starts rehearsals (see console/safety.md)."""
    raw_tables: bool = False
    """Show an installation's administrator the raw tables at `/raw` (the extra `admin`): for looking
    into a fault, with the official ones read-only. Off unless you need it."""
    strict_plugins: bool = False
    """A plugin that can't be loaded stops the start instead of being disabled and named."""
    tls_certificate: Path | None = None
    """PEM file of the server's certificate with its chain, when `jiangxin serve` speaks https itself
    (`--certificate`). Empty: http on this machine, or a proxy in front."""
    tls_key: Path | None = None
    """PEM file of that certificate's private key (`--key`)."""
    venue: bool = False
    """Serve tablets in a hall, without the internet (`--venue`, see venue.md)."""
    venue_name: str = ""
    """Name or address by which the tablets in the hall reach this machine (`--name`). Empty: the
    certificate's name, or this machine's address in the hall's network."""
    venue_help_port: int = 8080
    """Venue without a certificate of its own: port of the http page that leads tablets through
    trusting this server."""
    copy_to: Path | None = None
    """Folder, on a USB stick say, that `jiangxin serve` copies the installation to (`--copy-to`)."""
    copy_every: int = 300
    """Seconds from one copy to the next; `5m` and `1h` are understood too."""
    copy_keep: int = 12
    """So many copies are kept, the oldest goes first."""
    copy_states: bool = True
    """Make a copy by itself whenever a contest comes into another state: in `states` of the folder that
    copies go to, and without one in the data folder's own `copies`."""
    copy_passphrase: str = field(default="", repr=False)
    """Opens the secrets in a copy. Empty: asked for at the terminal the first time."""
    fonts: Path | None = None
    """Folder with font files for paper, beside the machine's own: Noto Sans CJK, or one that holds
    rare characters."""
    secrets: Secrets | None = field(default=None, repr=False)
    plugin_variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def embedded(self) -> bool:
        """SQLite and a worker inside the server: one process is the whole installation."""
        return not self.database_url

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def sqlite_path(self) -> Path:
        return self.data / "jiangxin.sqlite"


NOT_VARIABLES = frozenset({"secrets", "plugin_variables"})
VARIABLES: Mapping[str, str] = MappingProxyType(
    {PREFIX + f.name.upper(): f.name for f in fields(Settings) if f.name not in NOT_VARIABLES}
)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of `environ`, by default the process's. Raises SettingsError with all problems."""
    environ = os.environ if environ is None else environ
    problems = _unknown(environ)
    values: dict[str, Any] = {}
    for variable, name in VARIABLES.items():
        text = environ.get(variable, "").strip()
        if text:
            try:
                values[name] = _PARSERS[name](text)
            except ValueError as error:
                problems.append(f"{variable} is {text!r}: {error}.")
    if ("tls_certificate" in values) != ("tls_key" in values):
        problems.append("JIANGXIN_TLS_CERTIFICATE and JIANGXIN_TLS_KEY belong together: name both.")
    settings = _with_defaults(Settings(**values), given=values)
    secrets, found = _secrets(settings.data, environ)
    if problems or found:
        raise SettingsError(problems + found)
    plugin_variables = {k: v for k, v in environ.items() if k.startswith(PLUGIN_PREFIX)}
    return replace(settings, secrets=secrets, plugin_variables=plugin_variables)


def override(**variables: object) -> Settings:
    """Settings of the process's variables with some replaced: override(port=8001). None is left."""
    given = {PREFIX + name.upper(): str(v) for name, v in variables.items() if v is not None}
    return load({**os.environ, **given})


def remember_served(settings: Settings) -> None:
    """So that a command beside the server can print addresses that lead to it."""
    path = settings.data / SERVED_FILE
    if path.parent.is_dir():
        path.write_text(json.dumps({"origin": settings.origin}) + "\n", "utf-8")


def as_served(settings: Settings) -> Settings:
    """With the origin under which this folder was served last, unless a variable names one."""
    if PREFIX + "ORIGIN" in os.environ:
        return settings
    try:
        found = json.loads((settings.data / SERVED_FILE).read_text("utf-8"))["origin"]
        return replace(settings, origin=_origin(str(found)))
    except (OSError, ValueError, KeyError, TypeError):
        return settings


def with_languages(settings: Settings, languages: tuple[str, ...]) -> Settings:
    """With those chosen when it was set up, unless a variable names them."""
    known = tuple(code for code in languages if code in DEFAULT_LANGUAGES)
    if PREFIX + "LANGUAGES" in os.environ or not known:
        return settings
    return replace(settings, languages=known)


def origin_in(text: str) -> str:
    """`scheme://host[:port]` of an address. Raises ValueError with what is wrong."""
    return _origin(text)


_current: Settings | None = None


def current() -> Settings:
    """The process's settings, read from the variables the first time."""
    global _current
    if _current is None:
        _current = load()
    return _current


def use(settings: Settings | None) -> None:
    """Makes these the process's settings; None reads the variables again when next asked."""
    global _current
    _current = settings


def for_plugin(settings: Settings, code: str) -> dict[str, str]:
    """JIANGXIN_PLUGIN_<CODE>_* of one plugin, keyed by the rest of the name in lower case."""
    start = f"{PLUGIN_PREFIX}{code.upper().replace('-', '_')}_"
    found = settings.plugin_variables
    return {k[len(start) :].lower(): v for k, v in found.items() if k.startswith(start)}


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = sorted([*VARIABLES, *SECRET_VARIABLES.values()])
    problems = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name.startswith((PLUGIN_PREFIX, TEST_PREFIX)):
            continue
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            listed = ", ".join([*known, PLUGIN_PREFIX + "<CODE>_*"])
            problems.append(f"{name} is not a setting.{hint} Known ones: {listed}.")
    return problems


def _with_defaults(settings: Settings, *, given: Mapping[str, Any]) -> Settings:
    if "origin" not in given:
        settings = replace(settings, origin=f"http://127.0.0.1:{settings.port}")
    if not settings.certificate_origin:
        settings = replace(settings, certificate_origin=settings.origin)
    return settings


def _secrets(data: Path, environ: Mapping[str, str]) -> tuple[Secrets | None, list[str]]:
    path = data / SECRETS_FILE
    try:
        stored = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        return None, [f"{path} can't be read: {error}."]
    texts = {n: environ.get(v) or stored.get(n, "") for n, v in SECRET_VARIABLES.items()}
    if not any(texts.values()):
        return None, []
    problems: list[str] = []
    values: dict[str, Any] = {}
    for name, text in texts.items():
        where = f"{SECRET_VARIABLES[name]} (or `{name}` in {path})"
        if not isinstance(text, str) or not text:
            problems.append(f"{where} is missing. Restore it from your copy.")
            continue
        try:
            values[name] = _SECRET_PARSERS[name](text)
        except ValueError as error:
            problems.append(f"{where}: {error}.")
    return (None, problems) if problems else (Secrets(**values), [])


def _bool(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write 1 or 0")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise ValueError("write a number between 1 and 65535")


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write https://host, without a path")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("write only https://host[:port], without a path")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("http is for this machine only (127.0.0.1, localhost); use https")
    return f"{parts.scheme}://{parts.netloc}"


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_origin(part.strip()) for part in text.split(",") if part.strip())


def _database_url(text: str) -> str:
    if text.startswith(("postgresql://", "postgres://")):
        return text
    raise ValueError("write postgresql://user@host/database, or leave it out for SQLite")


def _redis_url(text: str) -> str:
    if text.startswith(("redis://", "rediss://", "unix://")):
        return text
    raise ValueError("write redis://host:6379/0, rediss://… or unix:///path")


def _languages(text: str) -> tuple[str, ...]:
    known = DEFAULT_LANGUAGES
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = [code for code in chosen if code not in known]
    if wrong or not chosen:
        raise ValueError(f"choose from {', '.join(known)}")
    return chosen


def _networks(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return tuple(str(ip_network(part)) for part in parts)
    except ValueError as error:
        raise ValueError("write addresses or networks like 10.0.0.0/24, comma-separated") from error


def duration(text: str) -> int:
    """Seconds: `90`, `90s`, `5m`, `1h`."""
    units = {"s": 1, "m": 60, "h": 3600}
    number, unit = (text[:-1], text[-1:]) if text[-1:] in units else (text, "s")
    seconds = int(number) * units[unit] if number.isascii() and number.isdigit() else 0
    if not 1 <= seconds <= 86_400:
        raise ValueError("write a time from 1s to 24h, like 90s, 5m or 1h")
    return seconds


def _name(text: str) -> str:
    """A host's name or address, without scheme and port."""
    if any(character in text for character in "/@? ") or text.startswith((".", "-")):
        raise ValueError("write only a name or address, like app.example.org or 192.168.8.10")
    return text.lower().rstrip(".")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= 10_000:
        return int(text)
    raise ValueError("write a number between 1 and 10000")


def _key(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise ValueError("this is not base64url") from error
    if len(key) < 32:
        raise ValueError("32 bytes or more are needed")
    return key


def _key_32(text: str) -> bytes:
    key = _key(text)
    if len(key) != 32:
        raise ValueError("exactly 32 bytes are needed")
    return key


def _pem(text: str) -> str:
    text = text.replace("\\n", "\n").strip() + "\n"
    if "PRIVATE KEY" not in text:
        raise ValueError("an ES256 private key as PEM is needed")
    return text


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "data": Path,
    "database_url": _database_url,
    "redis_url": _redis_url,
    "embedded_queue": _bool,
    "origin": _origin,
    "certificate_origin": _origin,
    "former_origins": _origins,
    "hsm_module": Path,
    "hsm_token": str,
    "hsm_pin": str,
    "languages": _languages,
    "host": str,
    "port": _port,
    "trusted_proxies": _networks,
    "rehearsal": _bool,
    "raw_tables": _bool,
    "strict_plugins": _bool,
    "tls_certificate": Path,
    "tls_key": Path,
    "venue": _bool,
    "venue_name": _name,
    "venue_help_port": _port,
    "copy_to": Path,
    "copy_every": duration,
    "copy_keep": _count,
    "copy_states": _bool,
    "copy_passphrase": str,
    "fonts": Path,
}
_SECRET_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "session": _key,
    "key_encryption": _key_32,
    "keyed_hash": _key,
    "receipt_key": _pem,
    "installation": lambda text: str(UUID(text)),
}


def inherited() -> dict[str, str]:
    """The variables that are no settings of ours: what a process gets that this one starts."""
    return {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
