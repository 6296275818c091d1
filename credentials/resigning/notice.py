"""The signed notice of a lost key: what was signed with it, and how far the signing again is. Anybody may
fetch it, pass it on and check it with the trust bundle."""

from __future__ import annotations

from datetime import UTC, datetime

from credentials import keyring, queries
from credentials.encoding import to_instant, to_json
from credentials.resigning.actions import affected_by, lost_key, signed_again
from credentials.trust import TRUST

TYPE = "jiangxin-notice+jwt"


async def notice_of(kid: str, now: datetime | None = None) -> str:
    """A compact JWS under the installation's trust key. Raises NotFound, KeySound."""
    row, now = await lost_key(kid), now or datetime.now(UTC)
    signer, addresses = await keyring.signer_of("", TRUST), keyring.addresses()
    payload = {
        "iss": addresses.origin,
        "sub": addresses.key(kid),
        "iat": int(now.timestamp()),
        "issuer": addresses.issuer(row["issuer"]),
        "revokedAt": to_instant(row["compromised_at"]),
        "signed": (await queries.signed_with(kid))["signed"],
        "signedAgain": await signed_again(kid),
        "waiting": len(await affected_by(kid)),
    }
    return signer.sign(to_json(payload), typ=TYPE)
