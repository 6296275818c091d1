"""Names, titles and labels that are markup, templates or turn the direction of what is read."""

from __future__ import annotations

import httpx

from contests.actions import people
from contests.actions.people import EntrantDraft, MemberDraft
from contests.identity.sealing import persons_of
from contests.tables import LogText
from core import db
from core.accounts import create_account_row
from core.db import transaction
from core.privacy import create_person, documents_of, erase_person, names_of
from core.settings import Settings
from tests.api.kit import caller
from tests.factories_contests import small_contest

EVIL = '<script>alert("x")</script>{{70001*70001}}\u202e\'"><img src=x onerror=alert(1)>'


async def test_markup_in_names_and_labels_is_shown_as_text_on_every_page(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(entrants=2, until="draft", facts={"public_names": True})
    organiser = await small.actor("organiser")
    await people.register_entrants(
        organiser, small.contest, [EntrantDraft([MemberDraft(EVIL)], delegation=small.delegations[0])]
    )  # fmt: skip
    async with transaction():
        account = await create_account_row(login=EVIL, label=EVIL)
    await people.appoint(organiser, small.contest, account, "judge", seat=EVIL)
    pages = ["/console", f"/console/contests/{small.contest}", "/judging",
             f"/judging/{small.contest}", "/live", f"/live/{small.contest}",
             f"/c/{EVIL}", f"/{EVIL}", f"/login?next={EVIL}", f"/in/{EVIL}",
             f"/issuers/{EVIL}", f"/achievements/{EVIL}/{EVIL}"]  # fmt: skip
    for one in (small.accounts["organiser"], account):
        token = (await caller(client, one)).token
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/html"}
        for page in pages:
            answer = await client.get(page, headers=headers)
            assert answer.status_code < 500, page
            assert "<script>alert" not in answer.text, page
            assert "<img src=x" not in answer.text, page
            assert str(70001 * 70001) not in answer.text, page


async def test_an_erased_entrant_is_in_no_file_of_the_installation(database: Settings) -> None:
    small = await small_contest(until="draft")
    name, number = "欧阳擦除试", "440106198001019999"
    async with transaction():
        known = await create_person(
            name=name, facts={"school": "擦除学校"}, documents=[("resident", number)]
        )
    assert await documents_of(known) == [("resident", number)]
    await erase_person(known)
    assert await names_of([known]) == {known: ""}
    assert await documents_of(known) == []
    entrant = next(iter((await persons_of(small.contest)).values()))[0]
    await erase_person(entrant)
    assert entrant not in {p for ps in (await persons_of(small.contest)).values() for p in ps}
    assert await LogText.count().where(LogText.sealed_text.is_not_null()) == 0
    if db.engine().engine_type == "sqlite":
        files = [path for path in database.data.rglob("*") if path.is_file()]
        kept = b"".join(path.read_bytes() for path in files)
        assert len(kept) > 10_000
        for secret in (name, number, "擦除学校", "选手0-0"):
            assert secret.encode() not in kept
