"""Every state in every language: its own word, its day, what to do, whom to ask, what to quote, when again."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.web.i18n import LANGUAGES
from credentials.pages.render import render
from credentials.pages.sentences import UNPROVEN
from credentials.pages.spliced import FORM, TIME, spliced
from credentials.pages.view import About, page_of
from credentials.status import Status
from credentials.verify import Answer, State, Verdict, erased, judge, not_found, read_token
from tests.credentials.kit import (
    ADDRESSES,
    ISSUED,
    NOW,
    PUBLIC_ID,
    VALID,
    Issuer,
    good,
    make_issuer,
)

NOTE = {"reason": "Mistaken identity", "authority": "centre", "changedAt": NOW.isoformat()}
CENTRE = {
    "title": '{"zh-Hans":"示例技能评价中心","en":"Example Skills Centre"}',
    "telephone": "+853 2800 0000",
    "hours": '{"en":"Monday to Friday"}',
}
NOT_FORGED = {
    "en": "This does not mean that it is forged.",
    "zh-Hans": "这并不表示证书是伪造的。",
    "zh-Hant": "這並不表示證書是偽造的。",
    "pt": "Isto não significa que seja falso.",
}


def row_of(**changes: Any) -> dict[str, Any]:
    row = {"public_id": PUBLIC_ID, "issuer": "centre", "position": 131_072, "photo": True}
    return {**row, "named": False, "comparable": False, "state": "issued", **changes}


def verdicts(issuer: Issuer) -> dict[State, Verdict]:
    """Each state as the ledger or the keys bring it about."""
    read = read_token(issuer.token(), issuer.trust)
    lost = issuer.with_key(compromised_at=NOW - timedelta(days=1))
    taken = read_token(lost.token(), lost.trust)
    found = [
        judge(read, VALID, NOW),
        judge(replace(read, notice_until="2999-01-01"), VALID, NOW),
        *(judge(read, Answer(status, NOW, note=NOTE), NOW) for status in list(Status)[1:4]),
        judge(read, VALID, NOW + timedelta(days=9999)),
        judge(read, VALID, ISSUED - timedelta(days=1)),
        judge(taken, VALID, NOW),
        judge(read, Answer(None, NOW - timedelta(days=3)), NOW),
        erased(VALID, NOW),
        not_found(NOW),
    ]
    return {verdict.state: verdict for verdict in found}


def drawn(verdict: Verdict, language: str, issuer: Issuer) -> str:
    row = None if verdict.state is State.NOT_FOUND else row_of()
    organisations = [] if verdict.state is State.VALID else [CENTRE]
    about = About(row=row, organisations=organisations, trust=issuer.trust)
    page = page_of(verdict, about, language=language, addresses=ADDRESSES, checked_at="NOW")
    return render(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_state_says_what_it_is_and_what_to_do(language: str) -> None:
    issuer = make_issuer()
    pages = {state: drawn(v, language, issuer) for state, v in verdicts(issuer).items()}

    assert set(pages) == set(State) - {State.ALTERED}
    words = {re.search("<h1>(.*?)</h1>", page)[1] for page in pages.values()}  # type: ignore[index]
    assert len(words) == len(pages)
    for state, page in pages.items():
        advised = 'class="card todo"' in page
        assert advised == (state is not State.VALID), state
        assert ("tel:+85328000000" in page) == advised, state
        assert (NOT_FORGED[language] in page) == (state in UNPROVEN), state
        if advised:
            reference = "NOW" if state is State.NOT_FOUND else "7K3M-9QXT-2F4H · NOW"
            assert f"<dd>{reference}</dd>" in page, state
        assert "张伟" not in page


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.REVOKED, "20 November 2026"),
        (State.SUSPENDED, "20 November 2026"),
        (State.REPLACED, "20 November 2026"),
        (State.EXPIRED, "20 November 2027"),
        (State.NOT_YET_VALID, "18 November 2026"),
        (State.UNKNOWN_ISSUER, "19 November 2026"),
        (State.STATUS_UNKNOWN, "17 November 2026"),
        (State.IN_NOTICE, "after 1 January 2999"),
    ],
)
def test_each_state_that_began_one_day_names_the_day(state: State, told: str) -> None:
    issuer = make_issuer()

    assert told in drawn(verdicts(issuer)[state], "en", issuer)


def test_an_issuer_without_a_telephone_is_no_reason_to_ring_the_paper_s() -> None:
    issuer = make_issuer()
    verdict = verdicts(issuer)[State.REVOKED]
    silent = About(row=row_of(), organisations=[{**CENTRE, "telephone": "", "hours": ""}])

    page = render(page_of(verdict, silent, language="en", addresses=ADDRESSES, checked_at="NOW"))

    assert "never ring a number only because a paper shows it" in page
    assert "tel:" not in page


def test_the_page_says_whether_there_is_a_photo_to_compare() -> None:
    issuer = make_issuer()
    verdict = verdicts(issuer)[State.VALID]

    for photo, sentence in ((True, "The paper carries a photo."), (False, "No photo is on record")):
        about = About(row=row_of(photo=photo))
        page = page_of(verdict, about, language="en", addresses=ADDRESSES, checked_at="NOW")
        assert sentence in render(page)


def test_keys_of_others_are_not_in_the_page_and_lost_ones_only_by_name() -> None:
    issuer = make_issuer()
    lost = issuer.with_key(compromised_at=NOW)
    verdict = judge(read_token(issuer.token(good()), issuer.trust), VALID, NOW)

    def keys(trust: Any, code: str) -> tuple[str, str]:
        about = About(row=row_of(issuer=code), trust=trust)
        page = page_of(verdict, about, language="en", addresses=ADDRESSES, checked_at="NOW")
        return page.code.keys, page.code.spoilt

    assert keys(issuer.trust, "centre")[0].startswith(issuer.trusted.kid + ".")
    assert keys(issuer.trust, "another") == ("", "")
    assert keys(lost.trust, "centre") == ("", issuer.trusted.kid)


def test_what_is_put_in_at_each_request_is_the_same_plain_and_packed() -> None:

    page = spliced(f"one {TIME} two {FORM} three {TIME} 四")
    words = {TIME: "2026-11-20 16:00", FORM: "<input>"}

    assert (
        page.plain(words).decode() == "one 2026-11-20 16:00 two <input> three 2026-11-20 16:00 四"
    )
    assert gzip.decompress(page.gzipped(words)) == page.plain(words)
    assert gzip.decompress(page.gzipped({TIME: "", FORM: ""})) == page.plain({TIME: "", FORM: ""})
