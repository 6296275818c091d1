"""The results as JSON. `SCHEMA` says what each member means; a test holds every document to it.

Numbers that decide something are decimal strings ("87.25"), exact ones may be fractions ("175/6").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contests.exports.reading import Line
from contests.exports.rows import Taken
from core.scoring.codec import canonical, to_json
from core.scoring.model import Outcome

FORMAT = "jiangxin-results"
VERSION = 1
TYPE = "application/json"

_TEXT = {
    "type": "object",
    "description": "A text by language code.",
    "additionalProperties": {"type": "string"},
}
_STRING = {"type": "string"}
SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Results of one contest",
    "type": "object",
    "required": [
        "format", "version", "contest", "result_version", "created_at", "rules_hash", "results_hash",
        "modules", "standings", "counts",
    ],
    "additionalProperties": False,
    "properties": {
        "format": {"const": FORMAT},
        "version": {"const": VERSION, "description": "Of this layout."},
        "contest": {
            "type": "object",
            "required": ["id", "code", "title", "competition"],
            "properties": {"id": _STRING, "code": _STRING, "title": _TEXT, "competition": _TEXT,
                           "state": _STRING},
        },
        "result_version": {"type": "integer", "minimum": 1},
        "created_at": {"type": "string", "format": "date-time"},
        "rules_hash": {"type": "string", "description": "SHA-256 of the frozen rules."},
        "results_hash": {"type": "string", "description": "SHA-256 of the stored results."},
        "modules": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "title", "maximum"],
                "properties": {"id": _STRING, "title": _TEXT, "maximum": {"type": ["string", "null"]}},
            },
        },
        "standings": {
            "type": "array",
            "description": "In order of group and place.",
            "items": {
                "type": "object",
                "required": [
                    "entry", "number", "codes", "group", "delegation", "rank", "shared", "total",
                    "exact", "status", "modules", "prizes",
                ],
                "properties": {
                    "entry": {"type": "string", "description": "Id."},
                    "number": {"type": "string", "description": "Entry number, may be empty."},
                    "codes": {"type": "object", "description": "Module -> code.",
                              "additionalProperties": _STRING},
                    "names": {"type": "array", "items": _STRING,
                              "description": "Only for a taker who may know them."},
                    "group": _STRING,
                    "delegation": {"type": "object", "properties": {"code": _STRING, "title": _TEXT}},
                    "rank": {"type": ["integer", "null"], "description": "null = not ranked."},
                    "shared": {"type": "boolean"},
                    "total": {"type": ["string", "null"], "description": "As published."},
                    "exact": {"type": ["string", "null"], "description": "Before its rounding."},
                    "status": {"enum": [str(outcome) for outcome in Outcome]},
                    "decided_by": {"type": "string", "description": "The key that decided the place."},
                    "modules": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
                    "prizes": {
                        "type": "array",
                        "items": {"type": "object", "required": ["rule", "prize"],
                                  "properties": {"rule": _STRING, "prize": _STRING, "title": _TEXT}},
                    },
                },
            },
        },
        "counts": {"type": "array", "description": "How many prizes the rules ask for."},
        "aspects": {
            "type": "array",
            "description": "Every aspect's score with the marks by seat: used and dropped.",
        },
    },
}  # fmt: skip


def document(taken: Taken) -> bytes:
    found = taken.found
    body: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "contest": {
            "id": str(found.contest),
            "code": found.code,
            "title": dict(found.title),
            "competition": dict(found.competition_title),
            "state": found.state,
        },
        "result_version": found.version,
        "created_at": found.created_at.isoformat(),
        "rules_hash": found.stored.rules_hash,
        "results_hash": found.stored.results_hash,
        "modules": [
            {"id": m.id, "title": dict(m.title), "maximum": to_json(m)["maximum"]}
            for m in found.scheme.modules
        ],
        "standings": [_line(taken, line) for line in found.lines],
        "counts": [to_json(count) for count in found.counts],
    }
    if taken.marks is not None:
        body["aspects"] = [to_json(score) for score in taken.marks.aspects]
    return canonical(body)


def _line(taken: Taken, line: Line) -> dict[str, Any]:
    modules = [module.id for module in taken.found.scheme.modules]
    said: dict[str, Any] = {
        "entry": line.entry,
        "number": line.number,
        "codes": dict(line.codes),
        "group": line.group,
        "delegation": {"code": line.delegation, "title": dict(line.delegation_title)},
        "rank": line.rank,
        "shared": line.shared,
        "total": line.total or None,
        "exact": line.exact or None,
        "status": line.status,
        "decided_by": line.decided_by,
        "modules": {id_: score or None for id_, score in zip(modules, line.modules, strict=True)},
        "prizes": [
            {"rule": rule, "prize": prize, "title": dict(taken.found.prize_title(rule, prize))}
            for rule, prize in line.prizes
        ],
    }
    if taken.names is not None:
        said["names"] = list(taken.names.get(line.entry, ()))
    return said
