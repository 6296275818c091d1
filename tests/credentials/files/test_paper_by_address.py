"""`/c/{id}.pdf`: for who hands certificates out, or with the content of the QR. And the glyphs of names."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from core.errors import Forbidden, Invalid, TwoPersons
from core.paper import CharacterMissing
from core.registry import registry
from core.security import Role, Scope, actor_of
from core.settings import Settings
from credentials import limits, queries, rendering
from credentials.files import access
from credentials.files.documents import keep_rules, rules_of
from credentials.files.glyphs import PictureNeeded, approve_glyph, glyphs_of, propose_glyph
from credentials.files.making import certificate_pdf
from tests.credentials.facts import ORGANISER, issued, issuers
from tests.factories_accounts import log_in_browser, make_account

ISSUES = (Role.ORGANISER, Scope("issuer", ORGANISER))
PRIVATE_USE = "\ue863"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    registry()
    limits.guesses._left.clear()
    limits.forgeries._left.clear()


def glyph(size: int = 256) -> bytes:
    image = Image.new("RGB", (size, size), "white")
    ImageDraw.Draw(image).rectangle((60, 60, 200, 200), fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


async def test_the_number_alone_opens_no_paper_but_the_issuer_and_the_code_do(
    client: httpx.AsyncClient,
) -> None:
    await issuers()
    one, other = await issued(name="欧阳晓明"), await issued(name="张伟")
    number, code = one["public_id"], one["qr_text"]
    bare, form = code.partition("#")[2], {"qr": code}

    alone = await client.get(f"/c/{number}.pdf")
    accepted = await client.get(f"/c/{number}", headers={"Accept": "application/pdf"})
    unknown = await client.get("/c/7K3M9QXT2F4H.pdf")
    wrong = [
        await client.post(f"/c/{number}/pdf", content=text)
        for text in (
            other["qr_text"],
            f"http://127.0.0.1:8000/c/{number}#{other['qr_text'].partition('#')[2]}",
            other["qr_text"].partition("#")[2],
            number,
            one["token"],
            code[:-1] + ("A" if code[-1] != "A" else "B"),
            "",
        )
    ]
    right = [
        await client.post(f"/c/{number}/pdf", content=code),
        await client.post(f"/c/{number}/pdf", content=bare),
        await client.post(f"/c/{number}/pdf", data=form),
    ]
    await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", "another"))))
    stranger = await client.get(f"/c/{number}.pdf")
    await log_in_browser(client, await make_account(ISSUES))
    issuer = await client.get(f"/c/{number}.pdf")

    assert (alone.status_code, accepted.status_code, unknown.status_code) == (403, 403, 404)
    assert "欧阳晓明" not in alone.text
    assert [answer.status_code for answer in wrong] == [403] * len(wrong)
    assert [answer.status_code for answer in right] == [200] * len(right)
    assert {answer.content for answer in (*right, issuer)} == {issuer.content}
    assert stranger.status_code == 403
    assert issuer.headers["content-type"] == "application/pdf"
    assert issuer.headers["cache-control"] == "no-store"
    assert f'filename="{number}.pdf"' in issuer.headers["content-disposition"]
    (page,) = pypdfium2.PdfDocument(issuer.content)
    assert "欧阳晓明" in page.get_textpage().get_text_range()


async def test_a_room_that_knows_the_holder_opens_the_paper_to_him(database: Settings) -> None:
    await issuers()
    row = await queries.stored((await issued())["public_id"])
    assert row is not None
    by = await actor_of(await make_account())

    async def holds(actor: Any, certificate: Any) -> bool:
        return bool(actor is by and certificate["id"] == row["id"])

    before = await access.may_have(by, row)
    access.register("test", holds)
    after = await access.may_have(by, row)
    del access._holds["test"]

    assert (before, after, await access.may_have(None, row)) == (False, True, False)


@pytest.mark.engine
async def test_a_character_that_no_font_has_is_drawn_once_two_persons_agreed(
    database: Settings,
) -> None:
    await issuers()
    row = await queries.stored((await issued(name=f"王{PRIVATE_USE}"))["public_id"])
    assert row is not None
    first, second = [await actor_of(await make_account(ISSUES)) for _ in range(2)]
    stranger = await actor_of(await make_account((Role.ORGANISER, Scope("issuer", "another"))))

    with pytest.raises(PictureNeeded, match=r"U\+E863.*another one approves it"):
        await certificate_pdf(row)
    for args in (("ab", glyph(), "card"), (PRIVATE_USE, b"x", "card"), (PRIVATE_USE, glyph(), " ")):
        with pytest.raises(Invalid):
            await propose_glyph(first, ORGANISER, args[0], args[1], source=args[2])
    with pytest.raises(Forbidden):
        await propose_glyph(stranger, ORGANISER, PRIVATE_USE, glyph(), source="card")
    await propose_glyph(first, ORGANISER, PRIVATE_USE, glyph(), source="identity card, seen")
    with pytest.raises(TwoPersons):
        await approve_glyph(first, ORGANISER, PRIVATE_USE)
    with pytest.raises(CharacterMissing):
        await certificate_pdf(row)
    await approve_glyph(second, ORGANISER, PRIVATE_USE)
    made = await certificate_pdf(row)
    again = glyph(300)
    await propose_glyph(second, ORGANISER, PRIVATE_USE, again, source="a better picture")

    assert made.startswith(b"%PDF")
    assert rendering.name_in(rendering.token_of(row)) == f"王{PRIVATE_USE}"
    assert [one["approved_at"] for one in await glyphs_of(ORGANISER)] == [None]
    with pytest.raises(CharacterMissing):  # an exchanged picture is approved anew
        await certificate_pdf(row)


@pytest.mark.engine
async def test_which_documents_are_printed_is_the_issuers_rule_and_never_a_hong_kong_card(
    database: Settings,
) -> None:
    await issuers()
    by = await actor_of(await make_account(ISSUES))
    stranger = await actor_of(await make_account((Role.ORGANISER, Scope("issuer", "another"))))

    await keep_rules(by, ORGANISER, {"mainland_id": "ending", "macao_bir": "none"})
    with pytest.raises(Invalid) as refused:
        await keep_rules(by, ORGANISER, {"hkid": "ending", "mainland_id": "upside-down"})
    with pytest.raises(Forbidden):
        await keep_rules(stranger, ORGANISER, {})

    assert [(one.pointer, one.code) for one in refused.value.findings] == [
        ("/hkid", "credentials.document-never"),
        ("/mainland_id", "credentials.document-rule"),
    ]
    assert await rules_of(ORGANISER) == {"mainland_id": "ending"}
