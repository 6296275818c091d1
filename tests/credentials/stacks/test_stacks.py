"""A real stack of paper: what an employer sends, and what comes out."""

from __future__ import annotations

import hashlib

import httpx
import pytest

from core.registry import registry
from core.security import SYSTEM
from core.settings import Settings
from credentials import limits
from credentials.actions import revoke_certificate
from credentials.pages.view import spaced
from tests.credentials.facts import issued, issuers
from tests.credentials.stacks.kit import (
    ELSEWHERE,
    NOBODY_KNOWS,
    altered,
    blank,
    bomb,
    checked,
    code,
    link,
    merged,
    packed,
    pdf_of,
    photo,
    with_attached,
    words_in,
)

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    registry()
    limits.guesses._left.clear()
    limits.forgeries._left.clear()


async def test_every_file_of_a_real_stack_is_answered_although_bad_ones_lie_in_it(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one, other = await issued(name="欧阳晓明"), await issued(name="阿卜杜·热合曼")
    withdrawn = await issued(name="Maria João")
    own, second, gone = await pdf_of(one), await pdf_of(other), await pdf_of(withdrawn)
    await revoke_certificate(SYSTEM, withdrawn["public_id"], reason="test", authority="Office")
    files = {
        "own.pdf": own,
        "photo.jpg": photo(own),
        "gone.pdf": gone,
        "altered.png": code(altered(one)),
        "elsewhere.png": code(ELSEWHERE),
        "stranger.png": code(NOBODY_KNOWS),
        "blank.png": blank(),
        "number.png": code(one["qr_text"].partition("#")[0]),
        "wrong-token.pdf": with_attached(second, one["token"]),
        "broken.pdf": b"%PDF-1.7 and nothing more",
        "letter.docx": packed({"[Content_Types].xml": b"x", "word/document.xml": b"x"}),
        "iphone.heic": photo(own, "HEIF"),
        "broken.heic": b"\0\0\0\x18ftypheic" + b"\0" * 40,
        "stack.zip": packed(
            {"a/second.pdf": second, "b/blank.webp": blank("WEBP"), "in.zip": packed({"x": b"x"})}
        ),
        "bomb.zip": bomb(),
        "=1+1.png": blank(),
    }

    rows, stack = await checked(client, await link(), files)

    by = {row["File"]: row for row in rows}
    said = {name: (row["Verdict"], row["Name as signed"]) for name, row in by.items()}
    assert said["own.pdf"] == ("Genuine", "欧阳晓明")
    assert said["photo.jpg"] == ("Genuine", "欧阳晓明")
    assert said["stack.zip › second.pdf"] == ("Genuine", "阿卜杜·热合曼")
    assert by["own.pdf"]["Certificate no."] == spaced(one["public_id"])
    assert (by["own.pdf"]["State"], by["own.pdf"]["What to do"]) == ("Genuine and valid", "")
    assert said["gone.pdf"] == ("Genuine", "Maria João")
    assert by["gone.pdf"]["State"] == "Withdrawn"
    assert by["gone.pdf"]["What to do"].startswith("Don't accept it")
    assert by["gone.pdf"]["State since"]
    assert said["altered.png"] == ("Altered", "")
    assert said["wrong-token.pdf"][0] == "Altered"
    assert "token in the file and the printed code differ" in by["wrong-token.pdf"]["Why"]
    assert said["elsewhere.png"][0] == "Not ours"
    assert "zscx.osta.org.cn" in by["elsewhere.png"]["What to do"]
    assert said["stranger.png"][0] == "Not ours"
    assert "jnds-cert-check.example" in by["stranger.png"]["Why"]
    assert "Don't open that address" in by["stranger.png"]["What to do"]
    assert said["number.png"] == ("Not decided", "欧***")
    assert by["broken.pdf"]["Why"] == "The file is damaged."
    assert "Save it as PDF" in by["letter.docx"]["What to do"]
    assert said["iphone.heic"] == ("Genuine", "欧阳晓明")
    assert by["broken.heic"]["Why"] == "The file is damaged."
    assert by["stack.zip › in.zip"]["Why"] == "A zip lies in this zip."
    assert "larger than is allowed" in by["bomb.zip › bomb.pdf"]["Why"]
    for name in ("blank.png", "stack.zip › blank.webp"):
        assert by[name]["Verdict"] == "No code readable"
        assert "Photograph the page again" in by[name]["What to do"]
    assert {f for f in files if not f.endswith(".zip")} <= set(by)

    record = words_in((await client.get(f"{stack}/result/pdf")).content)
    for text in ("示例酒店", "欧阳晓明", spaced(one["public_id"]), "127.0.0.1:8000"):
        assert text in record
    flat = record.replace("\n", "").replace("\r", "")
    for data in files.values():
        assert hashlib.sha256(data).hexdigest() in flat


async def test_each_page_of_a_long_scan_has_its_row(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    holders = ["张伟", "李四", "王五", "赵六"]
    papers = [await pdf_of(await issued(name=name)) for name in holders]

    rows, _ = await checked(client, await link(), {"scan.pdf": merged(papers * 10)})

    assert [row["Page"] for row in rows] == [str(number) for number in range(1, 41)]
    assert [row["Name as signed"] for row in rows] == holders * 10
    assert {row["Verdict"] for row in rows} == {"Genuine"}


async def test_last_months_excel_brings_back_only_what_changed(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one, other = await issued(name="张伟"), await issued(name="欧阳晓明")
    at = await link()
    files = {"1.pdf": await pdf_of(one), "2.pdf": await pdf_of(other), "3.png": blank()}
    _, stack = await checked(client, at, files)
    last_month = (await client.get(f"{stack}/result/xlsx")).content

    nothing, _ = await checked(client, at, {"last.xlsx": last_month})
    await revoke_certificate(SYSTEM, other["public_id"], reason="test", authority="Office")
    rows, again = await checked(client, at, {"last.xlsx": last_month})

    assert nothing == []
    assert len(rows) == 1
    assert rows[0]["Certificate no."] == spaced(other["public_id"])
    assert rows[0]["State"] == "Withdrawn"
    assert rows[0]["Last time"].startswith("Genuine and valid")
    assert rows[0]["Name as signed"] == "欧***"  # the Excel is no paper: its number shows no name
    record = words_in((await client.get(f"{again}/result/pdf")).content)
    assert "Of 2 certificates in last.xlsx, 1 changed" in record.replace("\r\n", " ")
