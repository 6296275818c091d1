"""Every sentence that a line may need, by its code. The English sentence is the catalogues' msgid."""

from __future__ import annotations

from collections.abc import Mapping

from core.findings import register
from core.web.i18n import translate
from credentials.messages import DETAILS, STATES
from credentials.pages.sentences import WHAT_NOW
from credentials.stacks.lines import Line, Ruling
from credentials.stacks.neighbours import NEIGHBOURS
from credentials.verify import State

RULINGS: Mapping[Ruling, str] = {
    Ruling.GENUINE: "Genuine",
    Ruling.ALTERED: "Altered",
    Ruling.NOT_OURS: "Not ours",
    Ruling.NO_CODE: "No code readable",
    Ruling.UNDECIDED: "Not decided",
}

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "no-code": (
        "No QR code could be read.",
        "Photograph the page again: flat, in daylight, the whole code sharp and without a shadow.",
    ),
    "other-code": (
        "There is a code, but no certificate's.",
        "Look for the certificate's own QR code and photograph that page again.",
    ),
    "pixels": (
        "The picture has more than 64 million pixels.",
        "Take it again with an ordinary setting of the camera.",
    ),
    "pages": ("The PDF has more than 200 pages.", "Split it into parts of 200 pages."),
    "stack-pages": (
        "This stack has more than 2,000 pages; this file was not looked at any more.",
        "Send it as another stack.",
    ),
    "locked": (
        "The file is protected by a password.",
        "Save it without a password and send it again.",
    ),
    "broken": ("The file is damaged.", "Make it again from the paper, or save it once more."),
    "slow": ("Looking at this page took too long.", "Scan this page again as a picture."),
    "memory": (
        "Looking at this page would have needed too much memory.",
        "Scan this page again as a picture.",
    ),
    "other-picture": (
        "This picture's format can't be read here.",
        "Save it as JPEG, PNG, WebP or PDF.",
    ),
    "other-archive": ("Of archives only zip can be read here.", "Pack the files as zip."),
    "office": (
        "Documents of office programs can't be read here.",
        "Save it as PDF and send that.",
    ),
    "unknown": (
        "This kind of file can't be read here.",
        "Send PDF, JPEG, PNG, WebP, SVG or a zip of those.",
    ),
    "empty": ("The file is empty.", "Send it again."),
    "svg": (
        "This drawing holds no certificate.",
        "Save it as PDF or PNG, so that its code can be read.",
    ),
    "nested": (
        "A zip lies in this zip.",
        "Unpack the inner one and send its files.",
    ),
    "many-in-zip": ("The zip holds more than 300 files.", "Send it in parts."),
    "unpacked": (
        "Unpacked it would be larger than is allowed.",
        "Send the file by itself, at most 20 MB.",
    ),
    "rows": ("The table has more than 10,000 rows.", "Split it."),
    "no-rows": (
        "No certificate's number stands in this table.",
        "Send the Excel that you got here last time.",
    ),
    "nothing-in-zip": ("The zip holds no file.", "Pack the files once more."),
}
"""Code -> (what is the matter, what to do)."""

OF_FILES: Mapping[str, tuple[str, str]] = {
    "paper-differs": (
        DETAILS["paper-differs"],
        "Don't rely on it: somebody put the file together. Ask for the original paper.",
    ),
    "paper-no-code": (
        DETAILS["paper-no-code"],
        "Don't rely on what the page says. Ask for the original paper or file.",
    ),
    "paper-text": (
        DETAILS["paper-text"],
        "Don't rely on it: only what stands in this row was signed. Ask for the original paper.",
    ),
    "number-alone": (
        "The code holds a number and no signature, as on no paper of this issuer.",
        "Compare the paper letter by letter with the verify page, or ask the issuer.",
    ),
    "known-host": (
        "Its code leads to another service: {host} ({neighbour}).",
        "",
    ),
    "unknown-host": (
        "Its code leads to {host}, which nobody here knows.",
        "Don't open that address because it stands there. Ask the issuer that is named on the paper, at a"
        " telephone number that you looked up yourself.",
    ),
}

FINDINGS: Mapping[str, str] = {
    "stacks.employer": "Give the employer's name, 1 to {most} characters.",
    "stacks.days": "A link lasts 1 to {most} days.",
    "stacks.uses": "A link can be used 1 to {most} times.",
    "stacks.number": "{given} is no whole number. Write it in digits.",
    "stacks.office": "Choose in whose name the link is made.",
    "stacks.empty": "{file} is empty. Send it again.",
    "stacks.file-large": "{file} is larger than {most}. Make it smaller, or split it.",
    "stacks.many": "{file} was not taken: a stack holds {most} files. Send it as another stack.",
    "stacks.stack-large": (
        "{file} was not taken: the files of a stack measure {most} together. Send it as another stack."
    ),
    "stacks.nothing-sent": "Choose at least one file.",
}


def install() -> None:
    register(FINDINGS)


def reason_of(line: Line, language: str) -> str:
    """Why it is so, in one sentence."""
    if line.code in PROBLEMS:
        return translate(PROBLEMS[line.code][0], language)
    if line.code in OF_FILES:
        known = NEIGHBOURS.get(line.neighbour)
        place = translate(known.title, language) if known else ""
        return translate(OF_FILES[line.code][0], language, host=line.host, neighbour=place)
    if line.code in DETAILS:
        return translate(DETAILS[line.code], language, kid="", date=line.since)
    return ""


def state_of(line: Line, language: str) -> str:
    return translate(STATES[State(line.state)][0], language, date="") if line.state else ""


def todo_of(line: Line, language: str) -> str:
    """What the reader does now; "" for what is genuine and valid."""
    if line.code in PROBLEMS:
        return translate(PROBLEMS[line.code][1], language)
    if line.neighbour:
        return translate(NEIGHBOURS[line.neighbour].look, language)
    if line.code in OF_FILES:
        return translate(OF_FILES[line.code][1], language)
    if line.state and (said := WHAT_NOW.get(State(line.state))):
        return translate(said, language)
    return ""
