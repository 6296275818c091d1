"""What is wrong with this installation, as a list: for `jiangxin doctor` and /healthz."""

from __future__ import annotations

import importlib.util
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from core import db, installation, migrations, outbox
from core.registry import registry
from core.settings import SECRETS_FILE, Settings, SettingsError
from core.tables import OutboxMessage

PACKAGES = ("core", "plugins", "contests", "credentials", "admin", "piccolo_conf")
CLOCK_TOLERANCE = timedelta(seconds=5)
OVERDUE = timedelta(minutes=5)


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is stable; `message` is English, for whoever runs the machine."""

    name: str
    verdict: Verdict
    message: str


async def diagnose(settings: Settings) -> list[Check]:
    """Every check, in an order to read. Needs an open database; none of them changes anything."""
    checks = [_code(), *_plugins(), _secrets(settings)]
    for look in (_database, _migrations, _installation, _clock, _queue, _outbox):
        checks += [check async for check in _safely(look, settings)]
    return checks


Look = Callable[[Settings], Awaitable[list[Check]]]


async def _safely(look: Look, settings: Settings) -> AsyncIterator[Check]:
    try:
        for check in await look(settings):
            yield check
    except Exception as error:
        name = look.__name__.strip("_")
        yield Check(name, Verdict.BAD, f"It could not be checked: {type(error).__name__}: {error}")


def _code() -> Check:
    """`core` and `plugins` are common names: another package may stand in our place."""
    home = Path(__file__).resolve().parent.parent
    strangers = []
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        origin = Path(spec.origin).resolve() if spec and spec.origin else None
        if origin is None or not origin.is_relative_to(home):
            strangers.append(f"{name} ({origin or 'missing'})")
    if strangers:
        return Check(
            "code",
            Verdict.BAD,
            f"Another package stands in the place of {', '.join(strangers)}. Install Jiangxin into "
            "a virtual environment of its own.",
        )
    return Check("code", Verdict.OK, f"Running from {home}.")


def _plugins() -> list[Check]:
    found = registry()
    checks = [
        Check(
            "plugins",
            Verdict.BAD,
            f"{plugin.name} ({plugin.distribution}) is disabled: {plugin.reason}. Correct or "
            "uninstall it; what it handles waits meanwhile.",
        )
        for plugin in found.disabled
    ]
    loaded = ", ".join(found.plugin_names()) or "none"
    return [*checks, Check("plugins", Verdict.OK, f"Loaded: {loaded}.")]


def _secrets(settings: Settings) -> Check:
    if settings.secrets is None:
        return Check("secrets", Verdict.BAD, installation.without_secrets(settings))
    path = settings.data / SECRETS_FILE
    if not path.exists():
        return Check("secrets", Verdict.OK, "All secrets come from variables.")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Check(
            "secrets",
            Verdict.BAD,
            f"{path} can be read by others (mode {mode:04o}). Run: chmod 600 {path}",
        )
    return Check("secrets", Verdict.OK, f"{path} is readable by its owner alone.")


async def _database(settings: Settings) -> list[Check]:
    engine = db.engine().engine_type
    function = "sqlite_version()" if engine == "sqlite" else "current_setting('server_version')"
    rows = await OutboxMessage.raw(f"SELECT {function} AS version")
    return [Check("database", Verdict.OK, f"{engine} {rows[0]['version']} answers.")]


async def _migrations(settings: Settings) -> list[Check]:
    missing = await migrations.pending()
    if not missing:
        return [Check("migrations", Verdict.OK, "All are applied.")]
    named = ", ".join(f"{step.app} {step.id}" for step in missing)
    return [Check("migrations", Verdict.BAD, f"Not applied: {named}. Run `jiangxin migrate`.")]


async def _installation(settings: Settings) -> list[Check]:
    if settings.secrets is None:
        return []
    try:
        await installation.check(settings)
    except SettingsError as error:
        return [Check("installation", Verdict.BAD, str(error))]
    return [Check("installation", Verdict.OK, f"This is {settings.secrets.installation}.")]


async def _clock(settings: Settings) -> list[Check]:
    if db.engine().engine_type == "sqlite":
        rows = await OutboxMessage.raw("SELECT MAX(created_at) AS at FROM outbox_message")
        latest = datetime.fromisoformat(rows[0]["at"]) if rows[0]["at"] else None
        if latest is not None and latest.astimezone(UTC) > datetime.now(UTC) + CLOCK_TOLERANCE:
            return [_clock_wrong(f"the database's newest message is from {latest}")]
        return [Check("clock", Verdict.OK, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC.")]
    before = datetime.now(UTC)
    rows = await OutboxMessage.raw("SELECT clock_timestamp() AS at")
    if not before - CLOCK_TOLERANCE <= rows[0]["at"] <= datetime.now(UTC) + CLOCK_TOLERANCE:
        return [_clock_wrong(f"the database's clock says {rows[0]['at']}")]
    return [Check("clock", Verdict.OK, "This machine and the database agree.")]


def _clock_wrong(why: str) -> Check:
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return Check("clock", Verdict.BAD, f"It is {now} here, but {why}. Set up NTP.")


async def _queue(settings: Settings) -> list[Check]:
    if not settings.redis_url:
        return [Check("queue", Verdict.OK, "No JIANGXIN_REDIS_URL; the sweep delivers.")]
    from core import worker  # late: arq takes longer to import than most words to run

    problem = await worker.queue_problem(settings.redis_url)
    if problem:
        return [
            Check("queue", Verdict.WARNING, f"It doesn't answer ({problem}); the sweep delivers.")
        ]
    return [Check("queue", Verdict.OK, "It answers.")]


async def _outbox(settings: Settings) -> list[Check]:
    stuck = [
        Check(
            "outbox",
            Verdict.BAD,
            f"Message {message.id} ({message.event} for {message.handler}) is stuck since "
            f"{message.since:%Y-%m-%d %H:%M}: {message.error}",
        )
        for message in await outbox.stuck()
    ]
    waiting = await outbox.waiting()
    parked = [
        Check(
            "outbox",
            Verdict.WARNING,
            f"{count} messages wait for plugin {name.removeprefix(outbox.PARKED)}.",
        )
        for name, count in waiting.items()
        if name.startswith(outbox.PARKED)
    ]
    due = await outbox.overdue(OVERDUE)
    late = [Check("outbox", Verdict.WARNING, f"{due} messages are overdue. Is a worker running?")]
    rest = sum(count for name, count in waiting.items() if not name.startswith(outbox.PARKED))
    return [
        *stuck,
        *parked,
        *(late if due else []),
        Check("outbox", Verdict.OK, f"{rest} waiting."),
    ]
