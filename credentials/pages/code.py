"""What the page's script needs: the issuer's keys, which certificate this is, what to say. In the page
itself, so that one answer carries everything and no second request tells anybody of the check."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from core.web.i18n import translate
from credentials.keys import public_jwk
from credentials.pages.past import OLD_NAME
from credentials.pages.sentences import CODES, CODES_AWAY
from credentials.trust import CERTIFICATE, TrustStore

MOST = 12
"""Keys of an issuer that a page carries, the newest first: some 100 bytes each."""


@dataclass(frozen=True, slots=True)
class Code:
    """`keys`: "kid.x.y" separated by spaces; `spoilt`: kids that got into other hands; `at`: the status
    position of the newest version; `words`: JSON, what to say for each finding."""

    public_id: str = ""
    at: str = ""
    keys: str = ""
    spoilt: str = ""
    words: str = ""


NONE = Code()


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    keys: str
    spoilt: str


_known: dict[str, IssuerKeys] = {}
_store: TrustStore | None = None


def keys_of(issuer: str, trust: TrustStore) -> IssuerKeys:
    """Written once for each store of keys."""
    global _store
    if _store is not trust:
        _known.clear()
        _store = trust
    if issuer not in _known:
        _known[issuer] = _written(issuer, trust)
    return _known[issuer]


def _written(issuer: str, trust: TrustStore) -> IssuerKeys:
    used = [
        (key.activated_at, key.kid, key)
        for key in trust.keys
        if key.issuer == issuer and key.purpose == CERTIFICATE and key.activated_at
    ]
    ordered = [key for _, _, key in sorted(used, key=lambda one: one[:2], reverse=True)]
    sound = [(key.kid, public_jwk(key.key)) for key in ordered if not key.compromised_at]
    return IssuerKeys(
        " ".join(f"{kid}.{jwk['x']}.{jwk['y']}" for kid, jwk in sound[:MOST]),
        " ".join(key.kid for key in ordered if key.compromised_at),
    )


def every_key(trust: TrustStore) -> IssuerKeys | None:
    """Of all issuers together, for a page that does not know whose certificate it is about; None where
    they would not fit into it."""
    issuers = {key.issuer for key in trust.keys if key.purpose == CERTIFICATE}
    found = [keys_of(issuer, trust) for issuer in sorted(issuers)]
    keys = " ".join(one.keys for one in found if one.keys)
    if len(keys.split()) > MOST:
        return None
    return IssuerKeys(keys, " ".join(one.spoilt for one in found if one.spoilt))


@lru_cache(maxsize=16)
def words_in(
    language: str,
    icons: tuple[tuple[str, str], ...],
    renamed: bool = False,
    away: bool = False,
) -> str:
    """JSON of [tone, headline, sentence, icon] by finding. `icons`: by tone. `renamed`: every earlier
    version was replaced because of a spelling correction. `away`: the ledger can't be reached."""
    drawn = dict(icons)
    codes = {**CODES, "old": (*CODES["old"][:2], OLD_NAME)} if renamed else CODES
    if away:
        codes = {**CODES, **CODES_AWAY}
    said = {
        finding: [
            tone,
            translate(headline, language) if headline else "",
            translate(sentence, language),
            drawn.get(tone, ""),
        ]
        for finding, (tone, headline, sentence) in codes.items()
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
