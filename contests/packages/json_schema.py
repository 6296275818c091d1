"""JSON Schemas of a package's files, made from the dataclasses that read them.

    python -m contests.packages.json_schema docs/schemas

writes them again; a test compares the written ones. The format's own checks go further: sums,
references between files and the log's chain are no matter of shape.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

from contests.chain import LogLine
from contests.packages.format import (
    CONTEST,
    FORMAT,
    RESULTS,
    RULES,
    SCHEME,
    TABLES,
    VERSION,
    Column,
    ContestFacts,
    StoredResults,
)
from contests.sheets import CONFIRMED, LONGEST_REASON, MOST_PHOTOS, Payload
from core.scoring.model import Outcome, Rules, Scheme

DIALECT = "https://json-schema.org/draft/2020-12/schema"
POINTS = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]{1,3}0*)?$"}
EXACT = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?$"}
HASH = r"^[0-9a-f]{64}$"
_TYPED = r"^\s*[-+−－]?[0-9０-９]*([.,．，][0-9０-９]+)?\s*$"
_CELLS: Mapping[str, str] = {
    "text": r"^.*$",
    "words": r"^[\s\S]*$",
    "raw": r"^.*$",
    "points": _TYPED,
    "count": r"^\s*[0-9０-９]*\s*$",
    "flag": r"^(|true|false|1|0|yes|no|是|否|True|False|TRUE|FALSE|Yes|No|YES|NO)$",
    "list": r"^[^;]*(;[^;]*)*$",
    "status": r"^(|[Mm]issing|MISSING|DNS|dns|DNF|dnf|DSQ|dsq|[Vv]oid|VOID)$",
    "scope": r"^(|warning|points|module|project|disqualify)$",
    "defects": r"^(|-|[^;:]+:[^;:]+(;[^;:]+:[^;:]+)*)$",
}


class _Points(int):
    """Stands for `Milli` in annotations, as in the codec."""


def schemas() -> dict[str, dict[str, Any]]:
    """File name in docs/schemas -> schema. A table's schema describes one row as an object."""
    return {
        "contest.json": _contest(),
        "scheme.json": _schema(Scheme, SCHEME, "The marking scheme."),
        "rules.json": _schema(Rules, RULES, "How marks become places and prizes."),
        "results.json": _schema(StoredResults, RESULTS, "One computed version of the results."),
        "log-line.json": _log_line(),
        "revision.json": _revision(),
        "score.json": _score(),
        **{f"{name.removesuffix('.csv')}-row.json": _row(name) for name in TABLES},
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(text_of(schema), encoding="utf-8")


def text_of(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _contest() -> dict[str, Any]:
    schema = _schema(ContestFacts, CONTEST, "What the package is: ids, titles, type, state.")
    schema["properties"]["format"] = {"const": FORMAT}
    schema["properties"]["version"] = {"type": "integer", "minimum": 1, "maximum": VERSION}
    return schema


def _log_line() -> dict[str, Any]:
    schema = _schema(LogLine, "one line of log.jsonl", "An entry of the hash-chained log.")
    schema["properties"]["hash"] = {"type": "string", "pattern": HASH}
    schema["properties"]["seq"] = {"type": "integer", "minimum": 1}
    return schema


def _revision() -> dict[str, Any]:
    schema = _schema(Payload, "a signed sheet's payload", "What one revision of a sheet says.")
    hashed = {"type": "string", "pattern": HASH}
    shapes: dict[str, dict[str, Any]] = schema["$defs"]
    shapes["About"]["properties"]["photos"] |= {"items": hashed, "maxItems": MOST_PHOTOS}
    shapes["About"]["properties"]["file"] = {"anyOf": [{"const": ""}, hashed]}
    shapes["Paper"]["properties"]["scan"] = {"anyOf": [{"const": ""}, hashed]}
    shapes["Countersign"]["properties"]["reason"] |= {"minLength": 1, "maxLength": LONGEST_REASON}
    properties: dict[str, dict[str, Any]] = schema["properties"]
    properties["confirmed"] = {"enum": list(CONFIRMED)}
    for name in ("attempt", "round", "seq"):
        properties[name] |= {"minimum": 1}
    return schema


def _score() -> dict[str, Any]:
    """What `jiangxin score --json` prints."""
    number = {"anyOf": [{"type": "null"}, EXACT]}
    text = {"type": "string"}
    standing = {
        "entry": text,
        "group": text,
        "rank": {"type": ["integer", "null"], "minimum": 1},
        "total": number,
        "status": {"enum": [str(outcome) for outcome in Outcome]},
        "decided_by": text,
    }
    aspect = {"entry": text, "aspect": text, "panel": number, "award": number}
    return {
        "$schema": DIALECT,
        "title": "the output of jiangxin score --json",
        "type": "object",
        "required": ["standings", "aspects"],
        "additionalProperties": False,
        "properties": {
            "standings": {"type": "array", "items": _object(standing)},
            "aspects": {"type": "array", "items": _object(aspect)},
            "notes": {"type": "array", "items": _object({"place": text, "message": text})},
        },
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": dict(properties)}


def _row(name: str) -> dict[str, Any]:
    columns = TABLES[name]
    return {
        "$schema": DIALECT,
        "title": f"one row of {name}, by column",
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in columns if column.required],
        "properties": {column.name: _cell(column) for column in columns},
    }


def _cell(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "string",
        "description": column.help,
        "pattern": _CELLS[column.kind],
    }
    if column.required:
        found["minLength"] = 1
    if column.default:
        found["default"] = column.default
    return found


def _schema(cls: type, title: str, description: str) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    top = _dataclass(cls, definitions)
    schema = {"$schema": DIALECT, "title": title, "description": description, **top}
    return schema | ({"$defs": definitions} if definitions else {})


def _dataclass(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls, localns={"Milli": _Points, "Text": Mapping[str, str]})
    fields = dataclasses.fields(cls)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [
            f.name
            for f in fields
            if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        ],
        "properties": {f.name: _type(hints[f.name], definitions) for f in fields},
    }


def _type(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        name = typing.cast(type, kind).__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _dataclass(typing.cast(type, kind), definitions)
        return {"$ref": f"#/$defs/{name}"}
    if origin in (types.UnionType, typing.Union):
        inner = next(a for a in arguments if a is not types.NoneType)
        return {"anyOf": [{"type": "null"}, _type(inner, definitions)]}
    if origin is tuple and arguments[-1] is Ellipsis:
        return {"type": "array", "items": _type(arguments[0], definitions)}
    if origin is tuple:
        items = [_type(argument, definitions) for argument in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _type(arguments[1], definitions)}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"enum": [str(member) for member in kind]}
    return dict(_PLAIN[kind])


_PLAIN: Mapping[Any, Mapping[str, Any]] = {
    _Points: POINTS,
    Fraction: EXACT,
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Any: {},
}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
