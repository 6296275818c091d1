"""The "Calculations" sheet: named calculators in CIS's own notation.

A cell holds "KEY:::number#x~x#text" parts joined by "#-#"; of number and text one is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from contests.importing.book import Sheet
from core.scoring.calculators import STANDARD, by_version
from core.scoring.model import Calculation, Control
from core.scoring.numbers import decimal_text, plain_decimal

SHEET = "Calculations"
KINDS = (
    "PASS_FAIL",
    "NUMBER_COMPLETED",
    "CHOICE",
    "RANGED_SCORE",
    "REGULAR_DIFFERENCE_DEDUCTION",
)
PASSED = {"zh-Hans": "通过", "zh-Hant": "通過", "en": "Pass", "pt": "Aprovado"}
FAILED = {"zh-Hans": "未通过", "zh-Hant": "未通過", "en": "Fail", "pt": "Reprovado"}
_COUNTED = ("NUMBER_COMPLETED", "REGULAR_DIFFERENCE_DEDUCTION")
_PER = {"UNIT": "unit", "PERCENT": "percent", "PERCENTAGE": "percent", "": "unit"}


@dataclass(frozen=True, slots=True)
class ImportedCalculator:
    """One row of the sheet. `parameters` are CIS's own keys; numbers are canonical decimals."""

    row: int
    name: str
    kind: str
    per: str
    active: bool
    parameters: Mapping[str, str] = field(default_factory=dict)

    def calculation(self) -> Calculation:
        """The standard calculator of the same name; its parameters are CIS's in lower case."""
        plain = {key.lower(): value for key, value in self.parameters.items()}
        return Calculation(self.kind, 1, {"per": self.per, **plain})

    def control(self) -> Control:
        """How a tablet asks for the raw value."""
        if self.kind == "PASS_FAIL":
            return Control("choice", choices=("true", "false"), labels=(PASSED, FAILED))
        if self.kind == "CHOICE":
            named = [k.split("_")[0].lower() for k in self.parameters if k.endswith("_DEDUCTION")]
            choices = sorted(named, key=lambda choice: int(choice.removeprefix("choice")))
            labels = [self.parameters.get(f"{choice.upper()}_LABEL", choice) for choice in choices]
            return Control(
                "choice", choices=tuple(choices), labels=tuple({"en": words} for words in labels)
            )
        return Control("count" if self.kind in _COUNTED else "number", 1000)


def read_calculators(sheet: Sheet) -> list[ImportedCalculator]:
    """Every readable row; what isn't goes into `sheet.findings`."""
    found: list[ImportedCalculator] = []
    for row in sorted(sheet.rows):
        name, kind, notation = (sheet.text(row, column) for column in (1, 2, 4))
        if not (name or kind or notation) or kind.strip().lower() in ("type", "calculation type"):
            continue
        if kind not in KINDS:
            sheet.report(row, 2, "cis-calculator-unknown", kind=kind[:40], known=", ".join(KINDS))
            continue
        parameters = _parameters(sheet, row, notation)
        per = _per(sheet, row, parameters)
        if parameters is None or per is None:
            continue
        if any(other.name == name for other in found):
            sheet.report(row, 1, "cis-calculator-twice", name=name[:40])
            continue
        if _incomplete(
            sheet, row, name, ImportedCalculator(row, name, kind, per, True, parameters)
        ):
            continue
        active = sheet.text(row, 3).lower() not in ("false", "0", "no")
        found.append(ImportedCalculator(row, name, kind, per, active, parameters))
    return found


def by_reference(calculators: list[ImportedCalculator]) -> dict[str, ImportedCalculator]:
    """An aspect names its calculator by row number or by name."""
    return {c.name: c for c in calculators} | {str(c.row): c for c in calculators}


def _per(sheet: Sheet, row: int, parameters: dict[str, str] | None) -> str | None:
    if parameters is None:
        return None
    said = parameters.pop("DEDUCTION_TYPE", "").upper()
    if said not in _PER:
        sheet.report(row, 4, "cis-calculator-per", said=said[:20])
        return None
    return _PER[said]


def _parameters(sheet: Sheet, row: int, notation: str) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for part in filter(None, notation.split("#-#")):
        key, colons, rest = part.partition(":::")
        number, mark, text = rest.partition("#x~x#")
        value = _number(number) if number else text
        if not colons or not mark or value is None:
            sheet.report(row, 4, "cis-calculator-unreadable", part=part[:60])
            return None
        found[key] = value
    return found


def _incomplete(sheet: Sheet, row: int, name: str, found: ImportedCalculator) -> bool:
    """Whether the standard calculator refuses these parameters; each is said with its key."""
    calculation = found.calculation()
    standard = by_version(STANDARD)[calculation.name, calculation.version]
    problems = standard.check(calculation.parameters, 1000)
    for problem in problems:
        key = (problem.pointer.strip("/") or problem.params.get("key", "")).upper()
        sheet.report(row, 4, "cis-calculator-parameter", name=name[:40], key=key)
    return bool(problems)


def _number(text: str) -> str | None:
    """ "0.25000000" -> "0.25", "0E-8" -> "0"."""
    mantissa, _, exponent = text.upper().partition("E")
    plain = plain_decimal(mantissa)
    if (
        plain is None
        or not (exponent or "0").lstrip("+-").isdecimal()
        or len(exponent.lstrip("+-")) > 2
    ):
        return None
    return decimal_text(Fraction(plain) * Fraction(10) ** int(exponent or 0))
