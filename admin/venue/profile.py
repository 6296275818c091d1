"""The authority as a tablet installs it: a configuration profile for iPad, a certificate for Android."""

from __future__ import annotations

import plistlib
from uuid import UUID, uuid5

from admin.venue.authority import Authority
from core.web.i18n import translate

PROFILE_TYPE = "application/x-apple-aspen-config"
CERTIFICATE_TYPE = "application/x-x509-ca-cert"
_SPACE = UUID("5b1b0f3a-6d2c-4c58-9d0e-6a5f9a0f7c11")


def mobileconfig(authority: Authority, language: str) -> bytes:
    """Installing it again replaces it: its ids come from the fingerprint."""
    own = uuid5(_SPACE, authority.fingerprint)
    certificate = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"org.jiangxin.venue.{own}.root",
        "PayloadUUID": str(uuid5(own, "root")).upper(),
        "PayloadDisplayName": authority.title,
        "PayloadCertificateFileName": "jiangxin-venue.cer",
        "PayloadContent": authority.der,
    }
    said = translate(
        "Lets this tablet trust the judging server in this hall. Remove it after the contest.",
        language,
    )
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"org.jiangxin.venue.{own}",
            "PayloadUUID": str(own).upper(),
            "PayloadDisplayName": authority.title,
            "PayloadDescription": said,
            "PayloadOrganization": "Jiangxin",
            "PayloadRemovalDisallowed": False,
            "PayloadContent": [certificate],
        }
    )
