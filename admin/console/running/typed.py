"""What people type into these pages, read: numbers, times, works. Every finding at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from core.errors import Invalid
from core.scoring.model import Finding
from core.scoring.numbers import parse_typed
from core.web.i18n import TIME_ZONE

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")
_OF_DAY = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class Typing:
    """Reads fields and collects what is wrong with them; `done()` raises Invalid with all of it."""

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = data
        self.findings: list[Finding] = []

    def text(self, name: str) -> str:
        return str(self.data.get(name, "")).strip()

    def needed(self, name: str, words: str) -> str:
        value = self.text(name)
        if not value:
            self.findings.append(Finding(f"/{name}", "field-missing", {"name": words}))
        return value

    def tick(self, name: str) -> bool:
        return self.text(name) == "yes"

    def count(self, name: str, *, default: int = 1) -> int:
        value = _plain(self.text(name))
        if not value:
            return default
        if value.isdecimal() and 0 < int(value) < 1000:
            return int(value)
        self.findings.append(Finding(f"/{name}", "number-unreadable", {"value": value[:40]}))
        return default

    def points(self, name: str) -> int:
        """Thousandths."""
        if not self.text(name):
            return 0
        value = parse_typed(self.text(name))
        if isinstance(value, Finding):
            self.findings.append(Finding(f"/{name}", value.code, value.params))
            return 0
        return value.value

    def seconds(self, name: str) -> int:
        """ "12:30" is twelve minutes and a half, "1:02:03" an hour more; a bare number is minutes."""
        value = _plain(self.text(name))
        found = _CLOCK.fullmatch(value)
        if found:
            hours, minutes, seconds = (int(part or 0) for part in found.groups())
            return hours * 3600 + minutes * 60 + seconds
        if value.isdecimal() and len(value) < 5:
            return int(value) * 60
        if value:
            self.findings.append(Finding(f"/{name}", "time-unreadable", {"value": value[:40]}))
        return 0

    def moment(self, name: str, now: datetime) -> datetime | None:
        """A time of today by the clocks of the Greater Bay Area; None when nothing is typed."""
        value = _plain(self.text(name))
        if not value:
            return None
        found = _OF_DAY.fullmatch(value)
        hour, minute, second = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
        if hour > 23 or minute > 59 or second > 59:
            self.findings.append(Finding(f"/{name}", "time-unreadable", {"value": value[:40]}))
            return None
        day = now.astimezone(TIME_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(hours=hour, minutes=minute, seconds=second)

    def id(self, name: str) -> UUID:
        value = self.text(name)
        try:
            return UUID(value)
        except ValueError:
            code = "not-an-id" if value else "field-missing"
            params = {"value": value[:40]} if value else {"name": name}
            self.findings.append(Finding(f"/{name}", code, params))
            return UUID(int=0)

    def wrong(self, name: str, code: str, **params: object) -> None:
        said = {key: str(value) for key, value in params.items()}
        self.findings.append(Finding(f"/{name}", code, said))

    def done(self) -> None:
        if self.findings:
            raise Invalid(self.findings)


def _plain(text: str) -> str:
    """Full-width digits and colons as people type them."""
    return unicodedata.normalize("NFKC", text.strip()).replace("：", ":")
