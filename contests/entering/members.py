"""One row of a table of entrants, read: every value understood, everything wrong with it at once. Pure.

Numbers of documents appear in no finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from contests.entering import names, values
from contests.entering.cells import narrow
from contests.entering.draft import Line
from contests.entering.known import Document, Known
from contests.entering.names import folded
from contests.entrants import normalised
from core.partner import PartnerRules
from core.scoring.model import Finding

FACTS = (
    "romanised", "gender", "birth_date", "employer", "school", "occupation", "held_level", "titles",
    "trainer", "phone", "email",
)  # fmt: skip
PERMIT = "home_return_permit"
_WITH_BIRTH = frozenset({"mainland_id", "residence_permit"})
_PARSED = {
    "gender": values.gender,
    "birth_date": values.day,
    "held_level": values.level,
    "phone": values.phone,
    "email": values.email,
}
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A row as it is understood. findings: pointer = the field. delegation: None = none or unknown;
    new_delegation: a name that nobody knows yet."""

    line: int
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[Document] = ()
    shown: Sequence[tuple[str, str]] = ()
    """The documents as typed, which the partners check again when they are written."""
    number: str = ""
    group: str = ""
    team: str = ""
    delegation: UUID | None = None
    new_delegation: str = ""
    reserve: bool = False
    given: frozenset[str] = frozenset()
    """Fields that the table has at all: others stay as they are on record."""
    findings: Sequence[Finding] = ()


def read_member(line: Line, known: Known, *, add_delegations: bool) -> Member:
    findings = list(line.findings)
    lost = {f.pointer for f in findings if not f.is_warning}
    name, wrong = names.tidy(line.get("name"))
    findings += [Finding("name", f.code, f.params) for f in wrong]
    if not name:
        findings.append(Finding("name", "people-name-missing", {}))
    facts = _facts(line, findings)
    documents, shown = _documents(line, known.partners, findings, lost)
    _agree(facts, documents, findings)
    delegation, new = _delegation(line.get("delegation"), known, add_delegations, findings)
    group, _ = values.group(line.get("group"))
    if group and known.groups and group not in known.groups:
        params = {"group": group, "known": ", ".join(known.groups)}
        findings.append(Finding("group", "people-group-unknown", params))
    reserve, unread = values.yes(line.get("reserve"))
    if unread:
        findings.append(Finding("reserve", unread, {"found": line.get("reserve")[:20]}))
    return Member(
        line=line.number,
        name=name,
        facts=facts,
        documents=documents,
        shown=shown,
        number=narrow(line.get("number"))[:40],
        group=group,
        team=line.get("team").strip()[:100],
        delegation=delegation,
        new_delegation=new,
        reserve=bool(reserve),
        given=frozenset(line.values),
        findings=findings,
    )


def _facts(line: Line, findings: list[Finding]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for code in FACTS:
        words = line.get(code).strip()
        if not words:
            continue
        if code == "titles":
            facts[code] = values.titles(words)
        elif code in _PARSED:
            value, wrong = _PARSED[code](words)
            if wrong:
                findings.append(Finding(code, wrong, {"found": words[:30], "understood": value}))
            facts[code] = value
        else:
            facts[code] = words[:_LONGEST_FACT]
    findings += [
        Finding("romanised", f.code, f.params) for f in names.latin(facts.get("romanised", ""))
    ]
    return {key: value for key, value in facts.items() if value}


def _documents(
    line: Line, partners: Sequence[PartnerRules], findings: list[Finding], lost: set[str]
) -> tuple[list[Document], list[tuple[str, str]]]:
    shown: list[tuple[str, str]] = []
    number = narrow(line.get("document_number"))
    if number and "document_number" not in lost:
        kind = document_kind(line.get("document_kind"), partners)
        if line.get("document_kind") and not kind:
            titles = [t for p in partners for d in p.documents() for t in [d.title["zh-Hans"]]]
            params = {"known": "、".join(dict.fromkeys(titles))}
            findings.append(Finding("document_kind", "people-document-kind-unknown", params))
        elif not kind and not (kind := guessed_kind(number, partners)):
            findings.append(Finding("document_number", "people-document-unrecognised", {}))
        if kind:
            shown.append((kind, number))
            findings += _check(kind, number, "document_number", partners)
    elif line.get("document_kind") and not number and "document_number" not in lost:
        findings.append(Finding("document_number", "people-document-missing-warning", {}))
    permit = narrow(line.get("permit_number"))
    if permit and "permit_number" not in lost:
        shown.append((PERMIT, permit))
        findings += _check(PERMIT, permit, "permit_number", partners)
    documents = [(kind, normalised(kind, words, partners)) for kind, words in shown]
    return documents, shown


def document_kind(words: str, partners: Sequence[PartnerRules]) -> str:
    """The code of a kind that somebody named in any language, "" for none or an unknown one."""
    wanted = folded(words)
    spellings = {
        folded(spelling): one.code
        for partner in partners
        for one in partner.documents()
        for spelling in (one.code, *one.title.values())
    }
    exact = spellings.get(wanted) or _SHORT.get(wanted)
    if exact or len(wanted) < 3:
        return exact or ""
    within = [s for s in spellings if s in wanted]
    longer = {spellings[s] for s in spellings if wanted in s}
    if within:
        return spellings[max(within, key=len)]
    return longer.pop() if len(longer) == 1 else ""


_SHORT = {
    folded(short): code
    for code, words in {
        "mainland_id": ("身份证", "二代身份证", "内地身份证", "大陆身份证", "ID"),
        "hkid": ("香港居民身份证", "HKID"),
        "macao_bir": ("澳门身份证", "BIR"),
        PERMIT: ("回乡证", "通行证", "港澳通行证", "港澳台居民来往内地通行证"),
        "residence_permit": ("居住证", "港澳台居民居住证"),
    }.items()
    for short in words
}


def guessed_kind(number: str, partners: Sequence[PartnerRules]) -> str:
    """The only kind whose check the number passes; "" when there are several or none."""
    kinds = dict.fromkeys(d.code for partner in partners for d in partner.documents())
    fitting = [kind for kind in kinds if not _check(kind, number, "", partners)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting or len(number) != 18:
        return ""
    return "residence_permit" if number[:2] in ("81", "82", "83") else "mainland_id"


def _check(kind: str, number: str, pointer: str, partners: Sequence[PartnerRules]) -> list[Finding]:
    rules = next((p for p in partners if any(d.code == kind for d in p.documents())), None)
    found = rules.check_document(kind, number) if rules else []
    return [Finding(pointer, f.code, f.params) for f in found]


def _agree(facts: dict[str, Any], documents: Sequence[Document], findings: list[Finding]) -> None:
    """Date of birth and gender against the identity number, which fills in what is missing."""
    number = next((n for kind, n in documents if kind in _WITH_BIRTH and len(n) == 18), "")
    if not number[:17].isdigit():
        return
    born, wrong = values.day(number[6:14])
    if wrong:
        return
    gender = "m" if int(number[16]) % 2 else "f"
    if facts.get("birth_date") and facts["birth_date"] != born:
        findings.append(Finding("birth_date", "people-birth-differs", {}))
    if facts.get("gender") and facts["gender"] != gender:
        findings.append(Finding("gender", "people-gender-differs-warning", {}))
    facts.setdefault("birth_date", born)
    facts.setdefault("gender", gender)


def _delegation(
    words: str, known: Known, add: bool, findings: list[Finding]
) -> tuple[UUID | None, str]:
    wanted = folded(words)
    if not wanted:
        return None, ""
    spellings = delegation_spellings(known)
    if wanted in spellings:
        return spellings[wanted], ""
    if add:
        return None, words.strip()[:100]
    near = get_close_matches(wanted, spellings, 1, 0.5)
    title = known.delegations[spellings[near[0]]] if near else {}
    params = {"found": words[:40], "near": title.get("zh-Hans") or next(iter(title.values()), "")}
    code = "people-delegation-near" if near else "people-delegation-unknown"
    findings.append(Finding("delegation", code, params if near else {"found": words[:40]}))
    return None, ""


def delegation_spellings(known: Known) -> dict[str, UUID]:
    """Every way to name a delegation; 代表队 at the end makes no difference."""
    found: dict[str, UUID] = {}
    for id_, title in known.delegations.items():
        spellings = {folded(t) for t in title.values()} | {
            folded(known.delegation_codes.get(id_, ""))
        }
        for one in spellings:
            for spelling in (
                one,
                one.removesuffix("代表队"),
                one.removesuffix("队"),
                one + "代表队",
                one.removesuffix("市"),
                one + "市",
            ):
                if spelling:
                    found.setdefault(spelling, id_)
    return found
