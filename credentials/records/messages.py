"""Sentences of what may be wrong with an honour, a studio or an application."""

from __future__ import annotations

from core.findings import register

DECLARED = "The contest's own regulations declare it."
NAMED_PRIZE = "a prize that the contest's regulations name for it"

FINDINGS = {
    "credentials.notice-short": "Give a last day of the public notice that is later than today.",
    "credentials.notice-missing": "There has been no public notice yet. Begin one first.",
    "credentials.notice-runs": "The public notice runs until {until}. Decide on the day after.",
    "credentials.objections-open": "Objections without an answer: {count}. Answer them first.",
    "credentials.objection-upheld": (
        "The objection of {day} was upheld. Decline, or send it back; agreeing is not possible any more."
    ),
    "credentials.objection-late": "Objections are filed while the public notice runs; it does not run today.",
    "credentials.text-missing": "This is empty. Write at least one sentence.",
    "credentials.text-long": "This is longer than {most} characters. Shorten it.",
    "credentials.name-missing": "Give the person's name.",
    "credentials.who-missing": "Give the number of a certificate of this platform, or an identity document.",
    "credentials.who-differs": (
        "Nobody with this name belongs to this number. Compare both with the document and type them again."
    ),
    "credentials.document-kind": "Choose the kind of identity document.",
    "credentials.title-held": "{title} is held already: granted on {day} by {authority}. It is not granted twice.",
    "credentials.application-open": "An application for it is still on its way. It has to go through all steps first.",
    "credentials.honour-document": "Give the number of the authority's document, at most {most} characters.",
    "credentials.evidence-missing": "Give a link to the evidence, or the SHA-256 of its file.",
    "credentials.evidence-link": "A link begins with https:// and has no spaces and no password in it.",
    "credentials.evidence-hash": "A SHA-256 has 64 characters, 0 to 9 and a to f.",
    "credentials.honour-unknown": "Choose one of the honours in the list.",
    "credentials.honour-authority": (
        "{title} is granted by {authority}. Choose that organisation, or enter it as granted elsewhere."
    ),
    "credentials.city-unknown": "Choose one of the cities in the list.",
    "credentials.studio-missing": "Choose one of the studios in the list; enter the studio first.",
    "credentials.holder-missing": "Give a name of 1 to {most} characters.",
    "credentials.honour-pending": "{title} has been on its way for this person since {day}. Go on there.",
    "credentials.studio-level": "Choose the studio's level.",
    "credentials.studio-role": "Choose leader or member.",
    "credentials.studio-before": "The studio was founded on {day}. Give a day that is not earlier.",
    "credentials.studio-member": "This person is a member already.",
    "credentials.studio-until": "Give a last day that is not before the first one, of somebody who still belongs to it.",
    "credentials.studio-result": "Say in 1 to {most} characters what came of it.",
    "credentials.studio-evidence": "Give what proves it: a number, a link or the SHA-256 of a file.",
    "credentials.steps-none": "No application is taken for {title}: its authority is asked in another way.",
    "credentials.proposal-gone": "The result that this rests on does not give the proposal any more. Nothing can be agreed to.",
    "credentials.first-named": "In an event for several, only the first-named may apply for {title}; this person is not the first.",
    "credentials.applied-already": "An application for {title} was filed on {day} and is on its way. Go on there.",
    "credentials.no-proposal": (
        "Nothing on record proposes {title} for this person. Ask the contest's organiser, or the authority."
    ),
    "credentials.step-body": "Choose the organisation whose turn this step is.",
    "credentials.step-authority": "The last step is decided by {authority}. Choose that organisation.",
    "credentials.step-own": "The first step is your own unit's. Choose the organisation that you act for.",
    "credentials.decision-unknown": "Choose to agree, to refuse or to send it back.",
    "credentials.paper-title": "Say in 1 to {most} characters what the evidence is.",
    "credentials.partner-level": "{title} has levels of its own. State one of them: {known}.",
    "credentials.partner-no-level": "{title} has no levels. Leave the level empty.",
    "credentials.partner-number": (
        "{title} carries a number of its issuer. Give it: 1 to {most} letters, digits, - / or ."
    ),
    "credentials.partner-no-number": "{title} carries no number. Leave it empty.",
}
register(FINDINGS)
