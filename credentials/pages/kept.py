"""Pages drawn once for each thing that they say, with the time of the check put in at each request.

Nothing that is checked is kept: every request reads the row, opens the token and verifies it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from credentials import keyring
from credentials.identifiers import Addresses
from credentials.pages.code import keys_of
from credentials.pages.display import moment
from credentials.pages.render import field, render
from credentials.pages.spliced import FORM, TIME, Spliced, spliced
from credentials.pages.view import NOTHING, About, page_of
from credentials.verify import Verdict

MOST = 2_000
"""About thirty megabytes, plain and compressed."""
_CHANGING = (
    "version_id",
    "state",
    "cause",
    "reason",
    "authority",
    "changed_at",
    "erased_at",
    "position",
    "photo",
    "comparable",
    "named",
)

_kept: OrderedDict[object, Spliced] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page for one reader."""

    page: Spliced
    words: Mapping[str, str]

    @property
    def plain(self) -> bytes:
        return self.page.plain(self.words)

    @property
    def gzipped(self) -> bytes:
        return self.page.gzipped(self.words)


def verify_page(
    verdict: Verdict,
    language: str,
    about: About = NOTHING,
    *,
    csrf_token: str = "",
    host: str = "",
) -> Drawn:
    """`csrf_token`: of a reader who is logged in here, for the form. `host`: the one of the
    installation's names that was asked, which the page says that the address bar must read."""
    at = keyring.addresses().at(host)
    if about.typed is not None or about.asked:
        page = _drawn(verdict, language, about, at)  # somebody's own, and never kept
    else:
        key = _key(verdict, language, about, at)
        page = _kept.get(key) or _keep(key, _drawn(verdict, language, about, at))
    return Drawn(page, {TIME: moment(verdict.checked_at), FORM: field(csrf_token)})


def _key(verdict: Verdict, language: str, about: About, at: Addresses) -> object:
    """Everything that a page says: the signed content by its signature, the rest by its value."""
    # "at" differs at each request and is shown as the time of the check alone
    said = tuple(
        (check.code, check.ok, check.params.get("kid"), check.params.get("date"))
        for check in verdict.checks
    )
    row = about.row
    changing = tuple(row[name] for name in _CHANGING) if row else ()
    more = (
        repr(about.honours),
        repr(about.history),
        repr(about.organisations),
        repr(about.decided_by),
    )
    keys = keys_of(row["issuer"], about.trust) if row and about.trust else None
    signed = hash(verdict.read.body) if verdict.read else 0
    return language, verdict.state, said, changing, signed, more, keys, at


def _drawn(verdict: Verdict, language: str, about: About, at: Addresses) -> Spliced:
    page = page_of(verdict, about, language=language, addresses=at, checked_at=TIME)
    return spliced(render(page))


def _keep(key: object, page: Spliced) -> Spliced:
    _kept[key] = page
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return page
