"""How a total came about, in the reader's language: the engine's steps as sentences."""

from __future__ import annotations

from core.messages import EXPLAIN
from core.scoring.explain import Step
from core.web.i18n import fill, pick, translate


def render_step(step: Step, language: str) -> str:
    """One line. `step.level` says how deep to set it: 0 the whole, 3 the detail."""
    params = {key: pick(value, language) for key, value in step.params.items()}
    return fill(translate(EXPLAIN[step.code], language), params, language)
