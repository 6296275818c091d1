"""How certificates look on paper: the declared forms, and what an issuer chose for one contest.

Nothing of it is signed: a layout may change at any time, a token never does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core import audit
from core.db import transaction
from core.errors import Invalid
from core.registry import registry
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from core.web.i18n import LANGUAGES
from credentials.identifiers import NAMESPACE
from credentials.records.bodies import organisation_code
from credentials.scopes import issuer_scopes
from credentials.tables import CertificateLayout

USUAL_LANGUAGES = ("zh-Hans", "en")
MOST_LANGUAGES = 3
CHINESE = ("zh-Hans", "zh-Hant")


@dataclass(frozen=True, slots=True)
class Form:
    """A page that certificates can be printed on. code: stored, keep it for ever. title: msgid.
    template: for `core.paper`. seals: places with room for a seal, code -> msgid; the first is the
    usual one."""

    code: str
    title: str
    template: str
    wide: bool
    seals: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What an issuer chose. form: a declared code. languages: in the order in which they are printed."""

    form: str
    languages: tuple[str, ...]
    photo: bool
    seal: str


_forms: dict[str, Form] = {}


def register(form: Form) -> None:
    """Once is enough, twice does no harm."""
    _forms[form.code] = form


def forms() -> list[Form]:
    """Every declared form, the usual one first."""
    return list(_forms.values())


def form_of(layout: Layout) -> Form:
    """The usual one where a plugin took its form away again."""
    return _forms.get(layout.form) or forms()[0]


def usual(issuer: str = "") -> Layout:
    """A partner's certificates are written in its own languages."""
    form = forms()[0]
    languages = _languages_of(issuer) or USUAL_LANGUAGES
    return Layout(form.code, languages, photo=False, seal=next(iter(form.seals)))


def _languages_of(issuer: str) -> tuple[str, ...]:
    outputs = (output for partner in registry().partners() for output in partner.outputs())
    own = (one.languages for one in outputs if organisation_code(one.issuer) == issuer)
    return next(own, ())[:MOST_LANGUAGES]


async def layout_of(contest: UUID | str, issuer: str) -> Layout:
    """The usual one as long as nobody chose."""
    row = await _row(contest, issuer)
    if row is None:
        return usual(issuer)
    return Layout(row["form"], tuple(row["languages"].split(",")), row["photo"], row["seal"])


async def keep_layout(by: Actor, contest: UUID, issuer: str, layout: Layout) -> None:
    """For every preview and print from now on. Raises Invalid with all findings."""
    check(by, "certificate.issue", *await issuer_scopes(issuer))
    if found := findings(layout):
        raise Invalid(found)
    values: dict[Any, Any] = {
        CertificateLayout.form: layout.form,
        CertificateLayout.languages: ",".join(layout.languages),
        CertificateLayout.photo: layout.photo,
        CertificateLayout.seal: layout.seal,
        CertificateLayout.changed_at: datetime.now(UTC),
        CertificateLayout.changed_by: by.account,
    }
    async with transaction():
        before = await layout_of(contest, issuer)
        id_ = _id(contest, issuer)
        await CertificateLayout.insert(
            CertificateLayout(
                id=id_,
                contest=str(contest),
                issuer=issuer,
                **{column._meta.name: value for column, value in values.items()},
            )
        ).on_conflict(action="DO NOTHING")
        await CertificateLayout.update(values).where(CertificateLayout.id == id_)
        await audit.record(
            by,
            "certificates.layout",
            scope=Scope("contest", str(contest)),
            subject=issuer,
            before=_said(before),
            after=_said(layout),
        )


def findings(layout: Layout) -> list[Finding]:
    found = []
    form = _forms.get(layout.form)
    if form is None:
        found.append(_unknown("/form", "credentials.layout-form", layout.form, list(_forms)))
    elif layout.seal not in form.seals:
        found.append(_unknown("/seal", "credentials.layout-seal", layout.seal, list(form.seals)))
    if not layout.languages:
        found.append(Finding("/language-1", "credentials.layout-no-language", {}))
    for place, language in enumerate(layout.languages, 1):
        at = f"/language-{place}"
        if language not in LANGUAGES:
            found.append(_unknown(at, "credentials.layout-language", language, LANGUAGES))
        elif language in layout.languages[: place - 1]:
            found.append(Finding(at, "credentials.layout-language-twice", {}))
        elif language in CHINESE and set(CHINESE) & set(layout.languages[: place - 1]):
            found.append(Finding(at, "credentials.layout-both-scripts", {}))
        if place > MOST_LANGUAGES:
            found.append(Finding(at, "credentials.layout-many", {"most": str(MOST_LANGUAGES)}))
    return found


def _unknown(pointer: str, code: str, given: str, known: Sequence[str]) -> Finding:
    return Finding(pointer, code, {"given": given[:40], "known": ", ".join(known)})


def _said(layout: Layout) -> dict[str, Any]:
    return {**asdict(layout), "languages": list(layout.languages)}


def _id(contest: UUID | str, issuer: str) -> UUID:
    return uuid5(NAMESPACE, f"layout|{contest}|{issuer}")


async def _row(contest: UUID | str, issuer: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (
        await CertificateLayout.select().where(CertificateLayout.id == _id(contest, issuer)).first()
    )
    return found
