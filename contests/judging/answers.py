"""What became of a revision, in the judge's words: one sentence for every case."""

from __future__ import annotations

from contests.judging.keeping import Answer
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
_REASONS = {
    "sheet-locked": "The sheet was locked already: both versions are kept, and your group leader "
    "decides which one counts.",
    "swap-waiting": "It is kept and counts as soon as the other sheet of the swap has arrived.",
    "swap-wrong": "It can't be swapped with the sheet that it names: both versions are kept, and "
    "your group leader decides.",
    "rid-used": "Another sheet has this one's number: it is kept apart; sign it once more.",
    "round-not-open": "It is kept and counts as soon as your group is asked to mark this work again.",
    "judging-not-started": "It is kept until the chief referee starts the judging.",
    "contest-type-missing": "It is kept until the organiser has installed the contest's plugin again.",
    "device-unknown": "The server does not know the device that signed it: it is kept; have the "
    "device enrolled again.",
    "device-revoked": "The device that signed it was revoked: it is kept, and your group leader "
    "decides whether it counts.",
    "device-of-another": "Another judge's device has signed it: it is kept, and your group leader "
    "decides whether it counts.",
    "judge-not-admitted": "You were not signed in on the tablet that signed it: it is kept, and your "
    "group leader decides whether it counts.",
    "not-appointed": "You are not appointed to mark this sheet (any more): it is kept, and your "
    "group leader decides whether it counts.",
    "rules-differ": "It was marked by other rules than those that are frozen: it is kept; load the "
    "contest again and sign once more.",
    "signature-wrong": "The signature does not fit the sheet: it is kept apart; sign it once more.",
}


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
    if answer.reason in _REASONS:
        return translate(_REASONS[answer.reason], language)
    stored = answer.answer in {"accepted", "duplicate"}
    sentence = _SENTENCES[answer.answer] if answer.countable or not stored else _NOT_COUNTABLE
    told = translate(sentence, language, n=answer.seq)
    if stored and answer.countable:
        return told
    return " ".join([told, *(finding.detail for finding in findings)])
