"""The form of an application as a PDF: to be sealed by hand, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from core import audit, paper
from core.db import transaction
from core.security import Actor
from core.web.i18n import pick, show_date, translate
from credentials.records.applications.queries import ApplicationPage, Step, application_page
from credentials.records.applications.words import FORM, STEP_STATES
from credentials.records.exchange.words import PAPER
from credentials.records.honours.catalogue import cities
from credentials.scopes import issuer_scopes

TEMPLATE = "applications/form.typ"


def register() -> None:
    paper.register("applications", Path(__file__).parent / "paper")


async def form_pdf(by: Actor, application: Any, language: str, *, at: datetime) -> bytes:
    """For whoever may see the application; that it was printed is on record. Raises CharacterMissing."""
    page = await application_page(by, application)
    made = await paper.pdf(TEMPLATE, _Form(page, language).data(), language=language, at=at)
    scopes = await issuer_scopes(page.row["unit"])
    async with transaction():
        await audit.record(by, "application.printed", scope=scopes[0], subject=str(page.row["id"]))
    return made


class _Form:
    def __init__(self, page: ApplicationPage, language: str) -> None:
        self._page, self._language = page, language

    def data(self) -> dict[str, Any]:
        page, title = self._page, pick(self._page.title, self._language)
        return {
            "title": self._say("title", title=title),
            "under": pick(page.unit, self._language),
            "head": str(page.row["id"]),
            "facts": self._facts(),
            "parts": self._parts(),
            "steps": [self._step(one) for one in page.steps],
            "seal": self._say("seal"),
        }

    def _say(self, word: str, **params: object) -> str:
        return translate(FORM[word], self._language, **params)

    def _facts(self) -> list[list[str]]:
        page, result = self._page, self._page.file.get("gathered", {}).get("result", {})
        town = next((c.title for c in cities() if c.code == page.row["city"]), {})
        contest = " · ".join(
            words
            for text in (result.get("competition"), result.get("contest"))
            if (words := pick(text, self._language))
        )
        place = ""
        if result.get("rank"):
            place = self._say("of", place=result["rank"], count=result["entrants"])
        known = {
            "name": page.name,
            "unit": pick(page.unit, self._language) or page.row["unit"],
            "city": pick(town, self._language),
            "filed": show_date(page.row["filed_at"], self._language),
            "contest": contest,
            "held_on": show_date(result["held_on"], self._language)
            if result.get("held_on")
            else "",
            "place": place,
            "prize": pick(result.get("prize"), self._language),
        }
        return [[self._say(word), value or "—"] for word, value in known.items()]

    def _parts(self) -> list[dict[str, Any]]:
        page, gathered = self._page, self._page.file.get("gathered", {})
        heads = [self._say(word) for word in ("what", "issuer", "day", "number")]
        return [
            self._part("certificates", heads, [self._proved(one) for one in gathered.get("certificates", ())]),
            self._part("levels", heads[:3], [self._proved(one)[:3] for one in gathered.get("levels", ())]),
            self._part("honours", heads[:3], [self._proved(one)[:3] for one in gathered.get("honours", ())]),
            self._part(
                "evidence",
                [self._say("what"), self._say("link")],
                [
                    *([title or "—", link or hash] for title, link, hash in page.papers),
                    *([one.name or "—", one.hash] for one in page.files),
                ],
            ),
            {**self._part("statement", [], []), "text": page.file.get("statement", "—")},
        ]  # fmt: skip

    def _part(self, word: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:  # fmt: skip
        text = "" if rows else self._say("none")
        return {"title": self._say(word), "heads": list(heads), "rows": list(rows), "text": text}

    def _proved(self, one: Mapping[str, Any]) -> list[str]:
        issuer = pick(self._page.issuers.get(one["issuer"]), self._language) or one["issuer"]
        day = show_date(one["day"], self._language) if one["day"] else "—"
        title = pick(one["title"], self._language)
        if one.get("paper"):
            title += f" ({translate(PAPER, self._language)})"
        return [title, issuer, day, one.get("number", "")]

    def _step(self, step: Step) -> dict[str, Any]:
        row, lines = step.row, [pick(step.body, self._language) or step.row["body"]]
        if row["notice_until"]:
            days = {
                "start": show_date(row["notice_from"], self._language),
                "end": show_date(row["notice_until"], self._language),
            }
            lines.append(self._say("notice", **days))
            lines.append(self._say("objections", count=len(step.objections)))
        if row["decided_on"]:
            day = show_date(row["decided_on"], self._language)
            said = translate(STEP_STATES[row["state"]], self._language)
            lines.append(self._say("decided", day=day, decision=said))
        title = f"{row['n']}. {pick(step.title, self._language)}"
        return {"title": title, "lines": lines, "opinion": step.opinion or "—"}
