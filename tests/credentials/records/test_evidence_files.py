"""Files of evidence: kept encrypted with their SHA-256, opened by whoever may, gone with the person."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pypdfium2
import pytest

from core.errors import Forbidden, Invalid, NotFound
from core.privacy import erase_person
from core.security import Role
from core.settings import Settings
from core.tables import AuditEntry
from credentials.records.applications import form
from credentials.records.applications.reaching import ApplicationState
from credentials.records.honours import deciding
from credentials.records.honours.queries import honour_page
from credentials.records.honours.tables import EvidenceFile, HonourCase
from credentials.records.papers import keeping
from credentials.records.papers.of_records import (
    add_to_application,
    add_to_honour,
    open_of_application,
    open_of_honour,
)
from tests.credentials.records.applying import agree, filed
from tests.credentials.records.kit import (
    CITY,
    OTHER_CITY,
    PROVINCE,
    UNIT,
    account_of,
    federation,
    organisations,
    organiser_of,
    proposed,
)
from tests.factories_accounts import log_in_browser

PDF = b"%PDF-1.7 proof of Zhang Wei"
PNG = b"\x89PNG\r\n\x1a\n picture"
HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def case() -> UUID:
    await federation()
    await organisations(CITY)
    return await proposed(await organiser_of(PROVINCE))


async def only_file() -> UUID:
    row = await EvidenceFile.select(EvidenceFile.id).first()
    assert row is not None
    return UUID(str(row["id"]))


@pytest.mark.engine
async def test_a_file_is_kept_sealed_and_comes_back_as_it_was(database: Settings) -> None:
    honour = await case()
    by, clerk = await organiser_of(PROVINCE), await organiser_of(PROVINCE, Role.CLERK)

    await add_to_honour(by, honour, "证明.pdf", PDF)
    await add_to_honour(by, honour, "again.pdf", PDF)

    page = await honour_page(clerk, honour)
    (listed,) = page.files
    assert (listed.name, listed.media, listed.size) == ("证明.pdf", "application/pdf", len(PDF))
    assert listed.hash == hashlib.sha256(PDF).hexdigest()
    found = await open_of_honour(clerk, honour, listed.id)
    assert (found.content, found.ending) == (PDF, "pdf")
    stored = await EvidenceFile.select().first()
    assert stored is not None
    assert b"Zhang" not in bytes(stored["sealed_content"])
    assert "证明" not in str(stored)
    assert page.history[-1].kind == "evidence"
    assert await AuditEntry.exists().where(AuditEntry.action == "honour.evidence-opened")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html>", "evidence-media"),
        (b"", "evidence-media"),
        (b"MZ" + PDF, "evidence-media"),
        (PDF + bytes(10 * 1024 * 1024), "evidence-large"),
    ],
    ids=["page", "empty", "program", "large"],
)
async def test_what_is_no_document_or_too_large_is_refused(
    database: Settings, content: bytes, code: str
) -> None:
    honour = await case()

    with pytest.raises(Invalid) as wrong:
        await add_to_honour(await organiser_of(PROVINCE), honour, "x.pdf", content)

    assert [one.code for one in wrong.value.findings] == [f"credentials.{code}"]
    assert await EvidenceFile.count() == 0


async def test_nobody_fills_the_house_with_files(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    honour = await case()
    by = await organiser_of(PROVINCE)
    monkeypatch.setattr(keeping, "MOST", 1)
    await add_to_honour(by, honour, "x.pdf", PDF)

    with pytest.raises(Invalid) as many:
        await add_to_honour(by, honour, "y.png", PNG)

    assert [one.code for one in many.value.findings] == ["credentials.evidence-many"]


async def test_strangers_know_of_no_file_and_a_clerk_adds_none(database: Settings) -> None:
    honour = await case()
    by = await organiser_of(PROVINCE)
    await add_to_honour(by, honour, "x.png", PNG)
    file = await only_file()

    with pytest.raises(NotFound):
        await open_of_honour(await organiser_of(CITY), honour, file)
    with pytest.raises(Forbidden):
        await add_to_honour(await organiser_of(PROVINCE, Role.CLERK), honour, "y.pdf", PDF)
    other = await proposed(by, "nanyue_craftsman")
    with pytest.raises(NotFound):
        await open_of_honour(by, other, file)
    with pytest.raises(NotFound):
        await open_of_honour(by, honour, uuid4())
    await deciding.decline_honour(by, honour, why="不符合条件")
    with pytest.raises(deciding.HonourState):
        await add_to_honour(by, honour, "y.pdf", PDF)


@pytest.mark.engine
async def test_the_unit_s_file_is_read_by_each_body_from_its_turn_on(database: Settings) -> None:
    application, unit = await filed()
    await add_to_application(unit, application, "x.pdf", PDF)
    file, city = await only_file(), await organiser_of(CITY)

    with pytest.raises(NotFound):
        await open_of_application(city, application, file)
    await agree(application, unit)

    assert (await open_of_application(city, application, file)).content == PDF
    with pytest.raises(NotFound):
        await open_of_application(await organiser_of(OTHER_CITY), application, file)
    with pytest.raises(Forbidden):
        await add_to_application(city, application, "y.pdf", PDF)
    with pytest.raises(ApplicationState):
        await add_to_application(unit, application, "y.pdf", PDF)


async def test_the_printed_form_names_each_file_with_its_sha_256(database: Settings) -> None:
    application, unit = await filed()
    await add_to_application(unit, application, "专利证书.pdf", PDF)
    form.register()

    made = await form.form_pdf(unit, application, "zh-Hans", at=datetime.now(UTC))

    pages = pypdfium2.PdfDocument(made)
    said = "".join(page.get_textpage().get_text_range() for page in pages)
    plain = "".join(said.split())
    assert "专利证书.pdf" in plain
    assert hashlib.sha256(PDF).hexdigest()[:16] in plain


@pytest.mark.engine
async def test_erasure_takes_the_files_with_it(database: Settings) -> None:
    honour = await case()
    by = await organiser_of(PROVINCE)
    await add_to_honour(by, honour, "x.pdf", PDF)
    row = await HonourCase.select(HonourCase.person).where(HonourCase.id == honour).first()
    assert row is not None

    await erase_person(row["person"])

    assert await EvidenceFile.count() == 0
    assert (await honour_page(by, honour)).files == []


async def test_the_pages_take_a_file_and_give_it_out_as_a_download(
    client: httpx.AsyncClient,
) -> None:
    application, _ = await filed()
    csrf = await log_in_browser(client, await account_of(UNIT))
    at = f"/console/applications/{application}/files"

    wrong = await client.post(
        at, data={"csrf_token": csrf}, files={"file": ("x.html", b"<script>")}, headers=HTML
    )
    done = await client.post(
        at, data={"csrf_token": csrf}, files={"file": ("<b>x</b>.pdf", PDF)}, headers=HTML
    )
    page = await client.get(f"/console/applications/{application}", headers=HTML)
    file = await client.post(f"{at}/{await only_file()}", data={"csrf_token": csrf}, headers=HTML)

    assert "Evidence has to be a PDF, JPEG or PNG file." in wrong.text
    assert done.status_code == 303
    assert "&lt;b&gt;x&lt;/b&gt;.pdf" in page.text
    assert hashlib.sha256(PDF).hexdigest() in page.text
    assert file.content == PDF
    assert file.headers["content-disposition"].startswith('attachment; filename="evidence-')
    assert "sandbox" in file.headers["content-security-policy"]
