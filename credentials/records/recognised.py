"""A partner's certificate as its issuer words it, kept with its proposal (一试多证), and what the issuer
states when it grants: a level of its own vocabulary, a number of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core import recognition
from core.options import Choice
from core.partner import PartnerOutput
from core.scoring.model import Finding
from credentials.claims import printed
from credentials.encoding import to_text
from credentials.records.tables import Proposal

LONGEST_NUMBER = 40
_NUMBER = re.compile(rf"[A-Z0-9][A-Z0-9./-]{{0,{LONGEST_NUMBER - 1}}}")


def stored_output(output: PartnerOutput | None) -> str:
    return to_text(asdict(output)) if output else ""


def output_in(text: str) -> PartnerOutput | None:
    """Of `Proposal.output`."""
    if not text:
        return None
    fields = json.loads(text)
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    levels = tuple(Choice(**level) for level in fields["levels"])
    return PartnerOutput(**{**fields, **lists, "levels": levels})


def shows(output: PartnerOutput | None, field: str) -> bool:
    """Whether the certificate has this field; what no partner words has them all."""
    return output is None or field in output.fields


def stated_findings(row: Mapping[str, Any], *, number: str, level: str) -> list[Finding]:
    """Everything wrong with what the issuer states beside the day. row: of Proposal."""
    output = output_in(row["output"])
    if output is None:
        return []
    title = {"title": printed(output.title, output.languages)}
    return [*_level(output, level, title), *_number(output, number, title)]


def _level(output: PartnerOutput, level: str, title: dict[str, str]) -> list[Finding]:
    known = [one.code for one in output.levels]
    if level in known or not (known or level):
        return []
    if not known:
        return [Finding("/level", "credentials.partner-no-level", title)]
    return [Finding("/level", "credentials.partner-level", {**title, "known": ", ".join(known)})]


def _number(output: PartnerOutput, number: str, title: dict[str, str]) -> list[Finding]:
    if "number" not in output.fields:
        return [Finding("/number", "credentials.partner-no-number", title)] if number else []
    if _NUMBER.fullmatch(number):
        return []
    params = {**title, "most": str(LONGEST_NUMBER)}
    return [Finding("/number", "credentials.partner-number", params)]


async def state_level(row: dict[str, Any], level: str) -> None:
    """Inside the caller's transaction. The level that its issuer states takes the place of the proposed
    one, in `row` too; the proposal keeps its id."""
    output = output_in(row["output"])
    if output is None or level == row["grade"]:
        return
    row |= {"grade": level, "title": to_text(dict(recognition.titled(output, level)))}
    await Proposal.update({Proposal.grade: row["grade"], Proposal.title: row["title"]}).where(
        Proposal.id == row["id"]
    )
