"""Runs under another interpreter, with `cwt`: seconds of the processor that it takes to verify one COSE
message so many times.

On stdin `{"jwk": …, "kid": hex, "message": hex, "count": …, "rounds": …}`, on stdout the best round.
"""

import json
import sys
import time

from cwt import COSE, COSEKey  # type: ignore[import-not-found]

asked = json.load(sys.stdin)
kid = bytes.fromhex(asked["kid"])
key = COSEKey.new({**COSEKey.from_jwk(asked["jwk"]).to_dict(), 2: kid})
reader, message = COSE.new(), b"\xd2" + bytes.fromhex(asked["message"])
best = float("inf")
for _ in range(asked["rounds"]):
    start = time.process_time()
    for _ in range(asked["count"]):
        reader.decode(message, key)
    best = min(best, time.process_time() - start)
print(best)
