"""Is this process able to serve? For load balancers and for whoever is on duty."""

from __future__ import annotations

import msgspec

from core import db, migrations, outbox, worker
from core.notices import standing
from core.registry import registry
from core.settings import Settings
from core.tables import Installation


class Health(msgspec.Struct):
    """status: "ok", "degraded" (it serves; something needs attention) or "down".

    queue: "ok", "unreachable" (the sweep delivers, a little later) or "none". waiting and stuck:
    messages of the outbox. disabled_plugins: names; `jiangxin doctor` says why. notices: names of what
    needs attention ("copies", "venue-certificate", "venue-address"); the control room says it."""

    status: str
    engine: str
    queue: str
    waiting: int = 0
    stuck: int = 0
    disabled_plugins: list[str] = []
    notices: list[str] = []


async def health(settings: Settings) -> Health:
    """A disabled plugin or a stuck message takes no machine out of service: verification goes on."""
    queue = await _queue(settings)
    disabled = [plugin.name for plugin in registry().disabled]
    try:
        engine: str = db.engine().engine_type
        able = await Installation.exists() and not await migrations.pending()
        waiting = sum((await outbox.waiting()).values())
        stuck = len(await outbox.stuck())
    except Exception:
        return Health("down", "unreachable", queue, disabled_plugins=disabled)
    notices = [notice.name for notice in standing() if notice.trouble]
    troubled = disabled or stuck or notices or queue == "unreachable"
    status = "down" if not able else "degraded" if troubled else "ok"
    return Health(status, engine, queue, waiting, stuck, disabled, notices)


async def _queue(settings: Settings) -> str:
    if not settings.redis_url:
        return "none"
    return "unreachable" if await worker.queue_problem(settings.redis_url) else "ok"
