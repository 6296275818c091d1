"""docs/partner-rules.md says what the rules say."""

from __future__ import annotations

from pathlib import Path

import plugins
from core.web.i18n import NAMES
from plugins.greater_bay_area import partner_rules
from plugins.greater_bay_area.packs import EVERY
from plugins.greater_bay_area.packs.names import AUTHORITIES

RULES = [rule for pack in EVERY for rule in pack.rules]

PAGE = (Path(plugins.__file__).parent.parent / "docs" / "partner-rules.md").read_text(
    encoding="utf-8"
)
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]


def test_the_table_of_proposals_is_that_of_the_packs() -> None:
    shown = [(row[0].strip("`"), row[2].strip("`"), row[4]) for row in ROWS if len(row) == 5]

    assert shown == [(name, rule.code, rule.valid_from) for rule in RULES for name in rule.classes]


def test_each_proposal_names_who_decides() -> None:
    decided = {(r[0].strip("`"), r[2].strip("`")): r[3] for r in ROWS if len(r) == 5}

    for rule in RULES:
        said = decided[rule.classes[0], rule.code].lower()
        assert AUTHORITIES[rule.authority]["en"].lower() in said


def test_every_kind_of_document_is_on_the_page() -> None:
    kinds = {kind.code: kind for rules in partner_rules() for kind in rules.documents()}
    shown = {row[0].split("`")[1]: row[0] for row in ROWS if len(row) == 3}

    assert set(shown) == set(kinds)
    assert all(kind.title["zh-Hans"] in shown[code] for code, kind in kinds.items())


def test_every_certificate_of_a_partner_is_on_the_page_with_what_it_asks() -> None:
    shown = {row[0].split("`")[1]: row for row in ROWS if len(row) == 6}
    outputs = {one.code: one for rules in partner_rules() for one in rules.outputs()}

    assert set(shown) == set(outputs)
    for code, one in outputs.items():
        title, issuer, occupations, documents, levels, languages = shown[code]
        assert one.title["zh-Hans"] in title
        assert issuer == one.issuer_title["en"]
        assert not one.occupations or occupations.split(", ") == list(one.occupations[::2])
        assert documents.strip("`").split() == list(one.documents)
        ends = [one.levels[0], one.levels[-1]] if one.levels else []
        assert levels == (" to ".join(level.title["en"] for level in ends) or "none")
        assert languages == ", ".join(NAMES[language] for language in one.languages)
