"""What the three regions declare of how long a person's record is kept."""

from __future__ import annotations

import pytest

from core.partner import PartnerRules
from tests.plugins.test_disclosure import LANGUAGES, REGIONS


@pytest.mark.parametrize("rules", REGIONS, ids=lambda rules: rules.code)
def test_every_declaration_has_its_clause_and_source_and_no_made_up_figure(
    rules: PartnerRules,
) -> None:
    declared = rules.retention()

    assert [one.kind for one in declared] == ["record"]
    for one in declared:
        assert set(one.clause) == LANGUAGES
        assert one.source
        assert one.years == 0


def test_rules_without_a_declaration_say_nothing() -> None:
    assert PartnerRules().retention() == ()
