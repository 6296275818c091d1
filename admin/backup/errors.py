"""Why a copy could not be made, or not be used."""

from __future__ import annotations

from core.findings import render
from core.scoring.model import Finding


class CopyFailed(Exception):
    """No copy was made; what was there before stays. The finding lacks `at`, which the caller knows."""

    def __init__(self, code: str, **params: str) -> None:
        self.finding = Finding("", code, params)
        super().__init__(code)

    def told(self, *, last: str) -> Finding:
        """With the time of the last copy that there is."""
        return Finding("", self.finding.code, {**self.finding.params, "at": last})

    def __str__(self) -> str:
        return render(self.told(last="–"), "en")


class CopyUnusable(Exception):
    """A copy that can't be restored, in one English sentence or two."""
