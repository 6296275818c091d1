"""Piccolo's own configuration file: the engine and the apps, from the settings and the registry."""

from __future__ import annotations

from piccolo.conf.apps import AppRegistry

from core.db import engine_for
from core.registry import load_registry
from core.settings import load

_settings = load()
DB = engine_for(_settings)
APP_REGISTRY = AppRegistry(apps=load_registry(_settings).piccolo_apps())
