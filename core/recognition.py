"""PURE: the certificates of partners that one test is recognised for (一试多证). Which of them fit a contest,
and what has to hold before somebody is proposed for one. Nothing here grants, and no level of one
partner is turned into a level of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from core.events import Output, ResultFacts
from core.options import text
from core.partner import PartnerOutput, PartnerRules, ProposalDraft, RuleCheck, RuleVerdict
from core.scoring.model import Text

PARTNER = "partner"
"""Kind of an `Output` and of a proposal."""
UNKNOWN = text("不详", "不詳", "not known", "não se sabe")
NO_DOCUMENT = text(
    "没有证件记录", "沒有證件記錄", "no document on record", "nenhum documento registado"
)


def unfit(output: PartnerOutput, *, occupation: str, contest_class: str, day: str) -> str:
    """Why a contest can't be recognised for it: "held", "occupation", "class" or "day"; "" when it can."""
    if output.basis != "test":
        return "held"
    if output.occupations and occupation not in output.occupations:
        return "occupation"
    if output.classes and contest_class not in output.classes:
        return "class"
    return "" if _in_force(output, day) else "day"


def _in_force(output: PartnerOutput, day: str) -> bool:
    """A day that is not known is within no bounds."""
    bounded = output.valid_from or output.valid_until
    until = output.valid_until or day
    return not bounded or (bool(day) and output.valid_from <= day <= until)


def titled(output: PartnerOutput, level: str) -> Text:
    """As it is printed: with the level, in the issuer's own words."""
    words = next((one.title for one in output.levels if one.code == level), {})
    return {
        language: " ".join(part for part in (title, words.get(language, "")) if part)
        for language, title in output.title.items()
    }


def verdicts(
    partner: PartnerRules, result: ResultFacts, documents: Mapping[str, Text]
) -> list[RuleVerdict]:
    """Every certificate that the contest is recognised for held against every person of the entry.
    documents: titles of the kinds of identity documents."""
    return [
        _verdict(partner, output, level, result, person, documents)
        for output, level in _recognised(partner, result)
        for person in result.persons
    ]


def drafts(
    partner: PartnerRules, result: ResultFacts, documents: Mapping[str, Text]
) -> list[ProposalDraft]:
    """One for each person and certificate; each is its own body's to decide."""
    return [
        _draft(output, level, result, verdict)
        for output, level in _recognised(partner, result)
        for person in result.persons
        if (verdict := _verdict(partner, output, level, result, person, documents)).proposes
    ]


def _recognised(partner: PartnerRules, result: ResultFacts) -> Iterator[tuple[PartnerOutput, str]]:
    """With the level that the organiser proposes, "" when its issuer is to state it. Nothing for an
    unranked entry."""
    declared: Mapping[str, Output] = {
        one.code: one for one in result.outputs if one.kind == PARTNER and result.rank is not None
    }
    for output in partner.outputs():
        if output.code in declared:
            yield output, declared[output.code].grade


def _draft(
    output: PartnerOutput, level: str, result: ResultFacts, verdict: RuleVerdict
) -> ProposalDraft:
    return ProposalDraft(
        kind=PARTNER,
        code=output.code,
        grade=level,
        title=verdict.title,
        authority=output.issuer,
        issuer="",
        occupation=result.occupation,
        clause=output.eligibility,
        source=output.source,
        rules_version=verdict.pack,
        person=verdict.person,
        output=output,
    )


def _verdict(
    partner: PartnerRules,
    output: PartnerOutput,
    level: str,
    result: ResultFacts,
    person: str,
    documents: Mapping[str, Text],
) -> RuleVerdict:
    return RuleVerdict(
        code=output.code,
        kind=PARTNER,
        grade=level,
        title=titled(output, level),
        authority=output.issuer,
        clause=output.eligibility,
        source=output.source,
        pack=f"{partner.code} {partner.version}",
        valid_from=output.valid_from,
        valid_until=output.valid_until,
        person=person,
        checks=tuple(_checks(output, result, person, documents)),
    )


# --- what has to hold --------------------------------------------------------------------------


def _checks(
    output: PartnerOutput, result: ResultFacts, person: str, documents: Mapping[str, Text]
) -> Iterator[RuleCheck]:
    yield RuleCheck("recognised", _RECOGNISED, _BY_ORGANISER, True)
    if output.valid_from or output.valid_until:
        yield _days(output, result.held_on)
    if output.occupations:
        yield _among("occupation", output.occupations, result.occupation)
    if output.classes:
        yield _among("class", output.classes, result.contest_class)
    if least := result.details.get(f"minimum:{output.code}", ""):
        yield _points(least, result.total)
    if output.documents:
        shown = result.details.get(f"documents:{person}", "").split()
        yield _document(output.documents, shown, documents)


_RECOGNISED = text(
    "本次考核获其认可", "本次考核獲其認可", "the test is recognised for it", "a prova é reconhecida"
)
_BY_ORGANISER = text(
    "主办方已选定", "主辦方已選定", "chosen by the organiser", "escolhido pelo organizador"
)


def _days(output: PartnerOutput, day: str) -> RuleCheck:
    start, end = output.valid_from, output.valid_until
    wanted = text(
        f"{start}至{end}" if end else f"{start}起",
        f"{start}至{end}" if end else f"{start}起",
        " ".join(part for part in (start and f"from {start}", end and f"until {end}") if part),
        " ".join(part for part in (start and f"desde {start}", end and f"até {end}") if part),
    )
    return RuleCheck(
        "in_force", wanted, _plain(day) or UNKNOWN, _in_force(output, day) if day else None
    )


def _among(code: str, wanted: Sequence[str], found: str) -> RuleCheck:
    listed = {language: ", ".join(wanted) for language in ("en", "pt")}
    listed |= {language: "、".join(wanted) for language in ("zh-Hans", "zh-Hant")}
    return RuleCheck(code, listed, _plain(found) or UNKNOWN, found in wanted if found else None)


def _points(least: str, total: str) -> RuleCheck:
    wanted = text(
        f"不低于{least}分",
        f"不低於{least}分",
        f"at least {least} points",
        f"pelo menos {least} pontos",
    )
    met = Fraction(total) >= Fraction(least) if total else None
    return RuleCheck("score", wanted, _plain(total) or UNKNOWN, met)


def _document(
    wanted: Sequence[str], shown: Sequence[str], documents: Mapping[str, Text]
) -> RuleCheck:
    """Somebody without any document on record may have one: that is not known."""
    found = _either(shown, documents) if shown else NO_DOCUMENT
    met = bool(set(wanted) & set(shown)) if shown else None
    return RuleCheck("document", _either(wanted, documents), found, met)


def _either(kinds: Sequence[str], documents: Mapping[str, Text]) -> Text:
    titles = [documents.get(kind) or _plain(kind) for kind in kinds]
    marks = {"zh-Hans": "、", "zh-Hant": "、", "en": ", ", "pt": ", "}
    return {
        language: mark.join(title.get(language, "") for title in titles)
        for language, mark in marks.items()
    }


def _plain(value: str) -> Text:
    """A figure or code, the same in every language; nothing of nothing."""
    return text(*[value] * 4) if value else {}
