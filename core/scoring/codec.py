"""Canonical JSON of every dataclass of `model.py`, and strict reading of it.

`Milli` is a decimal string of points ("1.25"), a `Fraction` a decimal or "n/d", a count a whole
number. A field that has its default is left out, so that a field added later changes no old text.
"""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

from core.scoring.model import Finding
from core.scoring.numbers import decimal_text, exact, milli_text, parse_api

T = TypeVar("T")
Encode = Callable[[Any], Any]
Decode = Callable[[Any, str, list[Finding]], Any]
MAXIMUM_DEPTH = 60


class UnreadableError(ValueError):
    """`findings` hold everything that is wrong, each with its JSON pointer."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(
            "; ".join(f"{f.pointer or '/'}: {f.code} {dict(f.params)}" for f in findings)
        )


_MOST = 2**53
"""The largest whole number that every reader of JSON reads the same."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def canonical(value: Any) -> bytes:
    """Sorted keys, UTF-8, no spaces. A float is refused: a number that decides is a string."""
    plain = to_json(value) if dataclasses.is_dataclass(value) else value
    _refuse_floats(plain)
    text = json.dumps(
        plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def to_json(value: Any) -> Any:
    """Dictionaries, lists, strings, whole numbers, booleans and None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _encoder(type(value))(value)
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Fraction):
        return decimal_text(value)
    return str(value) if isinstance(value, StrEnum) else value


def from_json(cls: type[T], data: Any) -> T:
    """Raises `UnreadableError` with every finding."""
    value, findings = read(cls, data)
    if value is None:
        raise UnreadableError(findings)
    return value


def read(cls: type[T], data: Any) -> tuple[T | None, list[Finding]]:
    """The value, or None and everything that is wrong: unknown keys, wrong types, bad numbers."""
    findings: list[Finding] = []
    value = _decoder(typing.cast(Any, cls))(data, "", findings)
    return (None if findings else value), findings


def load(text: str | bytes) -> tuple[Any, list[Finding]]:
    """Parsed JSON without floats, NaN, doubled keys, halves of characters or bottomless nesting."""
    try:
        text = text if isinstance(text, str) else text.decode("utf-8-sig")
        value = json.loads(
            text,
            parse_float=_no_float,
            parse_constant=_no_float,
            object_pairs_hook=_no_doubled_keys,
        )
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()  # a lone one raises: a ValueError too
        return value, []
    except RecursionError:
        return None, [Finding("", "json-too-deep", {})]
    except ValueError as error:
        return None, [Finding("", "json-unreadable", {"reason": str(error)[:200]})]


def escape(key: str) -> str:
    """One reference token of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def exists(value: Any, pointer: str) -> bool:
    """Whether a JSON pointer names something in a dataclass, mapping or sequence."""
    here = value
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(here, Mapping) and key in here:
            here = here[key]
        elif isinstance(here, list | tuple) and key.isdecimal() and int(key) < len(here):
            here = here[int(key)]
        elif dataclasses.is_dataclass(here) and key in here.__dataclass_fields__:
            here = getattr(here, key)
        else:
            return False
    return pointer == "" or pointer.startswith("/")


# --- one coder per type, built once -------------------------------------------------------------


class _Points(int):
    """Stands for `Milli` in annotations, where a plain alias of int could not be told apart."""


def _fields(cls: type) -> list[tuple[dataclasses.Field[Any], Any]]:
    hints = typing.get_type_hints(cls, localns={"Milli": _Points, "Text": Mapping[str, str]})
    return [(field, hints[field.name]) for field in dataclasses.fields(cls)]


@cache
def _encoder(kind: Any) -> Encode:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _encode_dataclass(typing.cast(type, kind))
    if kind is _Points:
        return milli_text
    if kind is Fraction:
        return decimal_text
    if origin in (types.UnionType, typing.Union):
        inner = _encoder(next(a for a in arguments if a is not types.NoneType))
        return lambda value: None if value is None else inner(value)
    if origin is tuple and arguments[-1] is Ellipsis:
        each = _encoder(arguments[0])
        return lambda value: [each(item) for item in value]
    if origin is tuple:
        several = [_encoder(argument) for argument in arguments]
        return lambda value: [code(item) for code, item in zip(several, value, strict=True)]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = _encoder(arguments[1])
        return lambda value: {str(key): item(entry) for key, entry in value.items()}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return str
    return to_json if kind is Any else lambda value: value


def _encode_dataclass(cls: type) -> Encode:
    parts = [
        (field.name, _encoder(hint), field.default, field.default_factory)
        for field, hint in _fields(cls)
    ]

    def encode(value: Any) -> dict[str, Any]:
        encoded = {}
        for name, code, default, factory in parts:
            item = getattr(value, name)
            if default is not dataclasses.MISSING:
                if item is default or item == default:
                    continue
            elif factory is not dataclasses.MISSING and not item:
                continue
            encoded[name] = code(item)
        return encoded

    return encode


@cache
def _decoder(kind: Any) -> Decode:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _decode_dataclass(typing.cast(type, kind))
    if origin in (types.UnionType, typing.Union):
        inner = _decoder(next(a for a in arguments if a is not types.NoneType))
        return lambda data, at, out: None if data is None else inner(data, at, out)
    if origin is tuple:
        return _decode_tuple(arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _decode_mapping(_decoder(arguments[1]))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _decode_enum(kind)
    return _PLAIN.get(kind, _decode_any)


def _decode_dataclass(cls: type) -> Decode:
    parts = {field.name: (field, _decoder(hint)) for field, hint in _fields(cls)}
    required = [
        name
        for name, (field, _) in parts.items()
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    known = ", ".join(parts)

    def decode(data: Any, at: str, out: list[Finding]) -> Any:
        if not isinstance(data, dict):
            return _wrong(at, out, "object", data)
        before = len(out)
        values = {}
        for key, item in data.items():
            if key in parts:
                values[key] = parts[key][1](item, f"{at}/{escape(key)}", out)
            else:
                params = {"key": str(key)[:80], "known": known}
                out.append(Finding(f"{at}/{escape(str(key))}", "unknown-key", params))
        out.extend(
            Finding(at, "missing-key", {"key": name}) for name in required if name not in data
        )
        return None if len(out) > before else cls(**values)

    return decode


def _decode_tuple(arguments: tuple[Any, ...]) -> Decode:
    if arguments[-1] is Ellipsis:
        each = _decoder(arguments[0])

        def decode_all(data: Any, at: str, out: list[Finding]) -> Any:
            if not isinstance(data, list):
                return _wrong(at, out, "list", data)
            return tuple(each(item, f"{at}/{i}", out) for i, item in enumerate(data))

        return decode_all
    several = [_decoder(argument) for argument in arguments]

    def decode_each(data: Any, at: str, out: list[Finding]) -> Any:
        if not isinstance(data, list) or len(data) != len(several):
            return _wrong(at, out, f"list of {len(several)}", data)
        return tuple(
            code(item, f"{at}/{i}", out)
            for i, (code, item) in enumerate(zip(several, data, strict=True))
        )

    return decode_each


def _decode_mapping(each: Decode) -> Decode:
    def decode(data: Any, at: str, out: list[Finding]) -> Any:
        if not isinstance(data, dict):
            return _wrong(at, out, "object", data)
        return {key: each(item, f"{at}/{escape(key)}", out) for key, item in data.items()}

    return decode


def _decode_enum(kind: type[StrEnum]) -> Decode:
    members = {str(member): member for member in kind}
    known = ", ".join(members)

    def decode(data: Any, at: str, out: list[Finding]) -> Any:
        if isinstance(data, str) and data in members:
            return members[data]
        out.append(Finding(at, "unknown-value", {"value": str(data)[:80], "known": known}))
        return None

    return decode


def _decode_text(data: Any, at: str, out: list[Finding]) -> Any:
    return data if isinstance(data, str) else _wrong(at, out, "text", data)


def _decode_count(data: Any, at: str, out: list[Finding]) -> Any:
    whole = isinstance(data, int) and not isinstance(data, bool) and abs(data) <= _MOST
    return data if whole else _wrong(at, out, "whole number", data)


def _decode_flag(data: Any, at: str, out: list[Finding]) -> Any:
    return data if isinstance(data, bool) else _wrong(at, out, "true or false", data)


def _decode_points(data: Any, at: str, out: list[Finding]) -> Any:
    value = parse_api(data)
    if isinstance(value, Finding):
        out.append(Finding(at, value.code, value.params))
        return None
    return value


def _decode_fraction(data: Any, at: str, out: list[Finding]) -> Any:
    if not isinstance(data, str):
        out.append(Finding(at, "number-not-text", {"value": str(data)[:40]}))
        return None
    try:
        return exact(data)
    except ValueError:
        out.append(Finding(at, "number-unreadable", {"value": data[:40]}))
        return None


def _decode_any(data: Any, at: str, out: list[Finding], depth: int = 0) -> Any:
    if isinstance(data, float) or depth > MAXIMUM_DEPTH:
        return _wrong(at, out, "text instead of a floating-point number", data)
    if isinstance(data, dict):
        return {k: _decode_any(v, f"{at}/{escape(k)}", out, depth + 1) for k, v in data.items()}
    if isinstance(data, list):
        return [_decode_any(item, f"{at}/{i}", out, depth + 1) for i, item in enumerate(data)]
    return data


_PLAIN: dict[Any, Decode] = {
    str: _decode_text,
    int: _decode_count,
    bool: _decode_flag,
    _Points: _decode_points,
    Fraction: _decode_fraction,
}


def _wrong(at: str, out: list[Finding], expected: str, data: Any) -> None:
    names = {dict: "object", list: "list", str: "text", bool: "true or false", int: "number"}
    found = "null" if data is None else names.get(type(data), type(data).__name__)
    out.append(Finding(at, "wrong-type", {"expected": expected, "found": found}))


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError(f"{value!r} is a float; write numbers that decide as decimal strings")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)


def _no_float(text: str) -> Any:
    raise ValueError(f"{text[:40]} is not text: numbers that decide are written as strings")


def _no_doubled_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        raise ValueError(f"key {doubled[0]!r} stands twice in one object")
    return found
