"""What the two pages of a holder show: all certificates, and one of them with its excerpts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Response

from core.errors import JiangxinError
from core.same_person import records_of
from core.timeline import moments_of
from core.web import qr
from core.web.i18n import LANGUAGES, NAMES, pick, show_list, translate
from core.web.language import language_of
from credentials import keyring
from credentials.consents.actions import WORDING, in_force
from credentials.consents.tables import HolderConsent
from credentials.evidence.actions import LONGEST_DAYS
from credentials.evidence.tables import OpenedLine
from credentials.holder import asking, shares
from credentials.holder.excerpt import (
    FIELDS,
    LINE,
    excerpt,
    readable_fields,
    sheet_lines,
    value_of,
)
from credentials.holder.excerpt import (
    NAMES as NAME_CHOICES,
)
from credentials.holder.own import Own, certificates_of, issuer_titles, look_of, title_of
from credentials.holder.pages import Req, show
from credentials.holder.sessions import Holder, history
from credentials.holder.shares import DAYS, Shared, Wanted
from credentials.records.person import words


@dataclass(frozen=True, slots=True)
class Made:
    """A link that was just made: shown once. kind: "share" or "line"."""

    address: str
    kind: str

    @property
    def picture(self) -> str:
        return qr.svg(self.address, title="")


async def all_page(
    request: Req, asked: Holder, error: JiangxinError | None = None
) -> Response[bytes]:
    language = language_of(request)
    owned = await certificates_of(asked)
    ids = [one.row["id"] for one in owned]
    titles = await issuer_titles(owned)
    requests = await asking.requests_of(asked.person, ids)
    return show(
        request,
        "mine.html",
        asked,
        error=error,
        owner=next((one.verdict.read.name for one in owned if one.verdict.read), ""),
        certificates=[
            {
                "own": one,
                "look": await look_of(one, language),
                "title": title_of(one, language),
                "issuer": pick(titles[one.row["issuer"]], language),
            }
            for one in owned
        ],
        shares=_open_shares(await shares.shares_of(asked.person, ids), owned, language),
        consents=await _consents(asked, language),
        requests=requests,
        numbers={one.row["id"]: one.number for one in owned},
        kinds=asking.KINDS,
        states=asking.STATES,
        log_ins=await _log_ins(asked),
        moments=await moments_of(asked.person, asked.within),
        moment_words=words,
    )


async def one_page(
    request: Req,
    asked: Holder,
    own: Own,
    error: JiangxinError | None = None,
    *,
    wanted: Wanted | None = None,
    typed: Mapping[str, str] | None = None,
    made: Made | None = None,
) -> Response[bytes]:
    """wanted, typed: what stands in the forms. made: a link to show."""
    language, chosen = language_of(request), wanted or _first_choice(own)
    lines = await sheet_lines(own) if own.readable else ()
    ids = [own.row["id"]]
    found = await shares.shares_of(asked.person, ids)
    return show(
        request,
        "certificate.html",
        asked,
        error=error,
        own=own,
        look=await look_of(own, language),
        title=title_of(own, language),
        issuer=pick((await issuer_titles([own]))[own.row["issuer"]], language),
        check_page=keyring.addresses().certificate(own.public_id),
        wanted=chosen,
        preview=await excerpt(own, chosen.codes, language) if own.readable else None,
        names=NAME_CHOICES,
        fields=readable_fields(own),
        days=DAYS,
        lines=[(f"{LINE}{n}", pick(one.title, language), value_of(one, language)) for n, one in enumerate(lines)],
        line_days=LONGEST_DAYS,
        open_lines=await _open_lines(own),
        shares=_open_shares(found, [own], language),
        over=[one for one in found if not one.open(datetime.now(UTC))][:20],
        kinds=asking.KINDS,
        states=asking.STATES,
        requests=await asking.requests_of(asked.person, ids),
        typed=typed or {},
        made=made,
        host=keyring.addresses().host,
    )  # fmt: skip


def _first_choice(own: Own) -> Wanted:
    return Wanted(fields=Wanted().fields & set(readable_fields(own)))


def _open_shares(found: Any, owned: list[Own], language: str) -> list[tuple[Shared, str, str]]:
    """Each with the title of its certificate and what it shows in words."""
    titles = {one.row["id"]: title_of(one, language) for one in owned}
    now = datetime.now(UTC)
    return [
        (one, titles[one.certificate], what_of(one, language)) for one in found if one.open(now)
    ]


def what_of(share: Shared, language: str) -> str:
    words = [f"{translate('Holder', language)} ({translate(NAME_CHOICES[code], language)})"
             for code in NAME_CHOICES if code in share.fields]  # fmt: skip
    words += [translate(label, language) for code, label in FIELDS.items() if code in share.fields]
    lines = sum(code.startswith(LINE) for code in share.fields)
    if lines:
        words.append(translate("Lines of the score sheet: {count}", language, count=lines))
    return show_list(words, language)


async def _consents(asked: Holder, language: str) -> list[dict[str, Any]]:
    """Each with its sentence in the reader's language, in the others, and since when."""
    now = await in_force(asked.person)
    rows = (
        await HolderConsent.select()
        .where(HolderConsent.person.is_in(list(await records_of(asked.person))))
        .order_by(HolderConsent.given_at)
    )
    return [
        {
            "kind": kind,
            "sentence": translate(sentence, language),
            "others": [
                (code, NAMES[code], translate(sentence, code))
                for code in LANGUAGES
                if code != language
            ],
            "given": kind in now,
            "history": [row for row in rows if row["kind"] == kind],
        }
        for kind, (_, sentence) in WORDING.items()
    ]


async def _open_lines(own: Own) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    return list(
        await OpenedLine.select()
        .where(
            OpenedLine.certificate == own.row["id"],
            OpenedLine.closed_at.is_null(),
            OpenedLine.expires_at > now,
        )
        .order_by(OpenedLine.opened_at)
    )


async def _log_ins(asked: Holder) -> list[dict[str, Any]]:
    """state: of a link "waiting", "over" or "" once used; of a log-in "here", "open" or "over"."""
    now, found = datetime.now(UTC), []
    for one in (await history(asked.person))[:100]:
        live = one["ended_at"] is None and one["expires_at"] > now
        if one["kind"] == "session":
            state = "here" if one["id"] == asked.session else "open" if live else "over"
        else:
            state = "" if one["used_at"] else "waiting" if live else "over"
        found.append({**one, "state": state})
    return found
