"""What changed between two sets of rules, in words. Pure.

The rules are laid out as lines, each at its place ("/awards/individual/prizes/gold/amount"), named as the
page names its fields; awards, prizes and conditions are told apart by their codes, not by their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contests.schemes.words import AWARD_FIELDS, GATE_FIELDS, RULE_FIELDS
from core.scoring.codec import to_json
from core.scoring.model import AwardMethod, AwardRule, Finding, Gate, Prize, Rules
from core.scoring.numbers import decimal_text

_WHOLE = ("team", "group_titles", "leaving")
"""Said to have changed, without the how: the page of the rules does not show them."""


@dataclass(frozen=True, slots=True)
class _Line:
    """of: the name of the award or prize that it belongs to. value: as it is typed or chosen."""

    what: str
    value: str
    of: str = ""
    heads: bool = False
    """It stands for all the lines below its place: they came or went with it."""


def rules_differences(before: Rules, after: Rules) -> list[Finding]:
    """In the order of the page. The pointer is the line's place."""
    old, new = dict(_lines(before)), dict(_lines(after))
    places = list(dict.fromkeys([*new, *old]))
    gone = [at for at in places if at in old and at not in new and old[at].heads]
    came = [at for at in places if at in new and at not in old and new[at].heads]
    found = []
    for at in places:
        if any(at.startswith(f"{head}/") for head in (*gone, *came)):
            continue
        was, now = old.get(at), new.get(at)
        if (was.value if was else "") != (now.value if now else "") or at in (*gone, *came):
            found.append(_said(at, was, now))
    found += [
        Finding(f"/{name}", "rules-detail-changed", {"what": RULE_FIELDS[name]})
        for name in _WHOLE
        if to_json(getattr(before, name)) != to_json(getattr(after, name))
    ]
    return found


def _said(at: str, was: _Line | None, now: _Line | None) -> Finding:
    line = now or was
    assert line is not None
    before, after = was.value if was else "", now.value if now else ""
    params = {"what": line.what}
    if line.heads and not (was and now):
        code = "rules-line-added" if now else "rules-line-removed"
        return Finding(at, code, params | {"name": after or before})
    if not before:
        code, params = "filled", params | {"after": after}
    elif not after:
        code, params = "emptied", params | {"before": before}
    else:
        code, params = "changed", params | {"before": before, "after": after}
    if line.of:
        return Finding(at, f"rules-part-{code}", params | {"of": line.of})
    return Finding(at, f"rules-{code}", params)


def _lines(rules: Rules) -> Iterable[tuple[str, _Line]]:
    values = {
        **{f"recheck/{i}": _per_cent(share) for i, share in enumerate(rules.recheck)},
        **_trim_of(rules),
        "tie_within": _points(rules.tie_within),
    }
    for name, words in RULE_FIELDS.items():
        if name == "tie_breaks":
            yield from _ties(rules)
        elif name not in _WHOLE:
            value = values[name] if name in values else _text(getattr(rules, name))
            yield f"/{name}", _Line(words, value)
    for gate in rules.gates:
        yield from _gate(gate)
    for award in rules.awards:
        yield from _award(award)


def _trim_of(rules: Rules) -> Mapping[str, str]:
    trim = rules.recusal_trim
    return {
        f"recusal_trim/{end}": "" if trim is None else str(getattr(trim, end))
        for end in ("high", "low", "minimum")
    }


def _ties(rules: Rules) -> Iterable[tuple[str, _Line]]:
    for i, tie in enumerate(rules.tie_breaks):
        value = f"{tie.key}:{tie.id}" + ("" if tie.descending else ":ascending")
        yield f"/tie_breaks/{i}", _Line(RULE_FIELDS["tie_breaks"], value)


def _gate(gate: Gate) -> Iterable[tuple[str, _Line]]:
    at = f"/gates/{gate.module}"
    yield at, _Line(GATE_FIELDS["module"], gate.module, heads=True)
    minimum = "" if gate.minimum is None else _points(gate.minimum)
    values = {"minimum": minimum, "top": _text(gate.top), "carried": _text(gate.carried)}
    for name, value in values.items():
        yield f"{at}/{name}", _Line(GATE_FIELDS[name], value, of=gate.module)


def _award(award: AwardRule) -> Iterable[tuple[str, _Line]]:
    at, title = f"/awards/{award.code}", _title(award.title, award.code)
    yield at, _Line(AWARD_FIELDS["title"], title, heads=True)
    values = {
        "method": str(award.method),
        "base": str(award.base),
        "minimum": "" if award.minimum is None else _points(award.minimum),
        "cap": _per_cent(award.cap),
        "merit": _per_cent(award.merit),
        "rounding": award.rounding,
        "ties": award.ties,
        "within": _points(award.within),
        "group": award.group,
        "panel": award.panel,
    }
    for name, value in values.items():
        yield f"{at}/{name}", _Line(AWARD_FIELDS[name], value, of=title)
    for prize in award.prizes:
        yield from _prize(award, prize, f"{at}/prizes/{prize.code}", title)


def _prize(award: AwardRule, prize: Prize, at: str, of: str) -> Iterable[tuple[str, _Line]]:
    title = _title(prize.title, prize.code)
    yield at, _Line(AWARD_FIELDS["prize"], title, of=of, heads=True)
    share = award.method is AwardMethod.SHARES
    amount = f"{_per_cent(prize.amount)} %" if share else decimal_text(prize.amount)
    yield f"{at}/amount", _Line(AWARD_FIELDS["amount"], amount, of=f"{of}, {title}")


def _title(text: Mapping[str, str], code: str) -> str:
    """In every language in which it is written, so that no change of a name goes unsaid."""
    return " / ".join(dict.fromkeys(words for words in text.values() if words)) or code


def _points(milli: int) -> str:
    return decimal_text(Fraction(milli, 1000))


def _per_cent(share: Fraction | None) -> str:
    return "" if share is None else decimal_text(share * 100)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
