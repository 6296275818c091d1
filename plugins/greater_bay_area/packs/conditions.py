"""Conditions of a rule. Each is held against one person's result and says in words what it wants
and what it found. A fact that is not known is no fact: the condition is neither met nor broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from plugins import ResultFacts, RuleCheck, Text, text
from plugins.greater_bay_area.cities import is_guangdong
from plugins.greater_bay_area.packs.names import LEVELS, PRIZE_TITLES, PRIZES_AND_MERIT, joined

UNKNOWN = text("不详", "不詳", "not known", "não se sabe")
NONE = text("无", "無", "none", "nenhum")
YES = text("是", "是", "yes", "sim")
NO = text("否", "否", "no", "não")
NOT_SAID = text(
    "主办方尚未填写",
    "主辦方尚未填寫",
    "the organiser has not said yet",
    "o organizador ainda não o indicou",
)


class Condition(Protocol):
    def check(self, result: ResultFacts, person: str) -> RuleCheck: ...


def plain(value: object) -> Text:
    """A figure or code, the same in every language."""
    return text(*[str(value)] * 4)


@dataclass(frozen=True, slots=True)
class Prize:
    """One of these prizes was won."""

    prizes: Sequence[str] = PRIZES_AND_MERIT

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        won = [prize for prize in PRIZES_AND_MERIT if prize in _won(result)]
        return RuleCheck(
            "prize",
            joined([PRIZE_TITLES[prize] for prize in self.prizes]),
            joined([PRIZE_TITLES[prize] for prize in won]) if won else NONE,
            bool(set(won) & set(self.prizes)),
        )


def _won(result: ResultFacts) -> set[str]:
    return {output.grade for output in result.outputs if output.kind == "award"}


@dataclass(frozen=True, slots=True)
class Place:
    """This place or better. sizes: the same for events of two, three … entrants a team."""

    last: int
    first: int = 1
    sizes: Mapping[int, int] = field(default_factory=dict)

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        last = self.sizes.get(len(result.persons), self.last)
        nobody = text("不推荐", "不推薦", "nobody", "ninguém")
        wanted = (
            nobody
            if last < self.first
            else text(f"第{last}名", f"第{last}名", f"place {last}", f"{last}.º lugar")
            if last == self.first
            else text(
                f"第{self.first}至{last}名",
                f"第{self.first}至{last}名",
                f"places {self.first} to {last}",
                f"{self.first}.º a {last}.º lugar",
            )
        )
        return RuleCheck("place", wanted, _place(result), _within(result, self.first, last))


def _place(result: ResultFacts) -> Text:
    if result.rank is None:
        return text("无名次", "無名次", "unranked", "sem classificação")
    rank, size = result.rank, result.entrants
    return text(
        f"第{rank}名（共{size}人/队）", f"第{rank}名（共{size}人/隊）", f"place {rank} of {size}", f"{rank}.º de {size}"
    )  # fmt: skip


def _within(result: ResultFacts, first: int, last: int) -> bool:
    return result.rank is not None and first <= result.rank <= last


@dataclass(frozen=True, slots=True)
class Share:
    """Within the first so many per cent of those who competed."""

    percent: int

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        wanted = text(
            f"前{self.percent}%", f"前{self.percent}%", f"the first {self.percent} %", f"os primeiros {self.percent} %"
        )  # fmt: skip
        met = result.rank is not None and 100 * result.rank <= self.percent * result.entrants
        return RuleCheck("share", wanted, _place(result), met)


@dataclass(frozen=True, slots=True)
class Score:
    """At least so many points."""

    least: str

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        least = self.least
        wanted = text(f"不低于{least}分", f"不低於{least}分", f"at least {least} points", f"pelo menos {least} pontos")  # fmt: skip
        met = Fraction(result.total) >= Fraction(least) if result.total else None
        return RuleCheck("score", wanted, plain(result.total) if result.total else UNKNOWN, met)


@dataclass(frozen=True, slots=True)
class Group:
    """The entry competed in one of these groups; "" is the only group of a contest."""

    groups: Sequence[str]
    title: Text

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        only = text("唯一组别", "唯一組別", "the only group", "o único grupo")
        found = plain(result.group) if result.group else only
        return RuleCheck("group", self.title, found, result.group in self.groups)


@dataclass(frozen=True, slots=True)
class StandardLevel:
    """The contest was set at this level of the occupational standard."""

    level: str

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        set_at = result.details.get("standard_level", "")
        found = LEVELS.get(set_at, UNKNOWN)
        title = LEVELS[self.level]
        wanted = text(
            f"按{title['zh-Hans']}标准命题", f"按{title['zh-Hant']}標準命題", f"set at {title['en']}", f"prova do {title['pt']}"
        )  # fmt: skip
        return RuleCheck("standard_level", wanted, found, _same(set_at, self.level))


def _same(known: str, wanted: str) -> bool | None:
    return known == wanted if known else None


@dataclass(frozen=True, slots=True)
class Occupation:
    """A level is a level in an occupation."""

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        wanted = text(
            "已指明职业", "已指明職業", "an occupation is named", "está indicada uma profissão"
        )
        found = plain(result.occupation) if result.occupation else UNKNOWN
        return RuleCheck("occupation", wanted, found, True if result.occupation else None)


@dataclass(frozen=True, slots=True)
class Held:
    """The person already holds exactly this level in the contest's occupation."""

    level: str

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        held = _held(result, person)
        title = LEVELS[self.level]
        wanted = text(
            f"已持有{title['zh-Hans']}", f"已持有{title['zh-Hant']}", f"already holds {title['en']}", f"já tem {title['pt']}"
        )  # fmt: skip
        return RuleCheck("held_level", wanted, LEVELS.get(held, UNKNOWN), _same(held, self.level))


@dataclass(frozen=True, slots=True)
class AboveHeld:
    """Nobody is proposed for what he holds already, or for less."""

    grade: str

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        held = _held(result, person)
        wanted = text(
            "高于已持有的等级", "高於已持有的等級", "above the level already held", "acima do nível já obtido"
        )  # fmt: skip
        return RuleCheck(
            "above_held", wanted, LEVELS.get(held, NONE), not held or self.grade < held
        )


def _held(result: ResultFacts, person: str) -> str:
    return result.details.get(f"held_level:{person}", "")


@dataclass(frozen=True, slots=True)
class FromGuangdong:
    """The delegation is one of Guangdong's cities, or the province's own."""

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        city = result.details.get("delegation_city", "")
        wanted = text(
            "广东省代表队",
            "廣東省代表隊",
            "a delegation of Guangdong",
            "uma delegação de Guangdong",
        )
        return RuleCheck(
            "delegation", wanted, plain(city) if city else UNKNOWN, is_guangdong(city) if city else None
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FirstNamed:
    """In an event of two only the first-named main competitor."""

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        wanted = text(
            "双人赛项限排名第一的主力选手", "雙人賽項限排名第一的主力選手", "in an event of two, the first-named", "em provas de dois, o primeiro nomeado"
        )  # fmt: skip
        other = len(result.persons) == 2 and person != result.persons[0]
        return RuleCheck("first_named", wanted, NO if other else YES, not other)


@dataclass(frozen=True, slots=True)
class Employed:
    """An employer is on record for the person."""

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        wanted = text("在职职工", "在職職工", "an employed worker", "um trabalhador empregado")
        known = result.details.get(f"employed:{person}", "") == "yes"
        return RuleCheck("employed", wanted, YES if known else UNKNOWN, True if known else None)


@dataclass(frozen=True, slots=True)
class NotTitled:
    """A title is not granted twice."""

    code: str

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        wanted = text(
            "尚未获得该称号",
            "尚未獲得該稱號",
            "does not hold this title yet",
            "ainda não tem este título",
        )
        has = self.code in result.details.get(f"titles:{person}", "").split()
        held = text("已获得", "已獲得", "already held", "já obtido")
        return RuleCheck("not_titled", wanted, held if has else NONE, not has)


# --- figures that the organiser gives ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedPrize:
    """The prize that the organiser named, or a better one."""

    option: str

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        lowest = _asked(result, self.option)
        if lowest not in PRIZE_TITLES:
            wanted = text("由主办方填写的奖项", "由主辦方填寫的獎項", "a prize that the organiser names", "um prémio indicado pelo organizador")  # fmt: skip
            nothing = lowest == "none"
            return RuleCheck(
                "asked_prize", wanted, NONE if nothing else NOT_SAID, False if nothing else None
            )
        upto = PRIZES_AND_MERIT[: PRIZES_AND_MERIT.index(lowest) + 1]
        return Prize(upto).check(result, person)


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """The number of first places that the organiser named; 0 is nobody."""

    option: str

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        said = _asked(result, self.option)
        if not said.isdecimal():
            wanted = text("由主办方填写的名次", "由主辦方填寫的名次", "a place that the organiser names", "um lugar indicado pelo organizador")  # fmt: skip
            return RuleCheck("asked_place", wanted, NOT_SAID, None)
        return Place(int(said)).check(result, person)


@dataclass(frozen=True, slots=True)
class AskedYes:
    """The organiser confirmed what the published text leaves open."""

    option: str
    wanted: Text

    def check(self, result: ResultFacts, person: str) -> RuleCheck:
        said = _asked(result, self.option)
        found = {"yes": YES, "no": NO}.get(said, NOT_SAID)
        return RuleCheck("asked_yes", self.wanted, found, {"yes": True, "no": False}.get(said))


def _asked(result: ResultFacts, option: str) -> str:
    return result.details.get(f"asked:{option}", "")
