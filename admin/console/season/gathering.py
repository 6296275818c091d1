"""Everything that a season's pages, tables and pictures show, read once for each request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contests.season.model import ContestSeason, SeasonContest, Tally, tally
from contests.season.reading import contest_season
from core.errors import NotFound
from core.scoring.model import Text
from core.security import Actor, Scope
from core.tables import Organisation
from credentials.matching.registry import cities
from credentials.records.season import Conferred, certificates_by_contest, conferred

LEVELS, HONOURS = ("level",), ("title", "medal", "honour")


@dataclass(frozen=True, slots=True)
class Season:
    """organisation: whose, or None for the whole house. certificates: of published contests; None where
    the reader may see none of them, as `conferred` is. trades: occupation -> contest's title.
    organisations: id -> title, of those with a contest here. authorities and cities: code -> title."""

    contests: ContestSeason
    total: Tally
    conferred: Sequence[Conferred] | None
    certificates: Mapping[str, int] | None
    trades: Mapping[str, Text]
    organisations: Mapping[UUID, Text]
    authorities: Mapping[str, Text]
    cities: Mapping[str, Text]
    organisation: UUID | None = None

    @property
    def year(self) -> int:
        return self.contests.year

    def figures(self) -> dict[str, int]:
        """By the codes of `words.FIGURES`; what the reader may not see is left out."""
        total = self.total
        found = {
            "contests": total.contests,
            "published": total.published,
            "entrants": total.entrants,
            "finalists": total.finalists,
            "judges": len(total.judges),
            "delegations": len(total.delegations),
            "days": len(total.days),
            "marks": total.marks,
            "prizes": total.prizes,
        }
        if self.certificates is not None:
            found["certificates"] = sum(self.certificates.values())
        if self.conferred is not None:
            for name, kinds in (("levels", LEVELS), ("honours", HONOURS)):
                some = [one for one in self.conferred if one.kind in kinds]
                found[f"{name}_proposed"] = sum(one.proposed for one in some)
                found[f"{name}_granted"] = sum(one.granted for one in some)
        return found


async def season_for(
    by: Actor, year: int, *, this_year: int, organisation: UUID | None = None
) -> Season:
    """Raises NotFound for an organisation of which the reader sees nothing."""
    found = await contest_season(by, year, this_year=this_year, organisation=organisation)
    if organisation is not None and not found.years:
        await _known(by, organisation)
    contests = found.contests
    proposals = [one.id for one in contests if one.sees_proposals]
    certified = [one.id for one in contests if one.sees_certificates and one.published]
    given = await conferred(proposals) if proposals else None
    may_certificates = any(one.sees_certificates for one in contests)
    by_id, by_code = await _titles(contests, given or (), organisation)
    return Season(
        contests=found,
        total=tally(contests),
        conferred=given,
        certificates=await certificates_by_contest(certified) if may_certificates else None,
        trades=_trades(contests),
        organisations=by_id,
        authorities=by_code,
        cities=cities(),
        organisation=organisation,
    )


async def _known(by: Actor, organisation: UUID) -> None:
    there = await Organisation.exists().where(Organisation.id == organisation)
    if not there or not by.may("contest.read", Scope("organisation", str(organisation))):
        raise NotFound(kind="organisation", id=organisation)


async def _titles(
    contests: Sequence[SeasonContest], given: Sequence[Conferred], organisation: UUID | None
) -> tuple[dict[UUID, Text], dict[str, Text]]:
    ids = {UUID(one.organisation) for one in contests} | ({organisation} if organisation else set())
    codes = {one.authority for one in given}
    if not ids:
        return {}, {}
    rows = (
        await Organisation.select(Organisation.id, Organisation.code, Organisation.title)
        .where(Organisation.id.is_in(list(ids)) | Organisation.code.is_in([*codes, ""]))
        .order_by(Organisation.code)
    )
    titles = {row["id"]: json.loads(row["title"]) for row in rows}
    return (
        {id: title for id, title in titles.items() if id in ids},
        {row["code"]: titles[row["id"]] for row in rows if row["code"] in codes},
    )


def _trades(contests: Sequence[SeasonContest]) -> dict[str, Text]:
    """What people call an occupation's code: the shortest title of its contests."""
    found: dict[str, Text] = {}
    for one in contests:
        known = found.get(one.trade)
        if one.trade and (known is None or _length(one.title) < _length(known)):
            found[one.trade] = one.title
    return found


def _length(title: Text) -> tuple[int, str]:
    words = title.get("zh-Hans") or next(iter(title.values()), "")
    return len(words), words
