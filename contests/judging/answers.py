"""What became of a revision, in the judge's words."""

from __future__ import annotations

from contests.judging.actions import Answer
from contests.judging.schemas import AnswerOut
from core.findings import render
from core.problems import ProblemFinding
from core.web.i18n import translate

_SENTENCES = {
    "accepted": "Stored as No. {n} in the record.",
    "duplicate": "It was stored before, as No. {n} in the record.",
    "conflict": "Another revision of this sheet is on record too. Both are kept, and your group "
    "leader decides which one counts.",
    "late": "It came after marking had ended. It is kept, but it does not count. Tell the chief referee.",
    "held": "It is kept until the contest comes back from the venue's server.",
    "quarantined": "It could not be taken as a sheet. It is kept for the chief referee.",
}
_NOT_COUNTABLE = (
    "Stored as No. {n} in the record, but it does not count yet: correct it and sign again."
)


def answer_out(answer: Answer, language: str) -> AnswerOut:
    """The answer as the tablet gets it."""
    findings = [
        ProblemFinding(f.pointer, f.code, render(f, language), dict(f.params))
        for f in answer.findings
    ]
    return AnswerOut(
        rid=answer.rid,
        answer=answer.answer,  # type: ignore[arg-type]  # one of the six
        seq=answer.seq,
        hash=answer.hash,
        receipt=answer.receipt,
        countable=answer.countable,
        reason=answer.reason,
        findings=findings,
        message=_message(answer, findings, language),
    )


def _message(answer: Answer, findings: list[ProblemFinding], language: str) -> str:
    stored = answer.answer in {"accepted", "duplicate"}
    sentence = _SENTENCES[answer.answer] if answer.countable or not stored else _NOT_COUNTABLE
    told = translate(sentence, language, n=answer.seq)
    return " ".join([told, *(finding.detail for finding in findings)])
