"""PURE: which columns of an employer's list hold the number and the name. People head them in many words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.scoring.model import Finding
from credentials.comparing.matching import folded

MOST_ROWS = 2_000
LOOKED_AT = 10
"""Rows at the top among which the headings are looked for."""
NUMBERS = (
    "证书编号",
    "证书号",
    "证书号码",
    "证书查验链接",
    "编号",
    "證書編號",
    "證書號",
    "證書號碼",
    "編號",
    "二维码",
    "二維碼",
    "链接",
    "連結",
    "鏈接",
    "certificate number",
    "certificate no",
    "certificate id",
    "certificate",
    "number",
    "id",
    "qr",
    "link",
    "url",
    "número do certificado",
    "n.º do certificado",
    "certificado",
    "número",
    "código",
    "ligação",
)
NAMES = (
    "姓名",
    "持证人",
    "持证人姓名",
    "名字",
    "持證人",
    "持證人姓名",
    "name",
    "full name",
    "holder",
    "name of holder",
    "nome",
    "nome completo",
    "titular",
)
_NUMBERS = {folded(word): rank for rank, word in enumerate(NUMBERS)}
_NAMES = {folded(word): rank for rank, word in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Row:
    """One line below the headings. at: its number in the file, from 1. cut: the number had more digits than
    a spreadsheet program keeps."""

    at: int
    number: str
    name: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions from 0; name None: there is no such column. head: the headings' row, from 1."""

    head: int
    number: int
    name: int | None


class Book(Protocol):
    """A file that was read. Nothing of it changes but the columns that are added on the right."""

    media: str
    suffix: str

    def rows(self) -> Sequence[Row]:
        """Those with anything in them, below the headings."""

    def answered(self, headings: Sequence[str], answers: Mapping[int, Sequence[str]]) -> bytes:
        """The same file, with a column for each heading; answers by the row's number."""


def columns_of(top: Sequence[Sequence[str]]) -> Columns | Finding:
    """top: the texts of the first rows."""
    for head, texts in enumerate(top[:LOOKED_AT], start=1):
        number = _best(texts, _NUMBERS)
        if number is not None:
            return Columns(head, number, _best(texts, _NAMES))
    params = {"number": " / ".join(_FEW_NUMBERS), "name": " / ".join(_FEW_NAMES)}
    return Finding("/1", "credentials.list-headings", params)


_FEW_NUMBERS = ("证书编号", "證書編號", "certificate number", "número do certificado")
_FEW_NAMES = ("姓名", "name", "nome")


def _best(texts: Sequence[str], known: dict[str, int]) -> int | None:
    found = [(known[folded(text)], at) for at, text in enumerate(texts) if folded(text) in known]
    return min(found)[1] if found else None
