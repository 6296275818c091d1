"""Hostile requests from the API's own document: every field gets what it does not expect."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

TEXTS = (
    "",
    "a" * 5000,
    "\u202eevil\u2066",
    "nul\x00inside",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}} {} {0} %s",
    "../../etc/passwd",
    "１２",
    "1,25",
    "1e400",
    "-0",
    "NaN",
    "\r\nX-Injected: yes",
    "9999-12-31",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
)
NUMBERS = (0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**30, 1.5, 1e308, True, None)
BODIES = (b"", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 100_000, b'"\\ud800"', b"NaN")
METHODS = ("get", "post", "put", "delete")
Json = Any


@dataclass(frozen=True, slots=True)
class Hostile:
    """One request; `path` with its query."""

    method: str
    route: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes | None

    def __str__(self) -> str:
        shown = (self.body or b"")[:400].decode("utf-8", "replace")
        return f"{self.method} {self.path} {self.query} {dict(self.headers)} {shown}"


class Forge:
    """Requests by chance, the same ones for the same seed. `known`: real ids by a part of the
    field's name, so that many requests get past the first lookup."""

    def __init__(self, document: Json, known: Mapping[str, Sequence[str]], seed: int) -> None:
        self.document, self.known = document, known
        self.chance = random.Random(seed)

    def requests(self, rounds: int, *, leave: Sequence[str] = ()) -> Iterator[Hostile]:
        """`rounds` for each operation but those whose route is in `leave`."""
        for route, operations in self.document["paths"].items():
            for method in METHODS:
                if method in operations and f"{method} {route}" not in leave:
                    for _ in range(rounds):
                        yield self._request(method, route, operations[method])

    def _request(self, method: str, route: str, operation: Json) -> Hostile:
        path, query, headers = route, [], {}
        for parameter in operation.get("parameters", ()):
            name, schema = parameter["name"], parameter.get("schema", {})
            if parameter["in"] == "path":
                value = self._id(name) or str(self.value(schema, name))
                path = path.replace("{" + name + "}", quote(value, safe="") or "x")
            elif parameter["in"] == "query" and self.chance.random() < 0.7:
                query.append((name, str(self.value(schema, name))))
            elif parameter["in"] == "header":
                headers[name] = self.chance.choice(['"7"', '"0"', '"999999999999999"', "x"])
        body = None
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            headers["Content-Type"] = "application/json"
            body = self._body(content["application/json"].get("schema", {}))
        elif content:
            headers["Content-Type"] = next(iter(content))
            body = self.chance.randbytes(40)
        return Hostile(method.upper(), route, path, tuple(query), headers, body)

    def _body(self, schema: Json) -> bytes:
        if self.chance.random() < 0.05:
            return self.chance.choice(BODIES)
        return json.dumps(self.value(schema)).encode()

    def value(self, schema: Json, name: str = "") -> Json:
        """Mostly of the right shape, so that it reaches the code behind the shape."""
        schema = self._resolved(schema)
        if self.chance.random() < 0.04:
            return self.chance.choice((None, [], {}, "x", 5, [[[]]], {"a": {"b": 1}}))
        for key in ("oneOf", "anyOf", "allOf"):
            if key in schema:
                return self.value(self.chance.choice(schema[key]), name)
        kind = schema.get("type")
        kind = self.chance.choice(kind) if isinstance(kind, list) else kind
        if "enum" in schema and self.chance.random() < 0.8:
            return self.chance.choice(schema["enum"])
        if kind == "object" or "properties" in schema:
            return self._object(schema)
        if kind == "array":
            items = self.chance.choice((0, 1, 1, 2))
            return [self.value(schema.get("items", {}), name) for _ in range(items)]
        if kind in ("integer", "number"):
            return self.chance.choice((*NUMBERS, 1, 1, 1))
        if kind == "boolean":
            return self.chance.random() < 0.5
        if kind == "string":
            return self._text(schema, name)
        return self.chance.choice((*TEXTS, *NUMBERS, {}, []))

    def _object(self, schema: Json) -> Json:
        required = schema.get("required", ())
        found = {
            name: self.value(part, name)
            for name, part in schema.get("properties", {}).items()
            if self.chance.random() < (0.97 if name in required else 0.6)
        }
        more = schema.get("additionalProperties")
        if more and not found:
            more = more if isinstance(more, dict) else {}
            for _ in range(self.chance.randint(0, 3)):
                found[self.chance.choice((*TEXTS, "en", "zh-Hans", "dish"))] = self.value(more)
        return found

    def _text(self, schema: Json, name: str) -> str:
        known = self._id(name)
        if known and self.chance.random() < 0.8:
            return known
        if schema.get("format") == "uuid":
            return str(UUID(int=self.chance.getrandbits(128)))
        examples = schema.get("examples") or ()
        if examples and self.chance.random() < 0.6:
            return str(self.chance.choice(examples))
        return self.chance.choice(TEXTS)

    def _id(self, name: str) -> str:
        found = [ids for part, ids in self.known.items() if part in name and ids]
        return self.chance.choice(found[0]) if found and self.chance.random() < 0.92 else ""

    def _resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema
