"""What whoever is on duty should know now, one finding a name: a copy that could not be made, a
certificate that ends soon. /healthz and the control room show them.

They live in this process's memory: each start finds out again what is true.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.scoring.model import Finding


@dataclass(frozen=True, slots=True)
class Notice:
    """`trouble`: somebody must do something; otherwise it is good to know."""

    name: str
    finding: Finding
    trouble: bool


_standing: dict[str, Notice] = {}


def put_up(name: str, finding: Finding, *, trouble: bool) -> bool:
    """Says it under this name in the place of what stood there. Whether that is news."""
    before = _standing.get(name)
    _standing[name] = Notice(name, finding, trouble)
    return before is None or before.finding.code != finding.code


def take_down(name: str) -> None:
    _standing.pop(name, None)


def standing() -> list[Notice]:
    """Trouble first, then by name."""
    return sorted(_standing.values(), key=lambda notice: (not notice.trouble, notice.name))
