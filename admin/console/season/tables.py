"""A season as tables: the same for the page and for the sheets of the Excel file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from admin.console.season import words
from admin.console.season.gathering import Season
from contests.exports.rows import Cell
from contests.season.model import SeasonContest, Tally, by_place_and_trade
from core.scoring.model import Text
from core.web.i18n import pick, show_date, translate
from credentials.records.explaining import authority_title

Row = list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """texts: so many columns at the left are words, all others numbers."""

    code: str
    title: str
    head: Sequence[str]
    rows: Sequence[Row]
    texts: int


def tables_of(season: Season, language: str) -> list[Table]:
    """Without those that would be empty."""
    made = [_figures, _places, _contests, _prizes, _conferred]
    return [table for make in made if (table := make(season, language)).rows]


def _table(code: str, head: Sequence[str], rows: Sequence[Row], texts: int, language: str) -> Table:
    title = translate(words.TABLES[code], language)
    return Table(code, title, [translate(word, language) for word in head], rows, texts)


def _figures(season: Season, language: str) -> Table:
    rows: list[Row] = [
        [translate(words.FIGURES[code], language), number]
        for code, number in season.figures().items()
    ]
    return _table(
        "figures", words.FIGURES_HEAD, rows if season.contests.contests else [], 1, language
    )


def _places(season: Season, language: str) -> Table:
    named = [replace(one, city=city_of(one, season, language), trade=trade_of(one, season, language)) for one in season.contests.contests]  # fmt: skip
    rows: list[Row] = [
        [city, trade, *_counts(one)] for (city, trade), one in by_place_and_trade(named).items()
    ]
    if rows:
        rows.append([translate("All together", language), "", *_counts(season.total)])
    head = (*words.PLACES_HEAD, *(words.FIGURES[code] for code in _COUNTED))
    return _table("places", head, rows, 2, language)


_COUNTED = ("contests", "entrants", "finalists", "judges", "delegations", "days", "marks", "prizes")


def _counts(one: Tally) -> Row:
    return [
        one.contests,
        one.entrants,
        one.finalists,
        len(one.judges),
        len(one.delegations),
        len(one.days),
        one.marks,
        one.prizes,
    ]


def _contests(season: Season, language: str) -> Table:
    certificates = season.certificates
    last = [words.FIGURES["certificates"]] if certificates is not None else []
    rows: list[Row] = [
        [
            pick(one.competition_title, language),
            pick(one.title, language),
            city_of(one, season, language),
            trade_of(one, season, language),
            translate(words.STATES.get(one.state, one.state), language),
            _dates(one, language),
            *_of_contest(one),
            *([certificates.get(one.id, 0)] if certificates is not None else []),
        ]
        for one in season.contests.contests
    ]
    counted = (words.FIGURES[code] for code in _COUNTED[1:])
    head = (*words.CONTESTS_HEAD, *counted, *last)
    return _table("contests", head, rows, 6, language)


def _of_contest(one: SeasonContest) -> Row:
    total = Tally()
    total.add(one)
    return _counts(total)[1:]


def _prizes(season: Season, language: str) -> Table:
    rows: list[Row] = [
        [
            pick(one.competition_title, language),
            pick(one.title, language),
            pick(prize.title, language),
            prize.won,
        ]
        for one in season.contests.contests
        for prize in one.prizes
    ]
    return _table("prizes", words.PRIZES_HEAD, rows, 3, language)


def _conferred(season: Season, language: str) -> Table:
    contests = {one.id: one for one in season.contests.contests}
    rows: list[Row] = [
        [
            pick(contests[one.contest].competition_title, language),
            pick(contests[one.contest].title, language),
            translate(words.KINDS.get(one.kind, one.kind), language),
            pick(one.title, language),
            _authority(one.authority, season.authorities, language),
            one.proposed,
            one.granted,
        ]
        for one in season.conferred or ()
    ]
    return _table("conferred", words.CONFERRED_HEAD, rows, 5, language)


def city_of(one: SeasonContest, season: Season, language: str) -> str:
    """As a plugin names the code, else as typed."""
    return pick(season.cities[one.city], language) if one.city in season.cities else one.city


def trade_of(one: SeasonContest, season: Season, language: str) -> str:
    """The occupation's contest and code; without one, what kind of contest it is."""
    if not one.trade:
        return pick(one.type_title, language)
    return f"{pick(season.trades[one.trade], language)} ({one.trade})"


def _dates(one: SeasonContest, language: str) -> str:
    if not one.days:
        return ""
    first, last = min(one.days), max(one.days)
    shown = show_date(first, language)
    return shown if first == last else f"{shown} – {show_date(last, language)}"


def _authority(code: str, titles: Mapping[str, Text], language: str) -> str:
    """As its organisation here is called, else as a partner names it."""
    return pick(titles.get(code) or authority_title(code), language)
