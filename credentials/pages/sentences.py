"""What to do when a certificate is anything but valid, and what the page's script may find.

The English sentence is the catalogues' msgid."""

from __future__ import annotations

from collections.abc import Mapping

from credentials.verify import State

UNPROVEN = frozenset({State.NOT_FOUND, State.UNKNOWN_ISSUER, State.STATUS_UNKNOWN})
"""States of which the page says that they don't mean forged."""

WHAT_NOW: Mapping[State, str] = {
    State.IN_NOTICE: "Ask the issuer whether anybody objected, or wait until the notice is over.",
    State.SUSPENDED: "Don't decide on it yet: ask the issuer why it is suspended and for how long.",
    State.REVOKED: "Don't accept it: ask the issuer if you need to know more than stands here.",
    State.REPLACED: "Ask the holder for the newer paper and scan that one.",
    State.EXPIRED: "Ask the holder whether it was renewed, and scan the newer paper.",
    State.NOT_YET_VALID: "Wait for its first day, or ask the issuer.",
    State.UNKNOWN_ISSUER: "Don't rely on it before the issuer itself has confirmed it to you.",
    State.ALTERED: "Don't rely on it: scan the original paper once more, then tell the issuer.",
    State.NOT_FOUND: "Compare the number with the paper letter by letter, then ask the issuer.",
    State.STATUS_UNKNOWN: "Don't decide yet: check again later, or ask the issuer.",
    State.ERASED: "Ask the holder for another proof.",
}

AGAIN: Mapping[State, str] = {
    State.IN_NOTICE: "after {date}",
    State.SUSPENDED: "tomorrow",
    State.REVOKED: "no need: a withdrawal is final",
    State.REPLACED: "at once, with the newer paper",
    State.EXPIRED: "when it was renewed",
    State.NOT_YET_VALID: "on {date}",
    State.UNKNOWN_ISSUER: "in 24 hours",
    State.ALTERED: "at once, with the original paper",
    State.NOT_FOUND: "in 15 minutes; a certificate that was issued just now is here by then",
    State.STATUS_UNKNOWN: "in one hour",
    State.ERASED: "no need: this does not change",
}

NOT_FORGED = "This does not mean that it is forged."

CODES: Mapping[str, tuple[str, str, str]] = {
    "ok": (
        "",
        "",
        "The code that you scanned fits: the issuer signed this name for this certificate.",
    ),
    "old": (
        "warn",
        "This paper was replaced",
        "The code that you scanned is genuine, but of an earlier version. Only what stands here"
        " counts: ask the holder for the newer paper.",
    ),
    "other": (
        "bad",
        "Code and number don't belong together",
        "The code carries another certificate than its address says. Don't rely on this paper:"
        " somebody put it together. Tell the issuer.",
    ),
    "bad": (
        "bad",
        "The code is not the issuer's",
        "The certificate that stands here exists, but the code that you scanned does not carry its"
        " issuer's signature. Don't rely on this paper. Tell the issuer.",
    ),
    "spoilt": (
        "warn",
        "Ask for a new print",
        "The code was signed with a key that got into other hands since. That does not mean that it is"
        " forged: what stands here counts, but have the paper printed anew.",
    ),
    "cut": (
        "",
        "",
        "The code did not arrive whole, so the full name stays hidden. That does not mean that it is"
        " forged: scan the paper once more, with the camera and not from a chat.",
    ),
    "unable": (
        "",
        "",
        "This browser can't check the code by itself, so the full name stays hidden.",
    ),
}
"""Tone and headline ("" leaves those of the page) and sentence for what the script finds."""

CODES_AWAY: Mapping[str, tuple[str, str, str]] = {
    "ok": (
        "",
        "",
        "The code that you scanned is genuine: the issuer signed this name for this certificate."
        " Whether it still counts can't be found out now.",
    ),
    "bad": (
        "warn",
        "",
        "The code that you scanned fits none of the keys that are known here at the moment. Check it"
        " again later before you rely on this paper.",
    ),
    "spoilt": (
        "warn",
        "",
        "The code was signed with a key that got into other hands since. Check it again later: only the"
        " issuer's ledger can say whether it counts.",
    ),
}
"""What the script says instead while the ledger can't be reached."""

AWAY = (
    "Status unknown",
    "The issuer's ledger can't be reached at the moment, so nobody can say here whether this"
    " certificate counts",
)
AGAIN_AWAY = "in 10 minutes"
"""The page without its ledger: word, sentence, when to try again."""
