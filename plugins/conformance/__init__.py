"""Properties that every contest type must have, for the tests of a plugin's author.

    from plugins.conformance import assert_conforms

    def test_herbs_are_scored_fairly() -> None:
        assert_conforms(Herbs(), examples={"H1.1": ["12", "30"]})

Every property is judged by itself on generated contests, always the same ones. One that can't be
judged while another fails (nothing can be compared when scoring twice gives two results) is left
out until that one holds. `PROPERTIES` says in one sentence what each promises.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from core.contest_type import ContestType, Options, read_options
from core.scoring import score
from plugins.conformance.fairness import FAIRNESS
from plugins.conformance.foundations import FOUNDATIONS
from plugins.conformance.subject import Engine, Failure, Property, Subject

__all__ = ["PROPERTIES", "Engine", "Failure", "assert_conforms", "check_type"]

PROPERTIES: Mapping[str, str] = {
    "exact": "No scheme, rule, calculator or result holds a binary floating-point number.",
    "frozen": "The same options give the same scheme and rules, and they survive canonical JSON.",
    "questions": "Every option, choice and column has words, and is asked for a reason that exists.",
    "complete": "The default options, the scheme and the rules have no findings.",
    "repeatable": "Scoring twice gives the same bytes.",
    "order": "The order of sheets, judges and entrants never matters.",
    "monotony": "A higher mark never lowers a place, a penalty never raises one.",
    "isolation": "A penalty or a missing mark of one entrant changes nobody else's score.",
    "bounds": "Every award, score and total stays within what the scheme allows.",
    "missing": "A missing mark is never counted as zero.",
    "ranking": "Places are a total order with explicit shared places.",
    "blind": "Who an entrant or a judge is changes nothing.",
    "checks": "Correct sheets have no findings, wrong ones do, canonical values stay canonical.",
    "pointers": "The pointer of every finding exists in the sheet.",
    "time": "A thousand entrants are scored in bounded time.",
    "controls": "Every aspect can be entered by the control that is declared for it.",
    "instruments": "The sample of every instrument is read without findings into correct marks.",
}


def check_type(
    contest_type: ContestType,
    options: Options | None = None,
    *,
    examples: Mapping[str, Sequence[str]] | None = None,
    engine: Engine = score,
    contests: int = 6,
    entrants: int = 1000,
    seconds: float = 30.0,
    seed: int = 1,
) -> list[Failure]:
    """Every property that does not hold, at most one failure each.

    options: answers beside the defaults. examples: readable raw values by aspect, for calculators
    whose values can't be guessed. engine: the scoring function, to try one of your own.
    contests: how many are generated for each property; entrants and seconds (of processor time)
    bound the property "time".
    """
    given, findings = read_options(contest_type, options or {})
    if findings:
        codes = ", ".join(f"{f.pointer} {f.code}" for f in findings)
        return [Failure("complete", f"the options have findings: {codes}")]
    subject = Subject(
        contest_type, given, engine, dict(examples or {}), contests, entrants, seconds, seed
    )
    for name, holds in FOUNDATIONS:
        if failure := _judge(name, holds, subject):
            return [failure]
    return [failure for name, holds in FAIRNESS if (failure := _judge(name, holds, subject))]


def assert_conforms(
    contest_type: ContestType, options: Options | None = None, **more: object
) -> None:
    """For pytest: an AssertionError that names every property that does not hold, and why."""
    failures = check_type(contest_type, options, **more)  # type: ignore[arg-type]
    lines = [f"{f.property}: {f.message}\n    ({PROPERTIES[f.property]})" for f in failures]
    assert not failures, f"{contest_type.code} does not conform:\n" + "\n".join(lines)


def _judge(name: str, holds: Property, subject: Subject) -> Failure | None:
    """A property that raises does not hold."""
    subject.chance = random.Random(f"{subject.seed} {name}")  # noqa: S311 - the same every time
    try:
        message = holds(subject)
    except Exception as error:
        message = f"raised {type(error).__name__}: {error}"
    return Failure(name, message) if message else None
