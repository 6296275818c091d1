"""Sentences of what was found in consents and in batches that came back; msgids of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from core.findings import register

FINDINGS: Mapping[str, str] = {
    "credentials.consent-field": "There is no field {given}. Choose one of: {known}.",
    "credentials.consent-source": "Say where the consent is kept: the number of its form, say.",
    "credentials.returned-signature": (
        "This certificate is not signed by the key that was asked, or its QR code is not. Have the"
        " batch signed again with that key."
    ),
    "credentials.returned-altered": (
        "This certificate says something else than what was asked. Nothing of the batch was taken:"
        " have the file signed as it left."
    ),
    "credentials.returned-missing": (
        "{count} certificates of the batch did not come back. Have the whole batch signed, or recall"
        " it."
    ),
}

register(FINDINGS)
