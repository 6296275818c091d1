"""What is wrong with a loan or its return, and what to do."""

from __future__ import annotations

from core.findings import register

SENTENCES = {
    "loan-missing": "This package is no loan: its loan.json is missing. Make it with `jiangxin lend` "
    "or `jiangxin give-back`.",
    "loan-unreadable": "loan.json can't be read. Take the package from its source again.",
    "loan-direction": "This package goes the other way: {found}. Use {expected}.",
    "loan-to-another": "The contest is lent to installation {expected}; this one is {found}. Take the "
    "package there, or lend it to this one.",
    "loan-from-another": "The contest comes from installation {expected}; this one is {found}. Take it "
    "back there.",
    "loan-to-itself": "This is the installation that lends. Name the venue's: its terminal and "
    "`jiangxin doctor` say it.",
    "loan-installation": "“{value}” is no installation's id. The venue's terminal and `jiangxin doctor` "
    "say it.",
    "loan-open-codes": "Module {module} is not drawn yet. Draw every module before the contest is lent: "
    "a venue has no names to draw with.",
    "loan-judging-ended": "Marking has ended: there is nothing left to do at a venue.",
    "loan-here-already": "Contest {code} is here already. A second loan of it needs its return first.",
    "not-borrowed": "This contest is not borrowed: it is at home here.",
    "borrowed": "This contest is borrowed. Whatever needs names or codes' owners is done at home, after "
    "its return.",
    "not-lent": "This contest is not lent: it is at home here.",
    "return-head": "The venue's last hash begins with {found}, not with {said}. Compare both again: is it "
    "the newest package?",
    "return-head-short": "Type at least 8 characters of the hash that the venue shows.",
    "return-log-shorter": "The venue's log has {found} entries; it was lent with {expected}. Ask the "
    "venue for its newest package.",
    "return-log-differs": "Entry {seq} is not the one that was lent. This is not the return of that "
    "loan, or it was altered.",
    "return-not-ended": "The venue goes on with this contest: its log does not end with the return. Make "
    "the package with `jiangxin give-back`.",
    "return-entry-foreign": "Entry {seq} ({kind}) is nothing that a venue may add. Tell the arbitration.",
    "return-grown": "The venue's log has other entries than the return that was taken already. Tell the "
    "arbitration.",
    "loan-key-wrong": "Key {kid} is not the one of that name: the package was altered. Take it from its "
    "source again.",
    "loan-picture-wrong": "A picture is not what its name says, or is no picture. It was left out.",
    "loan-recalled": "The contest was called back before this sheet came home. Decide whether it counts.",
}


def install() -> None:
    register(SENTENCES)
