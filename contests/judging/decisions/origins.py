"""Where a revision came from, in labels that a leader knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from contests.judging.admission import signed_at
from contests.judging.decisions.schemas import Origin
from contests.judging.panel import Panel
from contests.sheets import Payload
from contests.tables import Device
from core.tables import Account


@dataclass(frozen=True, slots=True)
class Names:
    """Labels of accounts and devices, read once for a whole list."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    devices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """kid -> (kind, label)."""

    def origin(
        self,
        kid: str,
        payload: Payload,
        panel: Panel,
        *,
        countersigned: str = "",
        proven: bool = True,
    ) -> Origin:
        """countersigned: the appointment of the leader whose countersignature was found right;
        proven: whether the device's signature was."""
        kind, label = self.devices.get(kid, ("", ""))
        judge, leader = panel.known(payload.judge), panel.known(countersigned)
        signed = signed_at(payload.at)
        return Origin(
            kid=kid,
            kind=kind,
            label=label,
            device_seq=payload.seq if proven else 0,
            judge=self.accounts.get(judge.account, "") if judge else "",
            scribe=self.accounts.get(payload.scribe, ""),
            confirmed=payload.confirmed,
            countersigned_by=self.accounts.get(leader.account, "") if leader else "",
            countersign_reason=payload.countersign.reason if payload.countersign else "",
            typed_by=[self.accounts.get(a, "") for a in payload.paper.typed]
            if payload.paper
            else [],
            scan=payload.paper.scan if payload.paper else "",
            signed_at=payload.at if signed else "",
        )


async def names_for(
    panel: Panel, payloads: Iterable[Payload], kids: Iterable[str], more: Iterable[UUID] = ()
) -> Names:
    """Of everybody and every device that these revisions name."""
    accounts = {facts.account for facts in (*panel.appointments.values(), *panel.ended.values())}
    accounts |= {str(account) for account in more}
    for payload in payloads:
        accounts |= {payload.scribe} if payload.scribe else set()
        accounts |= set(payload.paper.typed) if payload.paper else set()
    known = list({kid for kid in kids if kid})
    rows = (
        await Device.select(Device.kid, Device.kind, Device.label).where(Device.kid.is_in(known))
        if known
        else []
    )
    labels = await Account.select(Account.id, Account.label).where(
        Account.id.is_in([UUID(account) for account in accounts if account])
    )
    return Names(
        accounts={str(row["id"]): row["label"] for row in labels},
        devices={row["kid"]: (row["kind"], row["label"]) for row in rows},
    )
