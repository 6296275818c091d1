"""Why a tablet's request is refused. The slugs are what its app decides by: never rename one.

DeviceUnknown · DeviceRevoked · ProofWrong · TokenWrong    401
PinWrong · NotServed                                       403
CodeUsed · PinNotSet · PinLocked · PinMustChange           409
PicturesFull · NumbersMissing                              409
"""

from __future__ import annotations

from core.errors import Conflict, Forbidden, Unauthenticated


class DeviceUnknown(Unauthenticated):
    slug = "device-unknown"
    title = "This tablet is not enrolled here. Enrol it with a new code."


class DeviceRevoked(Unauthenticated):
    slug = "device-revoked"
    title = "This tablet was revoked or given back. Hand its sheets over and enrol it again."


class ProofWrong(Unauthenticated):
    slug = "proof-wrong"
    title = "The tablet's proof is too old or not its own. Ask for a new nonce and repeat it."


class TokenWrong(Unauthenticated):
    slug = "tablet-token-wrong"
    title = "The tablet's session has ended. Open a new one with the tablet's key."


class NotServed(Forbidden):
    slug = "not-served"
    title = "This tablet does not serve that. Enrol it for the contest, or sign the judge in on it."


class PinWrong(Forbidden):
    slug = "pin-wrong"
    title = "The PIN is wrong. Tries left: {left}."


class PinNotSet(Conflict):
    slug = "pin-not-set"
    title = "This judge has no PIN yet. The group leader hands one out."


class PinLocked(Conflict):
    slug = "pin-locked"
    title = (
        "After too many wrong tries this tablet takes this PIN again in {minutes} minutes; other tablets "
        "take it now. The group leader can set a new one."
    )


class PinMustChange(Conflict):
    slug = "pin-must-change"
    title = "This PIN was handed out. Choose one of your own now."


class CodeUsed(Conflict):
    slug = "tablet-code-used"
    title = "This code was used or has expired. Make a new one for the tablet."


class PicturesFull(Conflict):
    slug = "pictures-full"
    title = "This tablet has sent {most} pictures already. It can't send more."


class NumbersMissing(Conflict):
    slug = "numbers-missing"
    title = "Sheets of this tablet have not arrived: {numbers}. Send them first, then give it back."
