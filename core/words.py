"""Codes as people say them: roles, permissions and other stored words that stand in sentences."""

from __future__ import annotations

from collections.abc import Mapping

ROLES: Mapping[str, str] = {
    "administrator": "administrator",
    "organiser": "organiser",
    "chief_referee": "chief referee",
    "group_leader": "group leader",
    "judge": "judge",
    "encryption_officer": "encryption officer",
    "supervisor": "supervisor",
    "arbitration": "arbitration",
    "clerk": "clerk",
    "taster": "taster",
    "time_keeper": "time-keeper",
    "employer": "employer",
}
PERMISSIONS: Mapping[str, str] = {
    "installation.manage": "manage the installation",
    "account.manage": "manage accounts",
    "organisation.manage": "manage organisations",
    "organisation.describe": "change an organisation's name and contact",
    "audit.read": "read the audit",
    "competition.create": "create a competition",
    "competition.configure": "set up the competition",
    "contest.configure": "set up the contest",
    "contest.enter": "enter entrants",
    "contest.appoint": "appoint judges",
    "contest.replace_judge": "decide what follows when a judge leaves",
    "contest.draw": "draw codes",
    "contest.run": "run the contest",
    "contest.time": "keep the time",
    "contest.tablets": "manage the tablets",
    "contest.reset_pin": "reset a judge's PIN",
    "contest.control": "watch the control room",
    "contest.type_paper": "type paper sheets",
    "contest.papers": "print papers and keep signed ones",
    "contest.lend": "lend the contest",
    "contest.judge": "mark sheets",
    "contest.decide_conflict": "decide between conflicting sheets",
    "contest.open_codes": "open the codes",
    "contest.close": "close the contest",
    "contest.sign": "sign the results",
    "contest.publish": "publish the results",
    "contest.finalise": "make the results final",
    "contest.correct": "correct a result",
    "contest.read": "read the contest",
    "contest.read_standings": "read the standings",
    "appeal.file": "file an appeal",
    "appeal.rule": "rule on an appeal",
    "identity.read": "read who the entrants are",
    "certificate.read": "read certificates",
    "certificate.issue": "issue certificates",
    "certificate.revoke": "revoke certificates",
    "issuer.manage": "manage the issuer's keys",
    "proposal.read": "read proposals",
    "proposal.grant": "grant a proposal",
    "person.read": "read a person's record",
    "person.erase": "erase a person",
}
STATES: tuple[str, ...] = (
    "draft",
    "ready",
    "judging",
    "closed",
    "signed",
    "published",
    "final",
    "cancelled",
)
OTHER_STATES: tuple[str, ...] = (
    "published in advance",
    "retired",
    "compromised",
    "proposed",
    "granted",
    "refused",
)
"""Of keys and proposals."""
CODES: Mapping[str, str] = {
    **ROLES,
    **PERMISSIONS,
    "pre_published": "published in advance",
}
