"""Piccolo's own configuration file: the engine and the apps, from the settings and the registry.

Both are found when they are asked for, so that importing this file opens nothing.
"""

from __future__ import annotations

from typing import Any

from piccolo.conf.apps import AppRegistry

from core import db
from core.registry import registry
from core.settings import current


def __getattr__(name: str) -> Any:
    if name == "DB":
        return db.engine() if db.is_open() else db.engine_for(current())
    if name == "APP_REGISTRY":
        return AppRegistry(apps=registry().piccolo_apps())
    raise AttributeError(name)
