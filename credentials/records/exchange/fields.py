"""PURE: what a line of a list says, by kind of record: its columns in four languages, and the same as JSON
Schema (docs/schemas/records.json, written by `python -m credentials.records.exchange.fields docs/schemas`)."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.skill_levels import ALL_LEVELS

FORMAT = "jiangxin-records-1"
RESULTS, HONOURS, LEVELS = KINDS = ("results", "honours", "levels")
WHO = ("name", "document_kind", "document", "certificate", "person")
FIELDS: Mapping[str, Sequence[str]] = {
    RESULTS: (*WHO, "contest", "year", "occupation", "place", "prize", "paper"),
    HONOURS: (
        *WHO, "honour", "city", "authority_document", "granted_on", "link", "hash", "state", "withdrawn_on",
        "reason", "withdrawal_document", "paper",
    ),
    LEVELS: (
        *WHO, "occupation", "level", "number", "granted_on", "issuer", "source", "link", "hash", "paper",
    ),
}  # fmt: skip
NEEDED: Mapping[str, Sequence[str]] = {
    RESULTS: ("name", "contest", "year"),
    HONOURS: ("name", "honour", "authority_document", "granted_on"),
    LEVELS: ("name", "occupation", "level", "number", "granted_on", "issuer"),
}
"""Columns without which a list is of no kind."""
DETAILS = ("person", "state", "withdrawn_on", "reason", "withdrawal_document", "paper")
"""What only a file of another installation says; the empty table leaves it out."""
TITLES: Mapping[str, Mapping[str, str]] = {
    RESULTS: {"zh-Hans": "竞赛成绩", "zh-Hant": "競賽成績", "en": "Results", "pt": "Resultados"},
    HONOURS: {"zh-Hans": "荣誉", "zh-Hant": "榮譽", "en": "Honours", "pt": "Distinções"},
    LEVELS: {"zh-Hans": "技能等级", "zh-Hant": "技能等級", "en": "Levels", "pt": "Níveis"},
}
"""Of the sheets of a workbook."""
HEADINGS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "name": {"zh-Hans": ("姓名", "单位名称", "获得者"), "zh-Hant": ("姓名", "單位名稱", "獲得者"), "en": ("Name", "Holder"), "pt": ("Nome", "Titular")},
    "document_kind": {"zh-Hans": ("证件类型",), "zh-Hant": ("證件類型",), "en": ("Kind of document",), "pt": ("Tipo de documento",)},
    "document": {"zh-Hans": ("证件号码", "证件号", "身份证号", "身份证号码"), "zh-Hant": ("證件號碼", "證件號"), "en": ("Document number",), "pt": ("Número do documento",)},
    "certificate": {"zh-Hans": ("本平台证书编号",), "zh-Hant": ("本平台證書編號",), "en": ("Certificate here",), "pt": ("Certificado daqui",)},
    "person": {"zh-Hans": ("人员代号",), "zh-Hant": ("人員代號",), "en": ("Person",), "pt": ("Pessoa",)},
    "contest": {"zh-Hans": ("竞赛名称", "竞赛"), "zh-Hant": ("競賽名稱", "競賽"), "en": ("Contest",), "pt": ("Prova", "Concurso")},
    "year": {"zh-Hans": ("年份", "年度"), "zh-Hant": ("年份", "年度"), "en": ("Year",), "pt": ("Ano",)},
    "occupation": {"zh-Hans": ("职业或项目", "职业编码", "职业", "项目", "工种"), "zh-Hant": ("職業或項目", "職業編碼", "職業", "項目", "工種"), "en": ("Occupation or event", "Occupation", "Event"), "pt": ("Profissão ou modalidade", "Profissão")},
    "place": {"zh-Hans": ("名次",), "zh-Hant": ("名次",), "en": ("Place",), "pt": ("Lugar",)},
    "prize": {"zh-Hans": ("奖项", "等次"), "zh-Hant": ("獎項", "等次"), "en": ("Prize",), "pt": ("Prémio",)},
    "honour": {"zh-Hans": ("荣誉名称", "荣誉", "荣誉称号"), "zh-Hant": ("榮譽名稱", "榮譽", "榮譽稱號"), "en": ("Honour",), "pt": ("Distinção",)},
    "city": {"zh-Hans": ("城市", "地市"), "zh-Hant": ("城市", "地市"), "en": ("City",), "pt": ("Cidade",)},
    "authority_document": {"zh-Hans": ("文号", "发文字号"), "zh-Hant": ("文號", "發文字號"), "en": ("Authority's document",), "pt": ("Documento da autoridade",)},
    "granted_on": {"zh-Hans": ("授予日期", "发证日期", "日期"), "zh-Hant": ("授予日期", "發證日期", "日期"), "en": ("Granted on",), "pt": ("Concedido em",)},
    "link": {"zh-Hans": ("证明链接",), "zh-Hant": ("證明連結",), "en": ("Link to the evidence",), "pt": ("Ligação para o comprovativo",)},
    "hash": {"zh-Hans": ("证明文件 SHA-256",), "zh-Hant": ("證明檔案 SHA-256",), "en": ("SHA-256 of the evidence",), "pt": ("SHA-256 do comprovativo",)},
    "state": {"zh-Hans": ("状态",), "zh-Hant": ("狀態",), "en": ("State",), "pt": ("Estado",)},
    "withdrawn_on": {"zh-Hans": ("撤销日期",), "zh-Hant": ("撤銷日期",), "en": ("Withdrawn on",), "pt": ("Retirada em",)},
    "reason": {"zh-Hans": ("撤销原因",), "zh-Hant": ("撤銷原因",), "en": ("Reason of the withdrawal",), "pt": ("Motivo da retirada",)},
    "withdrawal_document": {"zh-Hans": ("撤销文号",), "zh-Hant": ("撤銷文號",), "en": ("Document of the withdrawal",), "pt": ("Documento da retirada",)},
    "level": {"zh-Hans": ("技能等级", "职业技能等级", "等级"), "zh-Hant": ("技能等級", "職業技能等級", "等級"), "en": ("Skill level", "Level"), "pt": ("Nível de competência", "Nível")},
    "number": {"zh-Hans": ("证书编号", "证书号"), "zh-Hant": ("證書編號", "證書號"), "en": ("Certificate number",), "pt": ("Número do certificado",)},
    "issuer": {"zh-Hans": ("发证机构", "评价机构"), "zh-Hant": ("發證機構", "評價機構"), "en": ("Certified by",), "pt": ("Certificado por",)},
    "source": {"zh-Hans": ("依据",), "zh-Hant": ("依據",), "en": ("Source",), "pt": ("Fonte",)},
    "paper": {"zh-Hans": ("来自纸质名单",), "zh-Hant": ("來自紙本名單",), "en": ("From paper",), "pt": ("De papel",)},
}  # fmt: skip
"""Field -> its headings; the first in each language stands in the tables that are made here."""
_SAID: Mapping[str, str] = {
    "name": "as it stands in the identity document; of a unit, team or studio its name",
    "document_kind": "code of the kind of document, where the number alone does not tell it",
    "document": "number of an identity document; never written by an export",
    "certificate": "number of a certificate of this platform",
    "person": "what the person is called in files of this body; says nothing of the person",
    "contest": "name of the contest",
    "year": "in which it was held, four digits",
    "occupation": "code of the occupation (4-03-02-03); of a result also the name of its event",
    "place": "a whole number from 1",
    "prize": "as the list has it",
    "honour": "code of the honour in docs/records/honours.md, or its title",
    "city": "code of the city, six digits, or its name",
    "authority_document": "number of the document by which the authority granted it",
    "granted_on": "day, YYYY-MM-DD",
    "link": "https address of the evidence",
    "hash": "SHA-256 of the evidence's file, 64 characters 0-9 and a-f",
    "state": "granted where nothing is said",
    "withdrawn_on": "day, YYYY-MM-DD, of one that is withdrawn",
    "reason": "of the withdrawal; names nobody",
    "withdrawal_document": "number of the document by which the authority withdrew it",
    "level": "code of the level",
    "number": "of the level certificate, as its body gave it",
    "issuer": "who certified the level",
    "source": "how it is known",
    "paper": "yes: from a list of before the platform, not judged on it",
}
_PATTERNS: Mapping[str, str] = {
    "year": "^[0-9]{4}$",
    "place": "^[1-9][0-9]{0,3}$",
    "granted_on": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "withdrawn_on": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "hash": "^[0-9a-f]{64}$",
    "link": "^https://",
    "name": "^.+$",
}
_CHOICES: Mapping[str, Sequence[str]] = {
    "state": ("granted", "withdrawn"),
    "paper": ("yes", "no"),
    "level": tuple(ALL_LEVELS),
}


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """Field -> its place in a row of headings."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = _KNOWN.get(folded(cell))
        if field and field not in found:
            found[field] = place
    return found


def kind_of(fields: Sequence[str]) -> str:
    """The kind whose needed columns are all there, "" for none."""
    return next((kind for kind in KINDS if set(NEEDED[kind]) <= set(fields)), "")


def heading(field: str, language: str) -> str:
    return HEADINGS[field][language][0]


def folded(text: str) -> str:
    return re.sub(r"[\s*:：]+", "", unicodedata.normalize("NFKC", text)).casefold()


def json_schema() -> dict[str, Any]:
    """Of a file that an export writes; an import reads the same."""
    lists = {
        kind: {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}, "description": TITLES[kind]["en"]}
        for kind in KINDS
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "records that are taken in or handed out",
        "type": "object",
        "additionalProperties": False,
        "required": ["format"],
        "properties": {"format": {"const": FORMAT}, **lists},
        "$defs": {kind: _record(kind) for kind in KINDS},
    }


def _record(kind: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(NEEDED[kind]),
        "properties": {field: _property(field) for field in FIELDS[kind]},
    }


def _property(field: str) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "string", "description": _SAID[field]}
    if field in _PATTERNS:
        said["pattern"] = _PATTERNS[field]
    if field in _CHOICES:
        said["enum"] = list(_CHOICES[field])
    return said


_KNOWN = {
    folded(word): field
    for field, languages in HEADINGS.items()
    for words in languages.values()
    for word in words
}


def write(folder: Path) -> None:
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True)
    (folder / "records.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
