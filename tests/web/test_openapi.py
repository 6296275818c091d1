"""The API's description: complete, deterministic, readable without another host."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest_asyncio

from core.problems import PROBLEM_JSON

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest_asyncio.fixture
async def schema(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/schema/openapi.json")).json()
    return found


def operations(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_it_is_openapi_3_1_with_both_ways_to_log_in(schema: dict[str, Any]) -> None:
    schemes = schema["components"]["securitySchemes"]

    assert schema["openapi"].startswith("3.1")
    assert schemes["bearer"]["scheme"] == "bearer"
    assert schemes["cookie"]["name"] == "jiangxin"
    assert schema["security"] == [{"bearer": []}, {"cookie": []}]


def test_every_operation_says_what_it_does_under_a_tag_that_is_described(
    schema: dict[str, Any],
) -> None:
    tags = {tag["name"] for tag in schema["tags"]}

    undescribed = [
        name
        for name, operation in operations(schema)
        if not operation.get("summary")
        or not operation.get("description")
        or not operation.get("tags")
        or not set(operation["tags"]) <= tags
    ]

    assert undescribed == []


def test_what_can_go_wrong_is_problem_json_everywhere(schema: dict[str, Any]) -> None:
    wrong = [
        f"{name} {status}"
        for name, operation in operations(schema)
        for status, answer in operation["responses"].items()
        if status.startswith(("4", "5"))
        and name.split()[1].startswith("/api/")
        and set(answer.get("content", {})) != {PROBLEM_JSON}
    ]

    assert wrong == []


def test_an_operation_that_needs_a_log_in_says_that_it_may_be_refused(
    schema: dict[str, Any],
) -> None:
    silent = [
        name
        for name, operation in operations(schema)
        if name.split()[1].startswith("/api/v1/")
        and {} not in operation.get("security", [])
        and "401" not in operation["responses"]
    ]

    assert silent == []


def test_operation_ids_are_unique(schema: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(schema)]

    assert len(ids) == len(set(ids))


async def test_the_page_lists_every_operation_and_asks_no_other_host(
    client: httpx.AsyncClient, schema: dict[str, Any]
) -> None:
    page = await client.get("/schema", headers={"Accept": "text/html"})

    assert page.status_code == 200
    for name, _ in operations(schema):
        method, path = name.split()
        assert f"<strong>{method}</strong> {path}" in page.text
    assert not re.search(r"(src|href)=\"(https?:)?//", page.text)
    assert "<script" not in page.text
