"""Attack 20, on files with pages: what is attached, what is printed and what is read must say the same."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import httpx
import pypdfium2
import pytest
from PIL import Image

from core.registry import registry
from core.settings import Settings
from core.web import limits as rates
from credentials import limits
from tests.credentials.facts import issued, issuers
from tests.credentials.stacks.kit import altered, code, merged, pdf_of, with_attached

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    registry()
    limits.forgeries._left.clear()
    rates.forget()
    yield
    rates.forget()


async def said(client: httpx.AsyncClient, pdf: bytes) -> tuple[str, list[str]]:
    answer = await client.post("/api/verify", content=pdf)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body["verdict"], [one["code"] for one in body["checks"] if one["ok"] is False]


def page_as_pdf(picture: bytes) -> bytes:
    """A page that shows nothing but this picture."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(out, "PDF", resolution=100)
    return out.getvalue()


async def test_attack_20_a_token_that_says_something_else_than_its_page_is_never_valid(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one, other = await issued(name="欧阳晓明"), await issued(name="张伟")
    own, second = await pdf_of(one), await pdf_of(other)

    assert await said(client, own) == ("valid", [])
    assert await said(client, with_attached(own, other["token"])) == ("altered", ["paper-differs"])
    assert await said(client, with_attached(second, one["token"])) == ("altered", ["paper-differs"])
    foreign = page_as_pdf(code("https://elsewhere.example/c/7K3M9QXT2F4H"))
    assert await said(client, with_attached(foreign, one["token"])) == (
        "altered",
        ["paper-no-code"],
    )
    forged = page_as_pdf(code(altered(one)))
    assert (await said(client, with_attached(forged, one["token"])))[0] == "altered"
    assert (await said(client, forged))[0] == "altered"
    swapped = page_as_pdf(code(one["qr_text"]))  # a genuine code alone on the page: its own verdict
    assert await said(client, swapped) == ("valid", [])


async def test_attack_20_a_page_that_does_not_say_the_signed_name_in_letters_is_never_valid(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one, other = await issued(name="欧阳晓明"), await issued(name="张伟")
    own, second = await pdf_of(one), await pdf_of(other)
    drawn = pypdfium2.PdfDocument(own)[0].render(scale=150 / 72).to_pil()
    out = io.BytesIO()
    drawn.save(out, "PDF", resolution=150)

    without_letters = await said(client, with_attached(out.getvalue(), one["token"]))
    both = await said(client, merged([own, second]))

    assert without_letters == ("altered", ["paper-text"])
    assert both == ("altered", ["paper-several"])


@pytest.mark.parametrize("name", ["阿卜杜·热合曼", "𠮷田", "João Pedro da Silva Santos Ferreira"])
async def test_an_honest_file_is_valid_whatever_letters_its_name_has(
    client: httpx.AsyncClient, database: Settings, name: str
) -> None:
    await issuers()

    assert await said(client, await pdf_of(await issued(name=name))) == ("valid", [])


async def test_attack_20_a_file_that_is_no_honest_pdf_is_answered_soon(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    own = await pdf_of(await issued())
    start = time.monotonic()

    for spoilt in (
        b"%PDF-1.7",
        own[: len(own) // 2],
        b"%PDF-1.7" + b"<" * 500_000,
        own[:1000] + own,
    ):
        verdict, codes = await said(client, spoilt)
        assert verdict in ("altered", "valid")
        assert verdict != "valid" or spoilt.endswith(own)
        assert codes in (["paper-unread"], ["paper-empty"], [])

    assert time.monotonic() - start < 60
