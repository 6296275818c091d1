"""PURE: what is said of one certificate, or of one page on which there is none."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Ruling(StrEnum):
    """The one word of a line."""

    GENUINE = "genuine"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    NO_CODE = "no_code"
    UNDECIDED = "undecided"


class Line(msgspec.Struct, omit_defaults=True):
    """`page` 0: the file as a whole. `state`: of the verdict. `code`: why, for the words. `known_as`: which
    version of which certificate, so that it is found again. Nothing here is in a language but what was signed."""

    file: str
    page: int
    ruling: Ruling
    code: str = ""
    state: str = ""
    number: str = ""
    name: str = ""
    title: str = ""
    issuer: str = ""
    host: str = ""
    neighbour: str = ""
    since: str = ""
    known_as: str = ""
    before: str = ""
    """The state that an earlier Excel says."""
    before_at: str = ""


class PageSeen(msgspec.Struct, omit_defaults=True):
    page: int
    codes: list[str] = []
    text: str | None = None
    """What a PDF says in letters; None where there can be none, as in a picture."""
    problem: str = ""


class FileSeen(msgspec.Struct, omit_defaults=True):
    """What was read of a file so far."""

    total: int = 0
    tokens: list[str] = []
    pages: list[PageSeen] = []
    problem: str = ""
    problems: list[tuple[str, str]] = []
    """Of an archive: (entry, problem)."""
    lines: list[Line] = []
