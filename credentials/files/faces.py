"""What stands on one printed certificate: from its row, its signed token and its issuer's layout."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.privacy import facts_of
from core.scoring.model import Text
from core.skill_levels import level_words
from core.tables import Organisation
from core.web.i18n import pick, show_date
from credentials import qr, rendering
from credentials.claims import COLLECTIVE
from credentials.files import glyphs, seals, words
from credentials.files.documents import printed_for, rules_of
from credentials.files.particulars import Particulars, photo_of
from credentials.keyring import addresses
from credentials.layouts import Layout
from credentials.lifecycle.changing import reissue_of
from credentials.records.actions import LEVEL_NUMBER
from credentials.verify import CHINA

QR_SIDE = 30.0
"""Millimetres of the code itself; its quiet zone comes on top."""
LOOKUPS = ("http://jndj.osta.org.cn", "http://pjjg.osta.org.cn")
"""Where the national number of a level certificate and its body are looked up."""
NO_DIRECTION = "--"
_LEVEL_BEHIND = re.compile(
    r"[\s,，]*(?:[一二三四五]级/\S+|[一二三四五]級/\S+|level \d.*|nível \d.*)$", re.I
)


@dataclass(slots=True)
class Face:
    """One page to print, with the pictures and files that it names. name: as it is signed."""

    name: str
    page: dict[str, Any]
    images: dict[str, bytes]


async def face(row: Mapping[str, Any], known: Particulars, layout: Layout) -> Face:
    """row: of `credentials.queries`, with its token still there."""
    number, token = row["public_id"], rendering.token_of(row)
    text = await rendering.qr_text(row)
    images = {f"{number}.svg": qr.svg(text, title=number).encode(), f"{number}.jwt": token.encode()}
    name = rendering.name_in(token)
    drawn = await glyphs.spelled(name, row["issuer"], layout.languages[0], images)
    page = {
        **same(known, layout, await issuer_title(row["issuer"]), row["issuer"]),
        **await _of_kind(row, known, layout, rendering.payload_of(token)),
        "name": drawn,
        "romanised": await _romanised(row, name),
        "number": number,
        "qr": f"{number}.svg",
        "qr_side": side_of(text),
        "token": f"{number}.jwt",
        "reissue": await _reissue(row, layout),
    }
    photo = await photo_of(row["person"]) if layout.photo else None
    if photo:
        page["photo"] = f"{number}.jpg"
        images[page["photo"]] = photo
    if layout.seal != "none" and (seal := await seals.picture_on(row)):
        page["seal_picture"] = f"seal-{row['issuer']}.png"
        images[page["seal_picture"]] = seal
    return Face(name, page, images)


def same(known: Particulars, layout: Layout, issuer: Text, code: str) -> dict[str, Any]:
    """What every certificate of a contest has, and every word that may be empty."""
    return {
        "kind": "award",
        "competition": texts(known.competition, layout),
        "contest": texts(known.contest, layout),
        "issuer": texts(issuer, layout) or [code],
        "date": dates(known.held_on, layout),
        "check": urlsplit(addresses().certificate("x")).netloc,
        "seal": layout.seal,
        "qr_side": QR_SIDE,
        **dict.fromkeys(_EMPTY, ""),
    }


_EMPTY = (
    "team",
    "photo",
    "photo_word",
    "seal_word",
    "seal_picture",
    "specimen",
    "token",
    "romanised",
    "reissue",
)


async def issuer_title(code: str) -> Text:
    row = await Organisation.select(Organisation.title).where(Organisation.code == code).first()
    title: Text = json.loads(row["title"]) if row else {}
    return title


def texts(text: Text, layout: Layout) -> list[str]:
    """In the issuer's order, each once; what stands nowhere in these languages, as it stands."""
    found = dict.fromkeys(words for one in layout.languages if (words := text.get(one, "")))
    return list(found) or [words for words in [pick(text, layout.languages[0])] if words]


def dates(day: str, layout: Layout) -> str:
    return " · ".join(dates_of(day, layout))


def dates_of(day: str, layout: Layout) -> list[str]:
    return list(dict.fromkeys(show_date(day, one) for one in layout.languages)) if day else []


def side_of(text: str) -> float:
    """Of the picture, so that the code without its quiet zone has its size."""
    modules = len(qr.matrix(text))
    return round(QR_SIDE * (modules + 2 * qr.QUIET) / modules, 3)


# --- what differs between an award, a level and an honour ---------------------------------------


_HONOURS: Mapping[str, tuple[Text, Text]] = {
    "honour": (words.HONOUR_CERTIFICATE, words.HONOURED),
    "partner": (words.PARTNER_CERTIFICATE, words.CONFERRED),
    COLLECTIVE: (words.HONOUR_CERTIFICATE, words.HONOURED),
}
"""Kind -> heading, and what stands between the name and what was conferred."""


async def _of_kind(
    row: Mapping[str, Any], known: Particulars, layout: Layout, payload: Mapping[str, Any]
) -> dict[str, Any]:
    title: Text = json.loads(row["title"])
    if row["kind"] == "level":
        return await _level(row, layout, title, payload)
    if row["kind"] in _HONOURS:
        heading, verb = _HONOURS[row["kind"]]
        return {
            "kind": "honour",
            "heading": texts(heading, layout),
            "verb": texts(verb, layout),
            "prize": texts(title, layout),
            "date": dates(row["awarded_on"], layout),
        }
    return {"prize": short_prize(known, title, layout)}


def short_prize(known: Particulars, title: Text, layout: Layout) -> list[str]:
    """The certificate's title is contest and prize; on paper the contest has its own line."""
    short = {
        language: said.removeprefix(pick(known.contest, language)).strip(" ·,-") or said
        for language, said in title.items()
    }
    return texts(short, layout)


async def _level(
    row: Mapping[str, Any], layout: Layout, title: Text, payload: Mapping[str, Any]
) -> dict[str, Any]:
    kind, document = await printed_for(row["person"], await rules_of(row["issuer"]))
    number = str(payload["credentialSubject"].get("licenseNumber", ""))
    occupation = {language: occupation_in(said) for language, said in title.items()}
    level = level_words(row["grade"])
    lines: list[tuple[Text, Sequence[str]]] = [
        (words.DOCUMENT, texts(kind, layout)),
        (words.DOCUMENT_NUMBER, [document]),
        (words.OCCUPATION, texts(occupation, layout)),
        (words.DIRECTION, [NO_DIRECTION]),
        (words.LEVEL, texts(level, layout)),
        (words.NUMBER, [number]),
        (words.BODY_NAME, texts(await issuer_title(row["issuer"]), layout)),
        (words.DATE, dates_of(row["awarded_on"], layout)),
    ]
    return {
        "kind": "level",
        "heading": texts(words.LEVEL_CERTIFICATE, layout),
        "body": texts(words.BODY, layout),
        "name_label": texts(words.NAME, layout),
        "fields": [[texts(label, layout), list(said)] for label, said in lines if any(said)],
        "lookups": list(LOOKUPS) if LEVEL_NUMBER.fullmatch(number) else [],
        "date": dates(row["awarded_on"], layout),
    }


def occupation_in(title: str) -> str:
    """ "Welder, level 3" -> "Welder": on a level certificate the two are fields of their own."""
    return _LEVEL_BEHIND.sub("", title) or title


async def _romanised(row: Mapping[str, Any], name: str) -> str:
    """As the holder writes it; never made from the name."""
    if row["person"] is None:
        return ""
    said = str((await facts_of([row["person"]])).get(row["person"], {}).get("romanised", ""))
    return said if said.casefold() != name.casefold() else ""


async def _reissue(row: Mapping[str, Any], layout: Layout) -> str:
    """ "补发" with count and date, when another paper was given out before."""
    mark = await reissue_of(row["id"])
    if not mark:
        return ""
    day = mark.on.astimezone(CHINA).date().isoformat()
    said = [
        words.REISSUED[one].format(count=mark.count, date=show_date(day, one))
        for one in layout.languages
    ]
    return " · ".join(said)
