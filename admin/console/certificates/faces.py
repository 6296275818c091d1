"""What a contest gives to its certificates: titles, dates, names for a preview."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row, contest_row
from contests.entering.photos import photos_of
from contests.identity.sealing import persons_of
from core import paper
from core.errors import NotFound
from core.privacy import names_of
from core.scoring.model import Text
from core.tables import Organisation
from core.web.i18n import pick, translate
from credentials import layouts, qr
from credentials.files import forms, particulars
from credentials.files.faces import same, texts
from credentials.files.particulars import Particulars
from credentials.keyring import addresses
from credentials.layouts import Layout

ENDS = ("longest", "shortest")


def register() -> None:
    forms.register()
    particulars.register(particulars=of_contest, photos=photos_of)


@dataclass(frozen=True, slots=True)
class About:
    """What is the same on every certificate of a contest. issuer: code of its organiser."""

    contest: Text
    competition: Text
    issuer: str
    issuer_title: Text
    issuer_id: UUID | None
    prizes: Sequence[Text]
    held_on: str

    @property
    def particulars(self) -> Particulars:
        return Particulars(self.contest, self.competition, self.held_on)


async def about(contest: UUID) -> About:
    row = await contest_row(contest)
    competition = await competition_row(row["competition"])
    facts = json.loads(row["facts"])
    code = facts.get("organiser", "")
    organisation = await issuer_row(code)
    rules = json.loads(row["rules"]) if row["rules"] else {}
    return About(
        contest=json.loads(row["title"]),
        competition=json.loads(competition["title"]),
        issuer=code,
        issuer_title=json.loads(organisation["title"]) if organisation else {},
        issuer_id=organisation["id"] if organisation else None,
        prizes=[prize["title"] for award in rules.get("awards", []) for prize in award["prizes"]],
        held_on=facts.get("held_on", ""),
    )


async def of_contest(contest: UUID) -> Particulars:
    """Nothing where the contest is not on this installation: what is signed is printed all the same."""
    try:
        return (await about(contest)).particulars
    except NotFound:
        return Particulars()


async def issuer_row(code: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (
        await Organisation.select(Organisation.id, Organisation.title)
        .where(Organisation.code == code)
        .first()
    )
    return found


async def ends_of(contest: UUID) -> dict[str, str]:
    """The longest and the shortest name of the contest as they are printed; nothing without names."""
    members = await persons_of(contest)
    known = await names_of({person for team in members.values() for person in team})
    names = sorted((name for name in known.values() if name), key=lambda name: (width(name), name))
    return {"longest": names[-1], "shortest": names[0]} if names else {}


async def preview(contest: UUID, layout: Layout, which: str, language: str) -> bytes:
    """A PNG of the page as it would be printed, marked as a specimen. Raises NotFound."""
    names = await ends_of(contest)
    if layouts.findings(layout) or which not in names:
        raise NotFound(kind="preview", id=f"{layout.form} {which}"[:40])
    known = await about(contest)
    prize = max(known.prizes, key=lambda one: width(pick(one, layout.languages[0])), default={})
    page = {
        **same(known.particulars, layout, known.issuer_title, known.issuer),
        "prize": texts(prize, layout) or [translate("Prize", layout.languages[0])],
        "name": [{"text": names[which]}],
        "number": "XXXX-XXXX-XXXX",
        "qr": "specimen.svg",
        "specimen": translate("Specimen", language),
        "seal_word": translate("Seal", language) if layout.seal != "none" else "",
        "photo_word": translate("Photo", language) if layout.photo else "",
    }
    images = {"specimen.svg": qr.svg(addresses().certificate("XXXXXXXXXXXX")).encode()}
    template = layouts.form_of(layout).template
    made = await paper.pictures(
        template, {"all": [page]}, language=layout.languages[0], images=images
    )
    return made[0]


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
