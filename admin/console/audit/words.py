"""What the records say, in words: a sentence for each kind of change, and its values before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admin.console.history import SENTENCES
from contests.sheets import payload_of
from contests.trail import AUDIT, Change
from core.web.i18n import show_moment, translate, translate_word
from core.words import ROLES

ACCOUNTS: Mapping[str, str] = {
    "account.created": "An account was made.",
    "account.disabled": "An account was shut.",
    "account.enabled": "An account was opened again.",
    "account.link_made": "A one-time log-in link was made.",
    "account.link_released": "A second person released a one-time link.",
    "account.password_set": "A password was set.",
    "account.sessions_ended": "An account was logged out everywhere.",
    "account.code_app_added": "A code app was added to an account.",
    "account.code_app_removed": "A code app was removed from an account.",
    "account.link_used": "A one-time log-in link was used.",
    "account.logged_in": "Somebody logged in.",
    "account.passkey_added": "A passkey was added to an account.",
    "account.passkey_removed": "A passkey was removed from an account.",
    "account.recovery_code_used": "A recovery code was used.",
    "account.recovery_codes_made": "New recovery codes were made.",
    "account.second_step_reset": "The second step of an account was taken away.",
    "account.wrong_code": "A wrong code was typed at the log-in.",
    "account.wrong_password": "A wrong password was typed at the log-in.",
    "installation.set_up": "The installation was set up.",
    "grant.given": "A role was given.",
    "grant.revoked": "A role was taken back.",
    "organisation.created": "An organisation was added.",
    "organisation.changed": "An organisation's name or contact was changed.",
    "consent.given": "A holder's consent was recorded.",
    "consent.withdrawn": "A holder's consent was ended.",
    "evidence.opened": "A line of a score sheet was opened by a link.",
    "holder.links_made": "Links that let holders in were made.",
    "holder.file_read": "A file that a holder handed in was read.",
    "holder.answered": "A holder's request for a correction was answered.",
    "evidence.closed": "The links to lines of a score sheet were ended.",
    "employer.invited": "An employer was invited.",
    "employer.joined": "Somebody of an employer made an account.",
    "employer.ended": "An employer's access was ended.",
    "employer.key_made": "An API key for programs was made.",
    "employer.key_rotated": "An API key for programs was rotated.",
    "employer.key_revoked": "An API key for programs was revoked.",
    "employer.webhook_added": "An address for news was added.",
    "employer.webhook_removed": "An address for news was removed.",
    "employer.webhook_on": "An address for news was switched on again.",
    "erase_person": "A person was erased.",
}
SETUP: Mapping[str, str] = {
    "create_competition": "A competition was made.",
    "create_contest": "A contest was made.",
    "import_contest": "A contest was taken in from a file.",
    "create_many": "Several contests were made from a workbook.",
    "undo_many": "Contests that were made together were taken back.",
    "save_template": "A contest was saved as a template.",
    "delete_template": "A template was deleted.",
    "edit_competition": "Title, days or place of the competition were changed.",
    "rename_contest": "The contest got another name.",
    "add_venue": "A venue was added to the programme.",
    "edit_venue": "A venue of the programme was changed.",
    "remove_venue": "A venue was taken out of the programme.",
    "add_session": "A session was added to the programme.",
    "remove_session": "A session was taken out of the programme.",
    "save_options": "The options of the contest were changed.",
    "save_scheme": "The marking scheme was changed.",
    "save_scheme_table": "The marking scheme was changed.",
    "undo_scheme_table": "A change of the marking scheme was undone.",
    "redo_scheme_table": "An undone change of the marking scheme was made again.",
    "put_scheme_tables_together": "Two versions of the marking scheme were put together.",
    "drop_scheme_table_aside": "A second version of the marking scheme was dropped.",
    "save_rules": "The rules were changed.",
    "undo_rules": "A change of the rules was undone.",
    "redo_rules": "An undone change of the rules was made again.",
    "save_facts": "The facts of the contest were changed.",
    "choose_level": "The skill level that the contest may lead to was chosen.",
    "choose_outputs": "The partners' certificates that the test is recognised for were chosen.",
    "save_team_rule": "A rule of the team standings was changed.",
    "share_duties": "It was decided that duties may be held by one person.",
    "make_ready": "The contest was made ready.",
    "contest_prepared": "The contest was made ready.",
    "cancel_contest": "The contest was cancelled.",
    "cancelled": "The contest was cancelled.",
    "lend_contest": "The contest was lent to a venue's server.",
    "lent": "The contest was lent to a venue's server.",
    "borrow_contest": "A contest was taken over from another server.",
    "give_back_contest": "A contest was given back to its server.",
    "take_back_contest": "The contest came back from the venue's server.",
    "returned": "The contest came back from the venue's server.",
    "make_leaders_link": "A read-only link for a leader was made.",
    "end_leaders_link": "A read-only link for a leader was ended.",
}
PEOPLE: Mapping[str, str] = {
    "add_delegation": "A delegation was added.",
    "register_entrants": "Entrants were registered.",
    "withdraw_entrant": "An entrant was withdrawn.",
    "add_late_entrant": "A late entrant was admitted.",
    "late_entry": "A late entrant was admitted.",
    "record_absence": "An absence was recorded.",
    "absence": "An absence was recorded.",
    "check_in": "An entrant was checked in.",
    "use_reserve": "A reserve took an absent entrant's place.",
    "reserve_used": "A reserve took an absent entrant's place.",
    "appoint": "Somebody was appointed.",
    "appointed": "Somebody was appointed.",
    "end_appointment": "An appointment ended.",
    "appointment_ended": "An appointment ended.",
    "recuse_judge": "A judge was recused.",
    "recused": "A judge was recused.",
    "add_tasters": "Tasters were added.",
    "renew_taster_codes": "The tasters got new codes.",
    "shut_out_taster": "A taster was shut out.",
    "judge_left": "A judge left in the middle.",
    "add_to_pool": "Judges were added to the pool.",
    "change_in_pool": "A judge of the pool was changed.",
    "remove_from_pool": "A judge is drawn no more.",
    "return_to_pool": "A judge was put back into the pool.",
    "erase_from_pool": "What the pool knew of a judge was erased.",
    "declare_interest": "A conflict of interest was declared.",
    "declare_own_interest": "A judge declared a conflict of interest.",
    "withdraw_interest": "A declared conflict of interest was withdrawn.",
    "interests_link": "A judge got a link to declare conflicts of interest.",
    "confirm_draw": "The judges were drawn and appointed.",
    "judges_drawn": "The judges were drawn and appointed.",
    "judges_draw_opened": "A draw of judges was begun.",
    "undo_draw": "The draw of judges was taken back.",
    "judges_draw_undone": "The draw of judges was taken back.",
    "regroup": "Judges changed their groups.",
    "name_leader": "A group got its leader.",
}
RUNNING: Mapping[str, str] = {
    "draw_codes": "Codes were drawn.",
    "drawn": "Codes were drawn.",
    "start_judging": "Marking started; scheme and rules are fixed.",
    "rules_frozen": "Marking started; scheme and rules are fixed.",
    "sheet": "{seat} signed the sheet of work {code} in module {module}.",
    "conflict": "{seat} signed a second revision of work {code} in module {module}.",
    "decide_conflict": "It was decided which revision of a sheet counts.",
    "conflict_decided": "It was decided which revision of a sheet counts.",
    "decide_quarantine": "It was decided about a sheet that was held back.",
    "take_back_too_late": "A sheet that came too late was set aside again.",
    "open_round": "A work is to be marked again by its group.",
    "mark_round": "A work is to be marked again by its group.",
    "penalty": "A penalty was given.",
    "cancel_penalty": "A penalty was taken back.",
    "penalty_cancelled": "A penalty was taken back.",
    "clock": "A clock was stamped.",
    "timing": "A time was entered.",
    "interruption": "A work got compensation time.",
    "attempt_ruled": "The attempt that counts was named.",
    "status": "A status was recorded.",
    "votes": "Votes were entered.",
    "type_paper": "A paper sheet was typed.",
    "correct_typing": "The typing of a paper sheet was corrected.",
    "end_judging": "Marking ended.",
    "judging_ended": "Marking ended.",
    "request_approval": "A second person was asked to approve.",
    "decide_approval": "A second person decided.",
}
RESULTS: Mapping[str, str] = {
    "open_codes": "Codes were opened.",
    "codes_opened": "Codes were opened.",
    "rule_places": "The chief referee ruled on a tie.",
    "place_ruled": "The chief referee ruled on a tie.",
    "close_contest": "The results were computed.",
    "contest_closed": "The results were computed.",
    "compute_team_standings": "The team standings were computed.",
    "confirm_awards": "The prizes were confirmed.",
    "take_results": "Results were taken away as a file.",
    "attach_scan": "The scan of a signed paper was kept.",
    "awards_confirmed": "The prizes were confirmed.",
    "sign_contest": "The results were signed.",
    "signed": "The results were signed.",
    "publish_contest": "The results were published.",
    "published": "The results were published.",
    "finalise_contest": "The results became final.",
    "finalised": "The results became final.",
    "file_appeal": "An appeal was filed.",
    "appeal_filed": "An appeal was filed.",
    "rule_appeal": "An appeal was ruled on.",
    "appeal_ruled": "An appeal was ruled on.",
    "correct_mark": "A mark was corrected.",
    "correct_name": "An entrant's name was corrected.",
    "correction": "A mark was corrected.",
}
CERTIFICATES: Mapping[str, str] = {
    "certificate.revoke": "A certificate was withdrawn for ever.",
    "certificate.suspended": "A certificate was suspended.",
    "certificate.issued": "A suspension was lifted.",
    "certificate.reissue": "A lost certificate was printed again.",
    "certificate.renew": "A certificate was renewed.",
    "correction.escalate": "Nobody answered a correction in time; who can was named.",
    "certificates.suspended": "Certificates were suspended.",
    "certificates.lifted": "The suspension of certificates was taken back.",
    "certificates.layout": "How certificates look on paper was chosen.",
    "certificates.documents": "Which identity documents stand on an issuer's certificates was decided.",
    "certificates.stock": "A sheet for pre-printed certificates was described.",
    "certificates.glyph": "A picture of a rare character was handed in.",
    "certificates.glyph-approved": "A picture of a rare character was approved.",
    "certificates.seal": "The picture of an issuer's seal and its keeper were chosen.",
    "certificates.sealed": "A seal was released for a batch of certificates.",
    "certificates.held": "Certificates were held, to be withdrawn for good.",
    "certificates.withdrawn": "Certificates were withdrawn for good.",
    "certificates.given_back": "The withdrawal of certificates was taken back.",
    "certificates.again": "Certificates that were stuck were tried again.",
    "stack.invited": "A link for checking a stack of certificates was made.",
    "stack.ended": "A link for checking a stack of certificates was ended.",
    "issuer.create": "An organisation became an issuer of certificates.",
    "key.publish": "An issuer's next key was published.",
    "key.activate": "An issuer's new key was taken into use.",
    "key.retire": "An issuer's key was retired.",
    "key.compromise": "An issuer's key was reported as stolen.",
    "proposal.grant": "A proposal was granted.",
    "proposal.refuse": "A proposal was refused.",
    "application.file": "An application was filed.",
    "honour.record": "An honour was recorded.",
    "honour.withdraw": "An honour was withdrawn.",
}
TABLETS: Mapping[str, str] = {
    "enrol_device": "A tablet was admitted.",
    "device_enrolled": "A tablet was admitted.",
    "tablet.enrolled": "A tablet was admitted.",
    "revoke_device": "A tablet was shut out.",
    "tablet.revoked": "A tablet was shut out.",
    "tablet.code_made": "A code for admitting tablets was made.",
    "tablet.signed_in": "A judge took a tablet into use.",
    "tablet.signed_out": "A judge left a tablet.",
    "tablet.returned": "A tablet was given back.",
    "tablet.written_to": "A message was sent to a tablet.",
    "tablet.wrote": "A tablet sent a message.",
    "tablet.message_read": "A message of a tablet was read.",
    "picture.stored": "A picture was kept.",
}
SAFETY: Mapping[str, str] = {
    "undo": "A bulk action was taken back.",
    "copy.made": "A copy of everything was made.",
    "copy.taken": "A copy of everything was downloaded.",
    "rehearsal.started": "A rehearsal was started.",
    "rehearsal.stopped": "A rehearsal was stopped.",
    "recognition.proposed": "A proof was proposed for direct recognition.",
    "occupations.loaded": "A list of occupations was loaded.",
    "level.list-taken-back": "A body's list of numbers was taken back.",
    "audit.exported": "The record of changes was exported.",
}
MATCHING: Mapping[str, str] = {
    "craftsman.entered": "A craftsman was entered in a registry.",
    "craftsman.invited": "A link for a craftsman was made.",
    "craftsman.agreed": "A craftsman agreed to be found.",
    "craftsman.withdrew": "A craftsman withdrew the consent to be found.",
    "craftsman.profile_changed": "A craftsman's profile was changed.",
    "craftsman.contact_seen": "The office looked at a craftsman's contact.",
    "service_team.made": "A service team was made.",
    "service_team.ended": "A service team was ended.",
    "enterprise.invited": "A link for an enterprise was made.",
    "enterprise.forgotten": "An enterprise was forgotten.",
    "need.filed": "An enterprise filed a need.",
    "need.withdrawn": "An enterprise withdrew a need.",
    "need.dispatched": "A need was offered to craftsmen.",
    "need.reported": "The result of a need was reported.",
    "need.objected": "An enterprise said that a need is not done yet.",
    "need.confirmed": "An enterprise confirmed a result.",
    "need.closed": "A need was closed.",
    "offer.link_made": "Another link for an offer was made.",
    "offer.accepted": "A craftsman accepted a need.",
    "offer.declined": "A craftsman declined a need.",
    "offer.taken_back": "An offer was taken back.",
    "offer.left": "A craftsman gave up a need that was accepted.",
    "visit.entered": "A visit to an enterprise was entered.",
    "visit.removed": "A mistyped visit was removed.",
}
RECORDS: Mapping[str, str] = {
    "honour.recorded": "An honour that was granted elsewhere was entered.",
    "honour.proposed": "An honour was proposed.",
    "honour.notice": "An honour was put in public notice.",
    "honour.objection": "An objection to an honour was filed.",
    "honour.answered": "An objection to an honour was answered.",
    "honour.granted": "An honour was granted.",
    "objection.public": "An objection came by the public form.",
    "honour.evidence": "A file of evidence was added to an honour.",
    "honour.evidence-opened": "A file of evidence of an honour was opened.",
    "records.taken_in": "A list of earlier or foreign records was taken in.",
    "records.taken_back": "A list of earlier or foreign records was taken back.",
    "records.scan_opened": "The scan of a list of earlier records was opened.",
    "records.exported": "An organisation's records were saved as a file.",
    "honour.declined": "An honour was declined.",
    "honour.withdrawal_asked": "The withdrawal of an honour was asked for.",
    "honour.withdrawal_dropped": "The withdrawal of an honour was dropped.",
    "honour.withdrawn": "An honour was withdrawn.",
    "studio.founded": "An innovation studio was entered.",
    "studio.joined": "Somebody joined an innovation studio.",
    "studio.left": "Somebody left an innovation studio.",
    "studio.result": "A result of an innovation studio was entered.",
    "studio.ended": "An innovation studio ended.",
    "learning.entered": "Training, or a master and an apprentice were entered.",
    "learning.corrected": "Training, or a master and an apprentice were corrected.",
    "learning.taken-out": "Training, or a master and an apprentice were taken out as a mistake.",
    "learning.put-back": "Training, or a master and an apprentice were put back.",
    "person.looked_up": "Somebody was searched for by the number of a document.",
    "person.join-asked": "It was proposed to join two records of one person.",
    "person.joined": "Two records of one person were joined.",
    "person.join-refused": "The joining of two records was refused.",
    "person.join-undone": "Two joined records were taken apart again.",
    "retention.period": "It was decided how long data of persons is kept.",
    "retention.asked": "It was proposed to erase what is due.",
    "retention.kept": "What was due is kept longer.",
    "retention.dropped": "What was due is not erased for now.",
    "retention.erased": "What was due was erased.",
    "application.filed": "An application was handed in.",
    "application.again": "An application was handed in again.",
    "application.evidence": "Evidence was added to an application.",
    "application.evidence-opened": "A file of evidence of an application was opened.",
    "application.taken_back": "An application was withdrawn by its unit.",
    "application.notice": "An application was put in public notice.",
    "application.objection": "An objection to an application was filed.",
    "application.answered": "An objection to an application was answered.",
    "application.agreed": "A step of an application agreed.",
    "application.refused": "A step of an application refused.",
    "application.sent_back": "An application was sent back.",
    "application.printed": "The form of an application was printed.",
    "applications.exported": "The list of applications was exported.",
}
GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "accounts": ("Accounts and roles", ACCOUNTS),
    "setup": ("Setting up", SETUP),
    "people": ("Entrants and judges", PEOPLE),
    "running": ("Draw, marking and times", RUNNING),
    "results": ("Results, appeals and corrections", RESULTS),
    "certificates": ("Certificates", CERTIFICATES),
    "matching": ("Craftsmen help enterprises", MATCHING),
    "records": ("Honours and applications", RECORDS),
    "tablets": ("Tablets", TABLETS),
    "safety": ("Copies, undoing and rehearsals", SAFETY),
}
"""Code -> title of a kind of change (msgid), and its sentences."""

OTHER = "Something was recorded: {kind}."
FIELDS: Mapping[str, str] = {
    "count": "How many",
    "role": "Role",
    "scope": "Where it counts",
    "until": "Until",
    "hours": "Hours",
    "login": "Log-in name",
    "label": "Name for colleagues",
    "language": "Language",
    "entries": "Entries",
    "result_version": "Version of the results",
    "reason": "Reason",
    "module": "Module",
    "code": "Code",
    "aspect": "Aspect",
    "value": "Value",
    "old": "Before",
    "new": "After",
    "state": "State",
    "seat": "Seat",
    "number": "Number",
    "minutes": "Minutes",
    "points": "Points",
    "upheld": "Upheld",
    "signed": "Signed",
    "title": "Title",
    "kind": "Kind",
    "certificates": "Certificates",
}
"""Names of values that are shown. What is not here is for machines: keys, sums, addresses."""

_MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the view. before and after: "Role: judge", one to a line."""

    at: datetime
    sentence: str
    subject: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def sentence_of(action: str) -> str:
    """msgid; SENTENCES of the contest's page where only they have one."""
    for _, known in GROUPS.values():
        if action in known:
            return known[action]
    return SENTENCES.get(action, OTHER)


def actions_of(group: str) -> frozenset[str]:
    return frozenset(GROUPS[group][1]) if group in GROUPS else frozenset()


def line_of(change: Change, seats: Mapping[str, str], language: str) -> Line:
    params = _params(change, seats)
    sentence = translate(sentence_of(change.action), language, **params)
    before, after = change.before, change.after
    if change.source != AUDIT and "jws" not in change.details:
        after = change.details
    return Line(
        change.at,
        sentence,
        _subject(change, language),
        tuple(_said(before, language)),
        tuple(_said(after, language)),
    )


def _params(change: Change, seats: Mapping[str, str]) -> dict[str, object]:
    params: dict[str, object] = {"kind": change.action.replace(".", " ").replace("_", " ")}
    params |= {key: value for key, value in change.details.items() if isinstance(value, str | int)}
    if "jws" in change.details:
        payload = payload_of(change.details["jws"])
        params |= {
            "seat": seats.get(payload.judge, "?"),
            "code": payload.code,
            "module": payload.module,
        }
    params["kind"] = change.action.replace(".", " ").replace("_", " ")
    return params


def _subject(change: Change, language: str) -> str:
    """Codes, numbers and roles that people use; ids are for machines."""
    text = change.subject
    if text in ROLES:
        return translate(ROLES[text], language)
    machine = (len(text) == 36 and text.count("-") == 4) or len(text) > 60
    return "" if machine or change.action.startswith(("key.", "tablet.", "picture")) else text


def _said(value: Any, language: str) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield f"{translate('Reason', language)}: {value[:_MOST]}"
    if not isinstance(value, Mapping):
        return
    for key, one in value.items():
        name = FIELDS.get(key)
        text = _value(key, one, language)
        if name and text:
            yield f"{translate(name, language)}: {text}"


def _value(key: str, value: Any, language: str) -> str:
    if isinstance(value, bool):
        return translate("yes" if value else "no", language)
    if isinstance(value, list):
        return str(len(value))
    if isinstance(value, int | str) and value != "":
        text = str(value)
        if key == "until" and "T" in text:
            return show_moment(text, language)
        return str(translate_word(key, text, language))[:_MOST]
    return ""
