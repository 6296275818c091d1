"""The rules as a part that is kept in versions. No writes."""

from __future__ import annotations

import json
from uuid import UUID

from contests.actions.common import contest_row, json_text
from contests.schemes.queries import rules_in, scheme_in
from contests.schemes.rules_differences import rules_differences
from contests.schemes.tables import RulesVersion
from contests.schemes.versions import Draft, Part, Row, draft_in
from contests.scoring import rules_findings
from core.errors import Invalid
from core.scoring.codec import from_json
from core.scoring.model import Rules


def _from_text(text: str) -> Rules:
    return from_json(Rules, json.loads(text))


def _judged(row: Row, rules: Rules) -> tuple[int, str]:
    """Raises Invalid: also an old version has to fit the scheme as it is today."""
    findings = rules_findings(scheme_in(row), rules)
    if findings:
        raise Invalid(findings)
    return 0, json_text(rules)


RULES: Part[Rules] = Part(
    "rules", "rules", RulesVersion, rules_in, json_text, _from_text, rules_differences, _judged
)


async def rules_draft_of(contest: UUID) -> Draft[Rules]:
    """Raises NotFound."""
    return await draft_in(RULES, await contest_row(contest))
