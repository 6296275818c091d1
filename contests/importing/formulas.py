"""The few spreadsheet formulas that marking schemes use, computed again exactly.

Workbooks store the last computed value beside each formula; one that was edited by a program has
none, or an old one. Anything beyond sums and plain arithmetic is `NotUnderstood`, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from openpyxl.utils import column_index_from_string

Value = Fraction | str | None
Look = Callable[[int, int], Value]
"""(row, column) -> what stands in that cell."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})(?![\w(])"
    r"|(?P<name>[A-Z]{2,12})(?=\()|(?P<text>\"[^\"]*\")|(?P<sign>[-+*/(),:;]))",
    re.IGNORECASE,
)
_LARGEST_RANGE = 50_000
_LONGEST = 1_000


class NotUnderstood(ValueError):
    """This formula is beyond the few that are computed here."""


def evaluate(formula: str, look: Look) -> Fraction:
    """`formula` without the leading "="; ranges and cells are asked from `look`."""
    if len(formula) > _LONGEST:
        raise NotUnderstood("too long")
    parser = _Parser(_tokens(formula), look)
    value = parser.sum()
    if parser.tokens:
        raise NotUnderstood(f"unexpected {parser.tokens[0][1]}")
    return value


def _tokens(formula: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(formula.rstrip()):
        match = _TOKEN.match(formula, at)
        if match is None:
            raise NotUnderstood(f"at {formula[at : at + 20]}")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        at = match.end()
    return found


class _Parser:
    """Recursive descent; `tokens` is what is left to be read."""

    def __init__(self, tokens: list[tuple[str, str]], look: Look) -> None:
        self.tokens = tokens
        self.look = look

    def sum(self) -> Fraction:
        value = self.product()
        while sign := self.taken("+", "-"):
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> Fraction:
        value = self.factor()
        while sign := self.taken("*", "/"):
            other = self.factor()
            if sign == "/" and other == 0:
                raise NotUnderstood("division by zero")
            value = value * other if sign == "*" else value / other
        return value

    def factor(self) -> Fraction:
        if sign := self.taken("+", "-"):
            return -self.factor() if sign == "-" else self.factor()
        if self.taken("("):
            value = self.sum()
            self.need(")")
            return value
        kind, text = self.next()
        if kind == "number":
            return Fraction(text)
        if kind == "cell":
            return _number(self.look(*_place(text)))
        if kind == "name":
            return self.call(text.upper())
        raise NotUnderstood(f"unexpected {text}")

    def call(self, name: str) -> Fraction:
        self.need("(")
        if name not in ("SUM", "SUMIF", "ABS", "ROUND"):
            raise NotUnderstood(f"function {name}")
        arguments = [self.argument()]
        while self.taken(",", ";"):
            arguments.append(self.argument())
        self.need(")")
        return _FUNCTIONS[name](arguments)

    def argument(self) -> list[Value]:
        """A range or cell as its values, anything else as one number or text."""
        if self.tokens[:1] and self.tokens[0][0] == "text":
            return [self.next()[1].strip('"')]
        if [kind for kind, _ in self.tokens[:3:2]] == ["cell", "cell"] and self.tokens[1][1] == ":":
            first, _, last = self.next(), self.next(), self.next()
            return self.block(_place(first[1]), _place(last[1]))
        alone = len(self.tokens) > 1 and self.tokens[1][1] in (",", ";", ")")
        if alone and self.tokens[0][0] == "cell":
            return [self.look(*_place(self.next()[1]))]
        return [self.sum()]

    def block(self, first: tuple[int, int], last: tuple[int, int]) -> list[Value]:
        (top, left), (bottom, right) = first, last
        if (bottom - top + 1) * (right - left + 1) > _LARGEST_RANGE:
            raise NotUnderstood("too large a range")
        return [
            self.look(row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]

    def next(self) -> tuple[str, str]:
        if not self.tokens:
            raise NotUnderstood("unexpected end")
        return self.tokens.pop(0)

    def taken(self, *signs: str) -> str:
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return ""

    def need(self, sign: str) -> None:
        if not self.taken(sign):
            raise NotUnderstood(f"{sign} is missing")


def _place(cell: str) -> tuple[int, int]:
    letters = "".join(c for c in cell if c.isalpha())
    return int("".join(c for c in cell if c.isdigit())), column_index_from_string(letters.upper())


def _number(value: Value) -> Fraction:
    if isinstance(value, str):
        if not value.strip():
            return Fraction(0)
        raise NotUnderstood(f"text {value[:20]}")
    return Fraction(0) if value is None else value


def _sum(arguments: Sequence[list[Value]]) -> Fraction:
    """Text in a range counts nothing, as in every spreadsheet."""
    return sum((v for a in arguments for v in a if isinstance(v, Fraction)), Fraction(0))


def _sum_if(arguments: Sequence[list[Value]]) -> Fraction:
    if len(arguments) not in (2, 3) or len(arguments[1]) != 1:
        raise NotUnderstood("SUMIF with other arguments")
    tested, (wanted,), summed = arguments[0], arguments[1], arguments[-1 if arguments[2:] else 0]
    if isinstance(wanted, str) and re.match(r"[<>=*?]", wanted):
        raise NotUnderstood("SUMIF with a condition")
    pairs = zip(tested, summed, strict=False)
    return sum((v for t, v in pairs if _same(t, wanted) and isinstance(v, Fraction)), Fraction(0))


def _same(one: Value, other: Value) -> bool:
    """A number and the same number typed as text count as equal."""
    return one is not None and other is not None and str(one).strip() == str(other).strip()


def _abs(arguments: Sequence[list[Value]]) -> Fraction:
    if len(arguments) != 1 or len(arguments[0]) != 1:
        raise NotUnderstood("ABS of several values")
    return abs(_number(arguments[0][0]))


def _round(arguments: Sequence[list[Value]]) -> Fraction:
    if len(arguments) != 2 or any(len(argument) != 1 for argument in arguments):
        raise NotUnderstood("ROUND with other arguments")
    value, decimals = (_number(argument[0]) for argument in arguments)
    scale = Fraction(10) ** int(decimals)
    rounded = (abs(value) * scale + Fraction(1, 2)) // 1 / scale
    return rounded if value >= 0 else -rounded


_FUNCTIONS: dict[str, Callable[[Sequence[list[Value]]], Fraction]] = {
    "SUM": _sum,
    "SUMIF": _sum_if,
    "ABS": _abs,
    "ROUND": _round,
}
