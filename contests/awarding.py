"""From proposed prizes to confirmed ones: every proposal that the rules leave to a person is decided by
one, and whoever departs from the proposal says why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contests.actions.closing import confirm_awards
from contests.awarding_messages import WHY
from contests.exports.reading import Summary, summary
from core.errors import Invalid
from core.scoring.model import AwardProposal, Finding
from core.security import Actor


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed prize. why: msgids with their parameters; empty = nothing to decide."""

    rule: str
    prize: str
    entry: str
    rank: int | None
    why: tuple[tuple[str, Mapping[str, str]], ...]

    @property
    def key(self) -> str:
        return f"{self.rule}|{self.prize}|{self.entry}"


def proposals(found: Summary) -> list[Proposal]:
    """As the rules propose, in their order."""
    return [_proposal(award) for award in found.awards]


def _proposal(award: AwardProposal) -> Proposal:
    flags = [flag for flag in award.flagged.split("; ") if flag]
    return Proposal(
        award.rule, award.prize, award.entry, award.rank, tuple(_reason(flag) for flag in flags)
    )


def _reason(flag: str) -> tuple[str, Mapping[str, str]]:
    if flag.startswith("rounded from "):
        return WHY["rounded"], {"asked": flag.removeprefix("rounded from ")}
    return WHY.get(flag, flag), {}


async def confirm_prizes(
    by: Actor,
    contest: UUID,
    chosen: Sequence[Mapping[str, str]],
    *,
    decided: Collection[str],
    reason: str = "",
) -> None:
    """Confirms `chosen` ({rule, prize, entry}). decided: keys of the flagged proposals that somebody has
    looked at; the others are findings. Raises Invalid, Forbidden, WrongState."""
    found = await summary(contest)
    findings = [
        Finding(
            "/decided",
            "prize-undecided",
            {"rank": str(one.rank or "—"), "code": found.line(one.entry).code},
        )
        for one in proposals(found)
        if one.why and one.key not in decided
    ]
    keys = [f"{award['rule']}|{award['prize']}|{award['entry']}" for award in chosen]
    findings += [
        Finding("/awards", "prize-twice", {"code": found.line(key.split("|")[2]).code})
        for place, key in enumerate(keys)
        if key in keys[:place]
    ]
    differs = set(keys) != {one.key for one in proposals(found)}
    if differs and not reason.strip():
        findings.append(Finding("/reason", "prize-reason-missing", {}))
    if findings:
        raise Invalid(findings)
    await confirm_awards(by, contest, chosen if differs else None, reason=reason)
