"""The API's description as a page of ours at /schema: no script and no other host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

from core.web.templates import html

METHODS = ("get", "post", "put", "patch", "delete", "head")


class SchemaPage(OpenAPIRenderPlugin):
    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        operations = list(_operations(openapi_schema))
        known = [str(tag["name"]) for tag in openapi_schema.get("tags", [])]
        described = {tag["name"]: tag.get("description", "") for tag in openapi_schema["tags"]}
        names = [*known, *sorted({o["tag"] for o in operations} - set(known))]
        groups = [
            (name, described.get(name, ""), [o for o in operations if o["tag"] == name])
            for name in names
        ]
        return html(
            request,
            "core/schema.html",
            info=openapi_schema["info"],
            groups=[group for group in groups if group[2]],
            shape_name=shape_name,
            shapes=sorted(openapi_schema.get("components", {}).get("schemas", {}).items()),
        )


def _operations(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, item in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in item:
                yield {**_operation(item[method]), "method": method.upper(), "path": path}


def _operation(found: Mapping[str, Any]) -> dict[str, Any]:
    bodies = found.get("requestBody", {}).get("content", {})
    return {
        "tag": (found.get("tags") or ["other"])[0],
        "summary": found.get("summary", ""),
        "description": found.get("description", ""),
        "parameters": [p for p in found.get("parameters", []) if "name" in p],
        "body": [(kind, shape_name(content.get("schema", {}))) for kind, content in bodies.items()],
        "answers": sorted(found.get("responses", {}).items()),
        "open": {} in found.get("security", []),
    }


def shape_name(schema: Mapping[str, Any]) -> str:
    """A short name of a schema: Me, list of Me, string (uuid)."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if schema.get("type") == "array":
        return f"[{shape_name(schema.get('items', {}))}]"
    choices = schema.get("oneOf") or schema.get("anyOf") or ()
    if choices:
        return " | ".join(shape_name(choice) for choice in choices)
    kind = schema.get("type", "")
    named = "/".join(kind) if isinstance(kind, list) else str(kind)
    return f"{named} ({schema['format']})" if "format" in schema else named
