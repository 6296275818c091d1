"""Callers of the API for tests: an account's bearer token, and what an answer must look like."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from contests.judging.signing import SoftwareDevice
from core.accounts import create_session
from core.scoring.codec import from_json
from core.scoring.model import Mark

API = "/api/v1"
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")


@dataclass(slots=True)
class Caller:
    """One account that talks JSON; `await caller.post("/contests/…/ready")` checks the status."""

    client: httpx.AsyncClient
    token: str
    language: str = "en"

    async def get(self, path: str, status: int = 200, **more: Any) -> Any:
        return self._read(await self.send("GET", path, **more), status)

    async def post(self, path: str, body: Any = None, status: int = 201, **more: Any) -> Any:
        return self._read(await self.send("POST", path, body, **more), status)

    async def put(self, path: str, body: Any, status: int = 200, **more: Any) -> Any:
        return self._read(await self.send("PUT", path, body, **more), status)

    async def delete(self, path: str, status: int = 204, **more: Any) -> Any:
        return self._read(await self.send("DELETE", path, **more), status)

    async def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:  # fmt: skip
        own = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}
        if body is not None:
            more["content"] = body if isinstance(body, bytes) else json.dumps(body)
            own["Content-Type"] = "application/json"
        return await self.client.request(
            method, f"{API}{path}", headers=own | (headers or {}), **more
        )

    def reading(self, language: str) -> Caller:
        return Caller(self.client, self.token, language)

    @staticmethod
    def _read(response: httpx.Response, status: int) -> Any:
        assert response.status_code == status, f"{response.status_code}: {response.text[:1500]}"
        if status >= 400:
            assert response.headers["content-type"] == "application/problem+json"
        return response.json() if response.content else None


async def caller(client: httpx.AsyncClient, account: UUID) -> Caller:
    return Caller(client, await create_session(account, "api"))


def codes(problem: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in problem["findings"]]


def pointers(problem: dict[str, Any]) -> list[str]:
    return [finding["pointer"] for finding in problem["findings"]]


@dataclass(slots=True)
class Tablet:
    """A judge with a software key who works from the pack alone."""

    caller: Caller
    device: SoftwareDevice
    pack: dict[str, Any]

    def works(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [(part, work) for part in self.pack["parts"] for work in part["codes"]]

    def sign(
        self, part: dict[str, Any], work: dict[str, Any], marks: dict[str, Any], **changes: Any
    ) -> str:
        return self.device.sign_sheet(
            contest=self.pack["contest"]["id"],
            module=part["module"]["id"],
            code=work["code"],
            judge=part["appointment"],
            marks={aspect: from_json(Mark, mark) for aspect, mark in marks.items()},
            rules=self.pack["rules_hash"],
            **changes,
        )

    async def submit(self, *revisions: str) -> list[dict[str, Any]]:
        body = {"revisions": list(revisions)}
        answers: list[dict[str, Any]] = (
            await self.caller.post("/judging/revisions", body, status=200)
        )["answers"]
        return answers


async def tablet(judge: Caller, contest: str) -> Tablet:
    """Enrols a fresh key and fetches the pack."""
    device = SoftwareDevice()
    enrolled = await judge.post("/judging/devices", {"jwk": device.public_jwk, "label": "Tablet"})
    assert enrolled["kid"] == device.kid
    return Tablet(judge, device, await judge.get(f"/judging/pack/{contest}"))


async def told_in_every_language(ask: Any, expected: int) -> None:
    """`ask(language)` gives the problem; each of its sentences must be in that language."""
    told = {language: await ask(language) for language in LANGUAGES}
    sentences = {
        language: [finding["detail"] for finding in problem["findings"]]
        for language, problem in told.items()
    }
    assert {len(each) for each in sentences.values()} == {expected}
    for number in range(expected):
        own = {sentences[language][number] for language in LANGUAGES}
        assert len(own) == len(LANGUAGES), own
        assert not any("{" in sentence for sentence in own), own
