"""The steps of an explanation in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from core.messages import EXPLAIN
from core.scoring.explain import Step
from core.web.i18n import pick, translate


def step_text(step: Step, language: str) -> str:
    """One sentence; titles in several languages are taken in the reader's."""
    params = {
        name: pick(value, language) if isinstance(value, Mapping) else value
        for name, value in step.params.items()
    }
    return translate(EXPLAIN.get(step.code, step.code), language, **params)
