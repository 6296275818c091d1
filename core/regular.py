"""Work that is done again and again without being asked for, by whichever process has a worker.

    regular.register("credentials.retention", look_for_what_is_due)

Every work is called about once an hour and decides by itself whether anything is due; two processes may
call it in the same moment.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

Work = Callable[[], Awaitable[None]]
_log = logging.getLogger(__name__)
_works: dict[str, Work] = {}


def register(name: str, work: Work) -> None:
    """Twice does no harm."""
    _works[name] = work


async def do_all() -> None:
    """One that fails is logged and doesn't keep the others from being done."""
    for name, work in _works.items():
        try:
            await work()
        except Exception:
            _log.exception("%s failed and is tried again.", name)
