"""Sign-off: ties to rule on, prizes to confirm, the four signatures and who still has to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from admin.console.running.forms import REASON, Done, Duty, Field
from admin.console.running.hall import Hall, labels_of
from admin.console.running.typed import Typing
from contests.actions.closing import rule_places
from contests.preparing import SIGNING_ROLES, appointments_of
from contests.profile import is_small
from contests.remembered import replayed
from contests.replay import AppointedFacts, Signature
from contests.scoring import compute
from core.security import Actor
from core.web.i18n import translate


@dataclass(frozen=True, slots=True)
class Place:
    """One of the four signatures. by "" = not given yet; holders: who can give it; mine: the reader
    is one of them; next: it is this one's turn."""

    role: str
    by: str
    at: str
    holders: Sequence[str]
    mine: bool
    next: bool


async def places_to_sign(hall: Hall) -> list[Place]:
    """In their order, for the newest version of the results."""
    known = await replayed(hall.contest)
    version = hall.row["result_version"]
    given = {s.role: s for s in known.signatures if s.version == version}
    appointed = await appointments_of(hall.contest)
    accounts = {UUID(a.account) for a in appointed if a.role in SIGNING_ROLES and a.account}
    accounts |= {UUID(s.account) for s in given.values() if s.account}
    labels = await labels_of(accounts)
    turn = next((role for role in SIGNING_ROLES if role not in given), "")
    again = await is_small(hall.contest)
    return [
        _place(hall, role, role == turn and hall.state == "closed", given, appointed, labels, again)
        for role in SIGNING_ROLES
    ]


async def my_turn(hall: Hall) -> bool:
    """Whether the next signature is the reader's to give."""
    return any(one.next and one.mine for one in await places_to_sign(hall))


def _place(
    hall: Hall,
    role: str,
    turn: bool,
    given: Mapping[str, Signature],
    appointed: Sequence[AppointedFacts],
    labels: Mapping[UUID, str],
    again: bool,
) -> Place:
    """again: one person may sign in several duties."""
    holders = {UUID(one.account) for one in appointed if one.role == role and one.account}
    signed = given.get(role)
    already = any(s.account == str(hall.by.account) for s in given.values())
    return Place(
        role=role,
        by=labels.get(UUID(signed.account), "") if signed and signed.account else "",
        at=signed.at if signed else "",
        holders=sorted(labels[account] for account in holders if account in labels),
        mine=hall.by.account in holders and (again or not already),
        next=turn,
    )


async def _order_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    fields = [
        Field(
            f"place-{entry}",
            translate("Place of {code}", language, code=codes),
            hint=translate("1 for the first of them, 2 for the next.", language),
            required=True,
            said=True,
        )
        for entry, codes in await tied(hall)
    ]
    return (*fields, REASON) if fields else ()


async def tied(hall: Hall) -> list[tuple[str, str]]:
    """The first tie that nothing separates: (entry, its codes)."""
    known = await replayed(hall.contest)
    if known.record is None or known.frozen is None or hall.state != "judging":
        return []
    unresolved = compute(known.frozen, known.record).unresolved
    if not unresolved:
        return []
    codes: dict[str, list[str]] = {}
    for works in known.opened.values():
        for code, entry in works.items():
            codes.setdefault(entry, []).append(code)
    return [(entry, " · ".join(codes.get(entry, [entry]))) for entry in unresolved[0]]


async def _order(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    entries = [entry for entry, _ in await tied(hall)]
    given = {entry: typed.text(f"place-{entry}") for entry in entries}
    reason = typed.needed("reason", "Reason")
    if sorted(given.values()) != sorted(str(n) for n in range(1, len(entries) + 1)):
        for entry in entries:
            typed.wrong(f"place-{entry}", "order-unclear")
    typed.done()
    order = sorted(entries, key=lambda entry: int(given[entry]))
    await rule_places(by, contest, [UUID(entry) for entry in order], reason=reason)
    return Done("The order is on record.")


DUTIES = (
    Duty(
        "order",
        "signing",
        "/signing/order",
        "Ties",
        "Rule on a tie",
        "No tie-break separates these entries, and the rules allow no shared place. The chief referee "
        "gives their order; nobody sees names here.",
        "Record the order",
        "contest.close",
        _order_fields,
        _order,
        ("judging",),
    ),
)
