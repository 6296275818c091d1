"""What the pages of a running contest share: their addresses, and who may open them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contests.routing import of_contest
from core.security import requires

BASE = "/console/contests/{contest:uuid}"
READ = [requires("contest.read", of_contest)]
RUN = [requires("contest.run", of_contest)]
HIDDEN: Mapping[str, Any] = {"include_in_schema": False}


def at(contest: UUID, path: str) -> str:
    return f"/console/contests/{contest}{path}"
