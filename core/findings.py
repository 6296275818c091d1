"""The sentences of findings: registered once in English, rendered in the reader's language.

    register({"sheet-off-grid": "{value} is not a step of {step}. Choose {below} or {above}."})

Each package's messages.py registers its own when its plugin is imported; the msgid of the
catalogues is the English sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from core import account_messages, messages
from core.scoring.model import Finding
from core.web.i18n import fill, translate

_sentences: dict[str, str] = {}


class SentenceConflict(Exception):
    """Two packages say different things with one code."""


def register(sentences: Mapping[str, str]) -> None:
    """Code -> English sentence with {params} that says what is wrong and what to do."""
    for code, sentence in sentences.items():
        known = _sentences.setdefault(code, sentence)
        if known != sentence:
            raise SentenceConflict(f"Finding {code!r} already says {known!r}, not {sentence!r}.")


def sentences() -> dict[str, str]:
    """Everything registered, by code."""
    return dict(_sentences)


def render(finding: Finding, language: str) -> str:
    """The finding as a sentence. A code that nobody registered is shown as it stands."""
    sentence = _sentences.get(finding.code)
    if sentence is None:
        params = ", ".join(f"{key}: {value}" for key, value in finding.params.items())
        return f"{finding.code} ({params})" if params else finding.code
    return fill(translate(sentence, language), finding.params, language)


register(messages.FINDINGS)
register(account_messages.FINDINGS)
