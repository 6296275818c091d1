"""The rules of a contest as fields of one page, and back. Pure; what is wrong the engine says.

A share stands on the page in per cent, a number of prizes as it is. A finding's pointer becomes the name
of the field that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from contests.scoring import rules_findings
from core.scoring.codec import read, to_json
from core.scoring.model import Finding, Rules, Scheme
from core.scoring.numbers import decimal_text, exact, parse_typed, plain_decimal

SPARE = 2
"""Empty lines below those that are filled."""
PRIZES = 6
_WHOLE = ("round_total", "appeal_minutes", "notice_days")
_WORDS = ("tie_policy", "dns", "dnf", "dsq", "void", "lock", "issue_at")
_RECHECK = ("recheck-top", "recheck-sample", "recheck-errors")
_TRIM = ("high", "low", "minimum")
_AWARD_WORDS = ("method", "base", "rounding", "ties", "group", "panel")


def fields_of(rules: Rules, language: str) -> dict[str, str]:
    """What stands in the page's fields."""
    plain = {**_defaults(), **to_json(rules)}
    fields = {name: _shown(plain[name]) for name in (*_WHOLE, *_WORDS, "tie_within")}
    shares = zip(_RECHECK, rules.recheck, strict=True)
    fields |= {name: _per_cent(share) for name, share in shares}
    if rules.recusal_trim is not None:
        fields |= {f"recusal-{end}": str(getattr(rules.recusal_trim, end)) for end in _TRIM}
    for i, tie in enumerate(rules.tie_breaks):
        fields[f"tie-{i}"] = f"{tie.key}:{tie.id}"
        if not tie.descending:
            fields[f"tie-{i}-ascending"] = "yes"
    for i, gate in enumerate(plain.get("gates", [])):
        fields |= {f"gate-{i}-{name}": _shown(gate.get(name)) for name in ("minimum", "top")}
        fields[f"gate-{i}-module"] = f"module:{gate['module']}"
        fields[f"gate-{i}-carried"] = "yes" if gate.get("carried", True) else ""
    for i, award in enumerate(rules.awards):
        fields |= _award_fields(i, award, language)
    return fields


def _award_fields(i: int, award: Any, language: str) -> dict[str, str]:
    at = f"award-{i}"
    fields = {f"{at}-{name}": str(getattr(award, name)) for name in _AWARD_WORDS}
    fields[f"{at}-code"] = award.code
    fields[f"{at}-title"] = award.title.get(language) or next(iter(award.title.values()), "")
    fields[f"{at}-cap"] = "" if award.cap is None else _per_cent(award.cap)
    fields[f"{at}-merit"] = "" if award.merit is None else _per_cent(award.merit)
    fields[f"{at}-within"] = _milli(award.within)
    fields[f"{at}-minimum"] = "" if award.minimum is None else _milli(award.minimum)
    for n, prize in enumerate(award.prizes):
        here = f"{at}-prize-{n}"
        fields[f"{here}-code"] = prize.code
        fields[f"{here}-title"] = prize.title.get(language) or next(iter(prize.title.values()), "")
        share = award.method == "shares"
        fields[f"{here}-amount"] = _per_cent(prize.amount) if share else decimal_text(prize.amount)
    return fields


def read_fields(
    fields: Mapping[str, str], before: Rules, scheme: Scheme, language: str
) -> tuple[Rules | None, list[Finding]]:
    """The rules that were meant, and every finding at its field. What the page does not show (the team
    award, titles of groups) stays as it was."""
    plain: dict[str, Any] = {**_defaults(), **to_json(before)}
    names: dict[str, str] = {}
    found: list[Finding] = []
    for name in _WHOLE:
        plain[name] = _count(fields, name, found, empty=None if name == "round_total" else 0)
    for name in _WORDS:
        plain[name] = fields.get(name, plain[name])
    plain["tie_within"] = _number(fields.get("tie_within", "")) or "0"
    plain["recheck"] = [_share(fields.get(name, "")) or "0" for name in _RECHECK]
    names |= {f"/recheck/{i}": name for i, name in enumerate(_RECHECK)}
    plain["recusal_trim"] = _trim(fields, found)
    names["/recusal_trim/minimum"] = "recusal-minimum"
    plain["tie_breaks"] = _ties(fields, names)
    plain["gates"] = _gates(fields, names, found)
    plain["awards"] = _awards(fields, names, found, to_json(before).get("awards", []), language)
    rules, wrong = read(Rules, plain)
    while wrong:  # the rest is checked beside what can't be read
        found += [_named(finding, names) for finding in wrong]
        if not all(_stand_in(plain, finding.pointer) for finding in wrong):
            break
        rules, wrong = read(Rules, plain)
    if rules is not None:
        said = {finding.pointer for finding in found}
        checked = [_named(finding, names) for finding in rules_findings(scheme, rules)]
        found += [finding for finding in checked if finding.pointer not in said]
    return (None if found else rules), found


def _stand_in(plain: dict[str, Any], pointer: str) -> bool:
    """Takes one unreadable value out; False when there is nothing to take."""
    *path, name = pointer.split("/")[1:]
    here: Any = plain
    for token in path:
        here = here[int(token)] if isinstance(here, list) else here[token]
    if isinstance(here, list):
        here[int(name)] = "0"
    elif name == "amount":
        here[name] = "0"
    elif name == "key":
        here[name] = "unrounded"
    elif name == "method":
        here[name] = "counts"
    else:
        return here.pop(name, None) is not None
    return True


def _named(finding: Finding, names: Mapping[str, str]) -> Finding:
    """The longest known beginning of the pointer says which line it is in."""
    tokens = finding.pointer.split("/")
    for length in range(len(tokens), 1, -1):
        name = names.get("/".join(tokens[:length]))
        if name is not None:
            rest = "".join(f"-{token}" for token in tokens[length:])
            return Finding(f"/{name}{rest}", finding.code, finding.params)
    return finding


def lines(fields: Mapping[str, str], prefix: str) -> list[int]:
    """The numbers of the lines that have anything in them, e.g. of "gate"."""
    found = {
        int(match.group(1))
        for name, value in fields.items()
        if value.strip() and (match := re.fullmatch(rf"{prefix}-(\d{{1,3}})(?:-.+)?", name))
    }
    return sorted(found)


# --- the lines ------------------------------------------------------------------------------------


def _ties(fields: Mapping[str, str], names: dict[str, str]) -> list[dict[str, Any]]:
    ties: list[dict[str, Any]] = []
    for i in lines(fields, "tie"):
        chosen = fields.get(f"tie-{i}", "")
        if not chosen:
            continue
        key, _, id_ = chosen.partition(":")
        names[f"/tie_breaks/{len(ties)}/id"] = names[f"/tie_breaks/{len(ties)}/key"] = f"tie-{i}"
        tie: dict[str, Any] = {"key": key, "id": id_}
        if fields.get(f"tie-{i}-ascending"):
            tie["descending"] = False
        ties.append(tie)
    return ties


def _gates(
    fields: Mapping[str, str], names: dict[str, str], found: list[Finding]
) -> list[dict[str, Any]]:
    gates: list[dict[str, Any]] = []
    for i in lines(fields, "gate"):
        at = f"gate-{i}"
        minimum, top = fields.get(f"{at}-minimum", ""), fields.get(f"{at}-top", "").strip()
        module = fields.get(f"{at}-module", "")
        if not (minimum.strip() or top or module):
            continue
        names[f"/gates/{len(gates)}"] = at
        gate: dict[str, Any] = {
            "module": module.partition(":")[2],
            "carried": bool(fields.get(f"{at}-carried")),
        }
        if minimum.strip():
            gate["minimum"] = _number(minimum)
        if top:
            gate["top"] = _count(fields, f"{at}-top", found)
        gates.append(gate)
    return gates


def _awards(
    fields: Mapping[str, str],
    names: dict[str, str],
    found: list[Finding],
    before: Sequence[Mapping[str, Any]],
    language: str,
) -> list[dict[str, Any]]:
    awards: list[dict[str, Any]] = []
    for i in lines(fields, "award"):
        at = f"award-{i}"
        method = fields.get(f"{at}-method", "")
        if not method:
            continue
        names[f"/awards/{len(awards)}"] = at
        old = before[i] if i < len(before) else {}
        award: dict[str, Any] = {
            "code": fields.get(f"{at}-code", "").strip() or f"award-{i + 1}",
            "title": _text(old, fields.get(f"{at}-title", ""), language),
            **{name: fields[f"{at}-{name}"] for name in _AWARD_WORDS if f"{at}-{name}" in fields},
            "within": _number(fields.get(f"{at}-within", "")) or "0",
        }
        for name in ("cap", "merit"):
            if fields.get(f"{at}-{name}", "").strip():
                award[name] = _share(fields[f"{at}-{name}"])
        if fields.get(f"{at}-minimum", "").strip():
            award["minimum"] = _number(fields[f"{at}-minimum"])
        award["prizes"] = _prizes(fields, at, len(awards), names, old, language)
        awards.append(award)
    return awards


def _prizes(
    fields: Mapping[str, str],
    at: str,
    award: int,
    names: dict[str, str],
    old: Mapping[str, Any],
    language: str,
) -> list[dict[str, Any]]:
    prizes: list[dict[str, Any]] = []
    known = old.get("prizes", [])
    for n in lines(fields, f"{at}-prize"):
        here = f"{at}-prize-{n}"
        title, amount = fields.get(f"{here}-title", ""), fields.get(f"{here}-amount", "")
        if not title.strip() and not amount.strip():
            continue
        names[f"/awards/{award}/prizes/{len(prizes)}"] = here
        share = fields.get(f"{at}-method") == "shares"
        prizes.append(
            {
                "code": fields.get(f"{here}-code", "").strip() or f"prize-{n + 1}",
                "title": _text(known[n] if n < len(known) else {}, title, language),
                "amount": (_share(amount) if share else _number(amount)) or "0",
            }
        )
    return prizes


def _trim(fields: Mapping[str, str], found: list[Finding]) -> dict[str, int] | None:
    if not any(fields.get(f"recusal-{end}", "").strip() for end in _TRIM):
        return None
    return {end: _count(fields, f"recusal-{end}", found) or 0 for end in _TRIM}


def _text(old: Mapping[str, Any], words: str, language: str) -> dict[str, str]:
    title = dict(old.get("title") or {})
    shown = title.get(language) or next(iter(title.values()), "")
    if words.strip() != shown:
        title[language] = words.strip()
    return title or {language: words.strip()}


# --- single values --------------------------------------------------------------------------------


def _defaults() -> dict[str, Any]:
    """`to_json` leaves out what is as it always is; the page shows it."""
    rules = Rules()
    words = {name: str(getattr(rules, name)) for name in _WORDS}
    numbers = {name: getattr(rules, name) for name in _WHOLE}
    return {**words, **numbers, "tie_within": "0"}


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _milli(value: int) -> str:
    return decimal_text(Fraction(value, 1000))


def _per_cent(share: Fraction) -> str:
    return decimal_text(share * 100)


def _number(text: str) -> str:
    """As it was meant; what can't be read stays, and the engine says so."""
    value = parse_typed(text) if text.strip() else None
    return text.strip() if value is None or isinstance(value, Finding) else value.understood


def _share(text: str) -> str:
    """ "30" or "30 %" or "1/3" as a share."""
    plain = text.strip().removesuffix("%").removesuffix("％").strip()
    if "/" in plain:
        return plain
    number = plain_decimal(plain) if plain else None
    return plain if number is None else decimal_text(exact(number) / 100)


def _count(
    fields: Mapping[str, str], name: str, found: list[Finding], empty: int | None = 0
) -> int | None:
    text = fields.get(name, "").strip()
    if not text:
        return empty
    number = plain_decimal(text)
    if number is not None and number.isdecimal() and len(number) < 10:
        return int(number)
    found.append(Finding(f"/{name}", "count-unreadable", {"value": text[:40]}))
    return empty


def rows_to_show(fields: Mapping[str, str], prefix: str, spare: int = SPARE) -> Iterable[int]:
    """The filled lines and a few empty ones."""
    filled = lines(fields, prefix)
    return range((filled[-1] + 1 if filled else 0) + spare)
