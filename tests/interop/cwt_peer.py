"""Runs under another interpreter, with `cwt` installed: reads or writes one COSE message.

On stdin `{"jwk": …, "kid": hex, "message": hex}` to read, or "claims" for "message" to write; on stdout the
payload or the message, as hex. `cwt` wants an older cbor2 than the platform, so it can't stand beside it.
"""

import json
import sys

from cwt import COSE, COSEAlgs, COSEHeaders, COSEKey  # type: ignore[import-not-found]

TAG = b"\xd2"  # COSE_Sign1; in the QR it is left out

asked = json.load(sys.stdin)
kid = bytes.fromhex(asked["kid"])
key = COSEKey.new({**COSEKey.from_jwk(asked["jwk"]).to_dict(), 2: kid})
if "message" in asked:
    print(COSE.new().decode(TAG + bytes.fromhex(asked["message"]), key).hex())
else:
    header = {COSEHeaders.ALG: COSEAlgs.ES256, COSEHeaders.KID: kid}
    message = COSE.new().encode(bytes.fromhex(asked["claims"]), key, header)
    print(message.removeprefix(TAG).hex())
