"""The kinds of work that there are, the states of one, and how one ends badly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import Conflict, JiangxinError

if TYPE_CHECKING:
    from core.jobs.running import JobContext

ASKED, RUNNING, DONE, FAILED, CANCELLED = "asked", "running", "done", "failed", "cancelled"
ENDED = frozenset({DONE, FAILED, CANCELLED})


class JobWentWrong(JiangxinError):
    slug = "job-went-wrong"
    title = "Something went wrong on our side; what was finished before is kept. Try again."


class JobInterrupted(JiangxinError):
    slug = "job-interrupted"
    title = "The server was interrupted {count} times during this work, so it was stopped."


class JobEnded(Conflict):
    slug = "job-ended"
    title = "This work has ended already."


@dataclass(frozen=True, slots=True)
class JobKind:
    """name: stored, keep it for ever. title: msgid. run: see the module. permission: who, within the
    job's scope, sees it, cancels it and downloads its result; without one only who started it."""

    name: str
    title: str
    run: Callable[[JobContext], Awaitable[None]]
    permission: str = ""


KINDS: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Once is enough, twice does no harm."""
    KINDS[kind.name] = kind
