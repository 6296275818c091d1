"""Who runs the demonstration's contests: one account a role, and judges with tablets of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import httpx

from contests.judging.signing import SoftwareDevice
from core import accounts
from core.security import SYSTEM, Actor, Role, Scope, actor_of

LABELS = {
    Role.ADMINISTRATOR: "系统管理员",
    Role.ORGANISER: "主办方",
    Role.CHIEF_REFEREE: "裁判长",
    Role.GROUP_LEADER: "小组长",
    Role.JUDGE: "裁判员",
    Role.ENCRYPTION_OFFICER: "加密裁判",
    Role.SUPERVISOR: "监督员",
    Role.ARBITRATION: "仲裁",
    Role.CLERK: "录分员",
    Role.EMPLOYER: "用人单位",
}


@dataclass
class Judge:
    """A judge with an enrolled device: the key lives in this process only."""

    account: UUID
    appointment: str
    panel: str
    token: str
    device: SoftwareDevice = field(default_factory=SoftwareDevice)

    async def enrol(self, client: httpx.AsyncClient, label: str) -> None:
        answer = await client.post(
            "/api/v1/judging/devices",
            json={"jwk": self.device.public_jwk, "label": label},
            headers=self.headers,
        )
        answer.raise_for_status()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Staff:
    """Accounts by role; grants are given where they are needed."""

    def __init__(self) -> None:
        self.accounts: dict[Role, UUID] = {}

    async def hire(self) -> None:
        for role, label in LABELS.items():
            self.accounts[role] = await account(f"demo-{role.value.replace('_', '-')}", label)
        await accounts.grant(SYSTEM, self.accounts[Role.ADMINISTRATOR], Role.ADMINISTRATOR)
        await accounts.grant(SYSTEM, self.accounts[Role.EMPLOYER], Role.EMPLOYER)

    async def grant(self, role: Role, scope: Scope) -> None:
        await accounts.grant(SYSTEM, self.accounts[role], role, scope)

    async def actor(self, role: Role) -> Actor:
        """With the grants of this moment."""
        return await actor_of(self.accounts[role])


async def account(login: str, label: str) -> UUID:
    """Without a password: the demonstration hands out one-time links."""
    return await accounts.create_account(SYSTEM, login=login, label=label)
