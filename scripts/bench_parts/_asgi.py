"""Calling an application in this process, without a socket or a client library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from litestar import Litestar


class NotOk(Exception):
    """Something else than 200."""


async def call(
    app: Litestar, path: str, *, body: Mapping[str, Any] | None = None, authorization: str = ""
) -> bytes:
    """One GET, or with `body` one POST of JSON; the answer's body. Raises NotOk unless it is 200."""
    sent = b"" if body is None else json.dumps(body).encode()
    got: list[bytes] = []
    odd: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": sent, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            odd.append(message)
        got.append(message.get("body", b""))

    await app(_scope(path, sent, authorization), receive, send)  # type: ignore[arg-type]
    if odd:
        raise NotOk(path, odd[0])
    return b"".join(got)


def _scope(path: str, sent: bytes, authorization: str) -> dict[str, Any]:
    headers = [(b"host", b"127.0.0.1:8000"), (b"accept-language", b"zh-CN")]
    if sent:
        headers += [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(sent)).encode()),
        ]
    if authorization:
        headers.append((b"authorization", authorization.encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST" if sent else "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
        "extensions": {},
    }
