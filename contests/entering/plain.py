"""Tables that are not entrants: delegations of a competition, judges and staff of a contest. A row
is one thing, known again by its code or login. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.entering import names
from contests.entering.cells import narrow
from contests.entering.checked import CHANGED, NEW, SAME, Change, Checked, Row
from contests.entering.draft import Draft, Line
from contests.entering.known import Known, KnownEntry
from contests.entering.members import delegation_spellings
from contests.entering.names import folded
from core.scoring.model import Finding
from core.web.i18n import LANGUAGES, translate

ROLES: Mapping[str, tuple[str, ...]] = {
    "judge": ("裁判员", "裁判", "评委", "评审", "Judge", "Juiz"),
    "group_leader": ("组长", "裁判组长", "小组长", "评委组长", "Group leader", "Chefe de grupo"),
    "chief_referee": ("裁判长", "总裁判长", "Chief referee", "Árbitro principal"),
    "encryption_officer": ("加密裁判", "加密员", "加密人员", "Encryption officer", "Responsável pela codificação"),
    "supervisor": ("监督员", "监督", "监督仲裁", "监督人员", "Supervisor"),
    "arbitration": ("仲裁员", "仲裁", "仲裁裁判", "Arbitration", "Arbitragem"),
    "clerk": ("录入员", "工作人员", "记录员", "统计员", "检录员", "Clerk", "Escriturário"),
    "taster": ("品鉴官", "品评员", "试吃员", "大众评审", "Taster", "Provador"),
    "time_keeper": ("计时员", "计时裁判", "Time keeper", "Cronometrista"),
}  # fmt: skip
_LANGUAGES = {"中文": "zh-Hans", "简体": "zh-Hans", "简体中文": "zh-Hans", "zhhans": "zh-Hans",
              "繁体": "zh-Hant", "繁体中文": "zh-Hant", "zhhant": "zh-Hant", "英文": "en", "英语": "en",
              "english": "en", "en": "en", "葡文": "pt", "葡语": "pt", "portugues": "pt", "pt": "pt"}  # fmt: skip
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Plain:
    """One row that would be written. id: of what is on record, None for something new."""

    kind: str
    line: int
    values: Mapping[str, Any]
    id: UUID | None = None
    changes: Sequence[Change] = ()

    @property
    def lines(self) -> list[int]:
        return [self.line]


@dataclass(frozen=True, slots=True)
class KnownStaff:
    """accounts: login -> (id, label). appointed: (account, role, panel) of this contest."""

    accounts: Mapping[str, tuple[UUID, str]] = field(default_factory=dict)
    appointed: frozenset[tuple[UUID, str, str]] = frozenset()
    seats: Mapping[str, UUID] = field(default_factory=dict)
    modules: Sequence[str] = ()
    delegations: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class CheckedPlain(Checked):
    plain: Sequence[Plain] = ()

    @property
    def good_plain(self) -> list[Plain]:
        wrong = self.wrong
        return [one for one in self.plain if one.line not in wrong]

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.good_plain)


def check_delegations(draft: Draft, known: Known, cities: Mapping[str, str]) -> CheckedPlain:
    """cities: folded spelling -> code."""

    def read(line: Line, findings: list[Finding]) -> Plain:
        title, wrong = names.tidy(line.get("title"))
        findings += [
            Finding("title", f.code, f.params) for f in wrong if f.code != "people-name-sign"
        ]
        if not title:
            findings.append(Finding("title", "people-name-missing", {}))
        code = narrow(line.get("code"))
        if code and not _CODE.fullmatch(code):
            findings.append(Finding("code", "people-code-malformed", {}))
        words = folded(line.get("city"))
        city = cities.get(words) or cities.get(words.removesuffix("市"), "")
        if line.get("city").strip() and not city:
            findings.append(Finding("city", "people-city-unknown", {"city": line.get("city")[:40]}))
        id_ = next((d for d, c in known.delegation_codes.items() if code and c == code), None)
        id_ = id_ or delegation_spellings(known).get(folded(title))
        text = {"zh-Hans": title}
        for column, language in (("title_hant", "zh-Hant"), ("title_en", "en"), ("title_pt", "pt")):
            if line.get(column).strip():
                text[language] = line.get(column).strip()[:200]
        changes = _delegation_changes(line, id_, text, city, known) if id_ else []
        kind = NEW if id_ is None else CHANGED if changes else SAME
        values = {"code": code or folded(title)[:40], "title": text, "city": city}
        return Plain(kind, line.number, values, id_, changes)

    def keys(one: Plain) -> list[tuple[str, str]]:
        return [("code", one.values["code"]), ("title", folded(one.values["title"]["zh-Hans"]))]

    checked = checked_plain(draft, read, keys)
    named = {one.id for one in checked.plain}
    missing_titles = [d for d in known.delegations if d not in named]
    return CheckedPlain(
        checked.rows, (), [_as_entry(d, known) for d in missing_titles], checked.plain
    )


def check_staff(draft: Draft, known: KnownStaff) -> CheckedPlain:
    roles = _role_spellings()

    def read(line: Line, findings: list[Finding]) -> Plain:
        label, wrong = names.tidy(line.get("label"))
        findings += [
            Finding("label", f.code, f.params) for f in wrong if f.code != "people-name-sign"
        ]
        if not label:
            findings.append(Finding("label", "people-name-missing", {}))
        role = roles.get(folded(line.get("role")), "" if line.get("role").strip() else "judge")
        if not role:
            params = {"found": line.get("role")[:30], "needed": " / ".join(map(role_words, ROLES))}
            findings.append(Finding("role", "people-role-unknown", params))
        login = narrow(line.get("login")).casefold()
        if login and not _LOGIN.fullmatch(login):
            findings.append(Finding("login", "people-login-malformed", {}))
        if not login:
            findings.append(Finding("login", "people-login-missing", {}))
        language = _LANGUAGES.get(folded(line.get("language")), "")
        if line.get("language").strip() and not language:
            findings.append(Finding("language", "people-language-unknown-warning", {}))
        modules = [m for m in re.split(r"[\s,，、;；/]+", line.get("modules")) if m]
        for module in modules:
            if module not in known.modules:
                params = {"module": module[:40], "known": ", ".join(known.modules)}
                findings.append(Finding("modules", "people-module-unknown", params))
        seat = narrow(line.get("seat")).upper()[:12]
        account, _ = known.accounts.get(login, (None, ""))
        if seat and known.seats.get(seat) not in (None, account):
            findings.append(Finding("seat", "people-seat-taken", {"seat": seat}))
        values = {
            "label": label,
            "login": login,
            "role": role,
            "panel": line.get("panel").strip()[:40] or "referees",
            "group": line.get("group").strip()[:40],
            "modules": modules,
            "seat": seat,
            "language": language,
            "interests": _interests(line, known, findings),
        }
        appointed = account is not None and (account, role, values["panel"]) in known.appointed
        return Plain(CHANGED if appointed else NEW, line.number, values, account)

    def keys(one: Plain) -> list[tuple[str, str]]:
        duty = f"{one.values['login']}|{one.values['role']}|{one.values['panel']}"
        return [("login", duty), ("seat", one.values["seat"])]

    return checked_plain(draft, read, keys)


def role_words(role: str) -> str:
    """The msgid of a duty."""
    return "time-keeper" if role == "time_keeper" else role.replace("_", " ")


def _role_spellings() -> dict[str, str]:
    found = {folded(word): role for role, words in ROLES.items() for word in (*words, role)}
    for role in ROLES:
        for language in LANGUAGES:
            found.setdefault(folded(translate(role_words(role), language)), role)
    return found


def checked_plain(
    draft: Draft,
    read: Callable[[Line, list[Finding]], Plain],
    keys: Callable[[Plain], list[tuple[str, str]]],
) -> CheckedPlain:
    rows, plain = [], []
    seen: dict[tuple[str, str], int] = {}
    for line in draft.lines():
        if line.left_out:
            rows.append(Row(line, ()))
            continue
        findings = list(line.findings)
        one = read(line, findings)
        for code, key in keys(one):
            first = seen.setdefault((code, key), line.number) if key.strip("|") else line.number
            if first != line.number:
                findings.append(Finding(code, "people-row-twice", {"row": str(first)}))
        if line.hidden:
            findings.append(Finding("", "people-row-hidden-warning", {}))
        rows.append(Row(line, findings, one.kind, one.changes))
        plain.append(one)
    return CheckedPlain(rows, (), (), plain)


def _delegation_changes(
    line: Line, id_: UUID, text: Mapping[str, str], city: str, known: Known
) -> list[Change]:
    old = known.delegations[id_]
    columns = {"zh-Hans": "title", "zh-Hant": "title_hant", "en": "title_en", "pt": "title_pt"}
    changes = [
        Change(line.number, columns[language], old.get(language, ""), words)
        for language, words in text.items()
        if old.get(language, "") != words
    ]
    if city and city != known.delegation_cities.get(id_, ""):
        changes.append(Change(line.number, "city", known.delegation_cities.get(id_, ""), city))
    return changes


def _as_entry(delegation: UUID, known: Known) -> KnownEntry:
    return KnownEntry(delegation, (), team=known.delegations[delegation])


def _interests(line: Line, known: KnownStaff, findings: list[Finding]) -> dict[str, Any]:
    """What conflicts of interest are compared by."""
    found: dict[str, Any] = {
        code: line.get(code).strip()[:100]
        for code in ("employer", "school")
        if line.get(code).strip()
    }
    spellings = delegation_spellings(known.delegations)
    near = []
    for words in re.split(r"[,，、;；/]+", line.get("delegations")):
        if not words.strip():
            continue
        if id_ := spellings.get(folded(words)):
            near.append(str(id_))
        else:
            findings.append(
                Finding("delegations", "people-delegation-unknown", {"found": words[:40]})
            )
    return {**found, "delegation": near} if near else found
