"""A tablet with a software key that talks to the application as the app does."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from contests.judging.signing import ALGORITHM, SoftwareDevice, _ecdsa
from contests.judging.tablets.pins import set_pin_row
from contests.judging.tablets.proofs import PROOF_TYPE
from contests.sheets import b64
from core import passwords, settings
from core.db import transaction
from core.security import SYSTEM
from tests.api.kit import API, Caller, caller
from tests.factories_contests import Seat, SmallContest

PIN = "407261"
HERE = f"{API}/judging/tablet"


@dataclass(slots=True)
class Tablet:
    """`token`: of its session; empty before it has one."""

    client: httpx.AsyncClient
    device: SoftwareDevice = field(default_factory=SoftwareDevice)
    token: str = ""

    async def proof(self, **changes: Any) -> str:
        """Of a fresh nonce; `changes` override header and payload, for attacks."""
        nonce = (await self.client.get(f"{HERE}/nonce")).json()["nonce"]
        return proof_of(self.device, **{"nonce": nonce, **changes})

    async def enrol(self, code: str, label: str = "", status: int = 201) -> Any:
        body = {
            "code": code,
            "jwk": self.device.public_jwk,
            "label": label,
            "proof": await self.proof(),
        }
        return read(await self.client.post(f"{HERE}/enrolment", json=body), status)

    async def open(self, status: int = 200, **changes: Any) -> Any:
        proof = changes.pop("proof", None) or await self.proof(**changes)
        found = read(await self.client.post(f"{HERE}/session", json={"proof": proof}), status)
        self.token = found.get("token", self.token)
        return found

    async def get(self, path: str, status: int = 200, **more: Any) -> Any:
        return read(await self.send("GET", path, **more), status)

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return read(await self.send("POST", path, json=body), status)

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Tablet {self.token}", "Accept-Language": "en"}
        headers |= more.pop("headers", {})
        if more.get("json", ...) is None:
            more.pop("json")
        return await self.client.request(method, f"{HERE}{path}", headers=headers, **more)

    async def sign_in(self, account: UUID, pin: str = PIN, status: int = 200, **more: Any) -> Any:
        return await self.post("/judges", {"account": str(account), "pin": pin, **more}, status)

    async def beat(self, **told: Any) -> Any:
        return await self.post("/beat", {"app": "1", "waiting": 0, **told})


def proof_of(device: SoftwareDevice, *, nonce: str, **changes: Any) -> str:
    header = {"alg": ALGORITHM, "kid": device.kid, "typ": PROOF_TYPE}
    payload = {
        "aud": settings.current().origin,
        "nonce": nonce,
        "at": datetime.now(UTC).isoformat(),
    }
    for name, value in changes.items():
        (header if name in {"alg", "kid", "typ", "crit"} else payload)[name] = value
    signed = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(payload).encode())}"
    return f"{signed}.{b64(_ecdsa.sign(signed.encode(), device.private_key))}"


def read(response: httpx.Response, status: int) -> Any:
    assert response.status_code == status, f"{response.status_code}: {response.text[:1500]}"
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
    return response.json() if response.content else {}


async def code_for(chief: Caller, contest: UUID, **more: Any) -> str:
    made = await chief.post(f"/judging/contests/{contest}/tablet-codes", more)
    return str(made["code"])


async def enrolled(
    client: httpx.AsyncClient, small: SmallContest, label: str = "Tablet 1", **more: Any
) -> Tablet:
    """Enrolled by the organiser, with an open session."""
    made = Tablet(client)
    organiser = await caller(client, small.accounts["organiser"])
    await made.enrol(await code_for(organiser, small.contest, label=label, **more))
    await made.open()
    return made


async def give_pin(account: UUID, pin: str = PIN, *, first: bool = False) -> None:
    async with transaction():
        await set_pin_row(
            account, await passwords.hashed(pin), first=first, by=SYSTEM, now=datetime.now(UTC)
        )


async def serving(
    client: httpx.AsyncClient, small: SmallContest, *seats: Seat, label: str = "Tablet 1"
) -> Tablet:
    """A tablet on which these judges have signed in."""
    made = await enrolled(client, small, label)
    for seat in seats:
        await give_pin(seat.account)
        await made.sign_in(seat.account)
    return made


def slug(problem: dict[str, Any]) -> str:
    return str(problem["type"]).removeprefix("/problems/")


def some_pin() -> str:
    return f"{secrets.randbelow(10**6):06}"
