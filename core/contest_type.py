"""ContestType: what a plugin gives the platform so that a new kind of contest can be run.

Every method is pure and synchronous; an instrument's `read` is asynchronous and runs outside any
transaction with a timeout. What `scheme` and `rules` return is frozen when marking starts, and
from then on the frozen body is read, never the plugin.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.options import Choice as Choice
from core.options import Option as Option
from core.options import Options as Options
from core.options import Template as Template
from core.options import read_options as read_options
from core.scoring.calculators import Calculator
from core.scoring.model import Aspect, Finding, Mark, Rules, Scheme, Sheet, Text


@dataclass(frozen=True, slots=True)
class Reading:
    """What an instrument's file says: marks by aspect id, everything wrong with it, and a table
    of figures (name, value) to be shown beside the marks."""

    marks: Mapping[str, Mark]
    findings: tuple[Finding, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """A file that becomes measured marks. The file's SHA-256 goes into the log with the marks.

    read(data, options, scheme) gets at most `limit` bytes; a wrong file is findings, no exception.
    """

    code: str
    title: Text
    suffixes: tuple[str, ...]
    read: Callable[[bytes, Options, Scheme], Awaitable[Reading]]
    limit: int = 4 * 1024 * 1024
    sample: bytes = b""
    """A correct file, offered for download and read by the conformance kit."""


class ContestType:
    """Subclass this in a plugin and return an instance from the hook `contest_types`.

    `code` is stored for ever. Raise `version` whenever a published score could come out
    differently, and keep the calculators of every published version.
    """

    code: ClassVar[str]
    version: ClassVar[int] = 1
    title: ClassVar[Text]
    summary: ClassVar[Text] = {}
    options: ClassVar[tuple[Option, ...]] = ()
    templates: ClassVar[tuple[Template, ...]] = ()
    """Ready answers for well-known contests of this type."""

    def scheme(self, options: Options) -> Scheme:
        """The marking scheme that a contest of this type starts from."""
        raise NotImplementedError(f"{type(self).__name__}.scheme")

    def rules(self, options: Options) -> Rules:
        """Rounding, gates, ties and awards that it starts from."""
        return Rules()

    def calculators(self) -> Sequence[Calculator]:
        """Calculators beyond the standard ones; every published version of each."""
        return ()

    def check(self, scheme: Scheme, sheet: Sheet) -> list[Finding]:
        """Everything wrong with one sheet."""
        from core.scoring.check import check

        return check(scheme, sheet, self.calculators())

    def check_panel(self, scheme: Scheme, aspect: Aspect, sheets: Sequence[Sheet]) -> list[Finding]:
        """Everything wrong with a group's marks of one aspect together: the spread."""
        from core.scoring.check import check_panel

        return check_panel(scheme, aspect, sheets)

    def check_options(self, options: Options) -> list[Finding]:
        """Rules between options; each single value is checked before by its declaration."""
        return []

    def instruments(self) -> Sequence[Instrument]:
        """Files that become measured marks."""
        return ()
