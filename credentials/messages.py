"""Every sentence of this package that is chosen by a code: states, checks, findings, kinds.

The English sentence is the catalogues' msgid.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.findings import register
from credentials.verify import State

STATES: Mapping[State, tuple[str, str]] = {
    State.VALID: ("Genuine and valid", "Signed by its issuer and valid now"),
    State.IN_NOTICE: (
        "Genuine, in public notice",
        "Signed by its issuer; objections are possible until {date}, then it is valid",
    ),
    State.SUSPENDED: ("Suspended", "Genuine, but it does not count at present"),
    State.REVOKED: ("Withdrawn", "The issuer withdrew this certificate; do not rely on it"),
    State.REPLACED: ("Replaced", "Genuine, but the issuer replaced it by a corrected version"),
    State.EXPIRED: ("Expired", "Genuine, but no longer in date"),
    State.NOT_YET_VALID: ("Not valid yet", "Its first day is still to come"),
    State.UNKNOWN_ISSUER: (
        "Unknown issuer",
        "It is not signed by an issuer that is trusted here; do not rely on it",
    ),
    State.ALTERED: ("Altered or forged", "It is not what an issuer signed; do not rely on it"),
    State.NOT_FOUND: ("Certificate not found", "There is no such certificate"),
    State.STATUS_UNKNOWN: (
        "Genuine, status unknown",
        "Signed by its issuer, but whether it still counts can't be found out now",
    ),
    State.ERASED: ("Erased on request", "The holder had the content erased; the status remains"),
}

CHECKS: Mapping[str, str] = {
    "unaltered": "Unaltered since it was issued",
    "issuer": "Issued by a trusted issuer",
    "status": "Not withdrawn, suspended or replaced",
    "dates": "In date",
    "person": "The holder is the person before you",
}

DETAILS: Mapping[str, str] = {
    "signature-holds": "The issuer's signature fits every letter of it.",
    "trusted-key": "Its key {kid} is on this service's list of trusted issuers.",
    "trusted-elsewhere": "Its key {kid} belongs to {host}, an installation that is believed here.",
    "status-elsewhere": "Whether it still counts is known at {host}: look there.",
    "recorded-before-compromise": "The issuer's ledger holds it since before key {kid} was lost.",
    "compare-document": "No machine checked this: compare name and document.",
    "of-collective": (
        "A unit, a team or a studio holds it, and no person: there is no identity document to compare. Compare"
        " its name."
    ),
    "not-reached": "Not checked, because an earlier check failed.",
    "erased": "Can't be checked any more: the content was erased on request.",
    "too-large": "It is larger than any certificate.",
    "encoding": "It is not written as a certificate is.",
    "base64": "It is not written as a certificate is.",
    "base32": "It is not written as a certificate is.",
    "cbor": "It is not written as a certificate is.",
    "cose": "It is not written as a certificate is.",
    "json": "It is not written as a certificate is.",
    "header": "Its header is not one of ours.",
    "algorithm": "It names another signature algorithm than ES256.",
    "type": "It is something else than a certificate.",
    "context": "It uses words with another meaning than ours.",
    "claims": "Its parts contradict one another.",
    "status-entry": "It does not say properly where its status stands.",
    "picture": "It is not a picture with exactly one certificate in it.",
    "paper-differs": "The token in the file and the printed code differ.",
    "paper-no-code": "A token lies in the file, but no code can be read on its pages.",
    "paper-text": "The page says another name or number than the token in the file.",
    "paper-several": "It holds several certificates. Hand them in one by one.",
    "paper-empty": "No certificate's code can be read on its pages.",
    "paper-unread": "It can't be opened: protected by a password, damaged, or too long.",
    "nothing-signed": "An id alone can't be verified without the issuer's ledger.",
    "signature": "The signature does not fit.",
    "other-paper": "The signed content belongs to another certificate than the address.",
    "unknown-key": "The key that signed it is on no list of ours.",
    "other-issuer": "It was signed with another issuer's key.",
    "other-address": "Its address is not this service's.",
    "signed-before-use": "It is dated before its key {kid} was in use.",
    "signed-after-retirement": "It is dated after its key {kid} was retired.",
    "key-compromised": "Its key {kid} got into other hands, and no ledger speaks for it.",
    "not-in-ledger": "The issuer's ledger has no such certificate.",
    "status-unknown": "The status can't be found out now.",
    "status-unreachable": "The issuer's ledger can't be reached now. This does not mean that it is forged.",
    "not-asked": "Not checked, because the issuer's ledger can't be reached now.",
    "status-valid": "The issuer's ledger says that it counts.",
    "status-revoked": "It was withdrawn.",
    "status-suspended": "It is suspended.",
    "status-correcting": "Under correction since {date}: ask the issuer.",
    "status-replaced": "A newer version took its place.",
    "status-renamed": "It was replaced because of a spelling correction.",
    "status-signed-again": (
        "It was signed again, because its key got into other hands: it says the same, but ask the holder"
        " for a new print."
    ),
    "within-dates": "Today lies within its dates.",
    "in-notice": "In public notice until {date}.",
    "expired": "Its last day is over.",
    "not-yet-valid": "It is dated in the future.",
}

HONOURS: Mapping[str, str] = {
    "craftsman": "Craftsman",
    "model_worker": "Model worker",
    "technical_expert": "Technical expert",
    "medal": "Labour medal",
    "other": "Honour",
}

FINDINGS: Mapping[str, str] = {
    "credentials.none-chosen": "Choose at least one certificate.",
    "credentials.until-not-later": "Give a last day that is later than the present one and than today.",
    "credentials.reason-missing": "Give the reason; it is shown to everybody who verifies.",
    "credentials.unknown-purpose": "This is no purpose of a key. Choose one of: {known}.",
    "credentials.level-number": (
        "{number} is no certificate number: one letter Y or S and 21 digits, as the assessment"
        " body gave it."
    ),
    "credentials.level-of-number": (
        "The number says level {level}, the proposal level {grade}. Check the 16th character."
    ),
    "credentials.number-taken": "{number} belongs to another certificate already.",
    "credentials.date": "{value} is no date. Write it as 2026-11-20.",
    "credentials.unknown-honour": "This is no kind of honour. Choose one of: {known}.",
    "credentials.source-missing": "Give the source: the decision's number or its address.",
    "credentials.unknown-decision": "Decide accepted or declined.",
    "credentials.all-withdrawn": "All that you chose are withdrawn already.",
    "credentials.changed-meanwhile": (
        "Somebody else changed one of them at the same moment. Load the page again and repeat it."
    ),
    "credentials.unknown-authority": (
        "There is no organisation {code} here. Choose one of the list."
    ),
    "credentials.evidence-line": "This certificate has {lines} lines; count from 0.",
    "credentials.evidence-days": "A link lasts 1 to {most} days.",
    "credentials.holder-consent-kind": "There is no consent {kind}. Choose one of: {known}.",
    "credentials.holder-consent-source": (
        "Say how the holder agreed, in 1 to {most} characters, for example: form signed on 2026-11-20."
    ),
    "credentials.layout-form": "There is no layout {given}. Choose one of: {known}.",
    "credentials.layout-seal": "This layout has no place {given} for a seal. Choose one of: {known}.",
    "credentials.layout-language": "{given} is no language here. Choose one of: {known}.",
    "credentials.layout-language-twice": "This language stands further up already. Choose another one.",
    "credentials.layout-no-language": "Choose at least one language.",
    "credentials.held-no-key": (
        "The organisation that issues it can't sign yet. Let it sign certificates, then try again."
    ),
    "credentials.held-key-out-of-use": (
        "The key with which its issuer signs is not in use any more. Take a new key into use, then"
        " try again."
    ),
    "credentials.held-database": (
        "The database could not be reached at that moment. Try again; it is usually over by itself."
    ),
    "credentials.held-slow": (
        "It took too long, because the server had much to do. Try again in a few minutes."
    ),
    "credentials.held-refused": (
        "What the result says can't stand on a certificate. Put it right in the contest, then try"
        " again."
    ),
    "credentials.held-fault": (
        "A fault on our side stopped it; nothing is lost. Try again. If it comes back, tell the"
        " operator this number: {number}."
    ),
}

register(FINDINGS)
