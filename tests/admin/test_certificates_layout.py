"""The layout of certificates: chosen, kept, refused; a name that no font draws."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from uuid import UUID

import httpx
import pypdfium2
import pytest

from admin.console.certificates import faces
from core import jobs, outbox
from core.db import transaction
from core.errors import Forbidden
from core.events import NameCorrected
from core.outbox import put
from core.privacy import change_person
from core.registry import registry
from core.security import Role, Scope, actor_of
from core.settings import Settings
from core.tables import AuditEntry
from credentials.layouts import Layout, keep_layout, layout_of
from credentials.layouts import usual as usual_layout
from credentials.tables import Certificate, CertificateVersion
from tests.admin.certificates_kit import HTML, ISSUER, final_contest, numbers, path, press
from tests.factories_accounts import log_in_browser, make_account

CHOSEN = {
    "form": "portrait",
    "language-1": "pt",
    "language-2": "zh-Hant",
    "language-3": "",
    "language-4": "en",
    "seal": "middle",
    "photo": "yes",
}


async def tokens() -> list[bytes]:
    rows = await CertificateVersion.select(CertificateVersion.sealed_token).order_by(
        CertificateVersion.id
    )
    return [bytes(row["sealed_token"]) for row in rows]


def size_of(pdf: bytes) -> tuple[float, float]:
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return float(width), float(height)


async def test_the_chosen_layout_is_kept_for_preview_download_and_file_and_signs_nothing_anew(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    number, signed = (await numbers())[0], await tokens()
    token = await log_in_browser(client, small.accounts["organiser"])
    usual = await client.get(path(small, f"/{number}/pdf"))

    kept = await press(client, path(small, "/layout"), csrf_token=token, **CHOSEN)
    page = await client.get(path(small), headers=HTML)
    chosen = await client.get(path(small, f"/{number}/pdf"))
    answer = await press(client, path(small, "/file"), csrf_token=token)
    await outbox.drain()
    job = UUID(answer.headers["location"].rsplit("/", 1)[1])
    by = await small.actor("organiser")
    with zipfile.ZipFile(io.BytesIO((await jobs.result_of(by, job)).data)) as archive:
        printed = archive.read("print/certificates-00001.pdf")
    failures = await jobs.failures_of(by, job)

    assert kept.status_code == 303
    assert await layout_of(small.contest, ISSUER) == Layout(
        "portrait", ("pt", "zh-Hant", "en"), photo=True, seal="middle"
    )
    layout = "form=portrait&amp;language-1=pt&amp;language-2=zh-Hant"
    for part in ("", "/longest", "/shortest"):
        assert f"/preview{part}?{layout}" in page.text
    assert size_of(usual.content)[0] > size_of(usual.content)[1]
    assert size_of(chosen.content) == size_of(printed) == tuple(reversed(size_of(usual.content)))
    assert {one.finding.code for one in failures} == {"certificate-without-photo"}
    assert await tokens() == signed
    said = await AuditEntry.select().where(AuditEntry.action == "certificates.layout").first()
    assert said is not None
    assert '"form":"landscape"' in said["before"]
    assert '"languages":["pt","zh-Hant","en"]' in said["after"]


async def test_a_layout_that_does_not_exist_keeps_what_was_typed(client: httpx.AsyncClient) -> None:
    small = await final_contest()
    token = await log_in_browser(client, small.accounts["organiser"])
    wrong = {**CHOSEN, "seal": "sky", "language-2": "pt", "language-4": "tlh"}

    answer = await press(client, f"{path(small, '/layout')}?lang=en", csrf_token=token, **wrong)

    assert answer.status_code == 422
    assert "This language stands further up already." in answer.text
    assert "tlh is no language here." in answer.text
    assert "This layout has no place sky for a seal." in answer.text
    assert re.search(r'value="portrait" checked', answer.text)
    assert await layout_of(small.contest, ISSUER) == usual_layout()


@pytest.mark.engine
async def test_only_who_issues_for_the_issuer_chooses_its_layout(database: Settings) -> None:
    registry()
    faces.register()
    small = await final_contest()
    layout = Layout("portrait", ("en",), photo=False, seal="none")
    elsewhere = (Role.ORGANISER, Scope("organisation", str(small.organisation)))
    stranger = await actor_of(await make_account(elsewhere, Role.ADMINISTRATOR))

    with pytest.raises(Forbidden):
        await keep_layout(stranger, small.contest, ISSUER, layout)
    for one in (layout, replace(layout, seal="issuer")):
        await keep_layout(await small.actor("organiser"), small.contest, ISSUER, one)

    assert (await layout_of(small.contest, ISSUER)).seal == "issuer"
    assert await layout_of(small.contest, "somebody-else") == usual_layout()


async def test_a_name_that_no_font_can_draw_stops_its_own_paper_alone(
    client: httpx.AsyncClient,
) -> None:
    small = await final_contest()
    first, second = await numbers()
    row = await Certificate.select().where(Certificate.public_id == first).first()
    assert row is not None
    async with transaction():
        await change_person(row["person"], name="张\U000f0000")
        await put(NameCorrected(str(small.contest), str(row["person"]), ISSUER))
    await outbox.drain()
    token = await log_in_browser(client, small.accounts["organiser"])

    answer = await press(client, f"{path(small, '/file')}?lang=en", csrf_token=token)
    await outbox.drain()
    by = await small.actor("organiser")
    job = UUID(answer.headers["location"].rsplit("/", 1)[1])
    failures = await jobs.failures_of(by, job)
    room = await client.get(f"{path(small)}?lang=en", headers=HTML)

    assert [(one.item, one.finding.code) for one in failures] == [(first, "certificate-unprinted")]
    assert "No font here draws" in room.text
    assert room.text.count("Make the file again") == 1
    with zipfile.ZipFile(io.BytesIO((await jobs.result_of(by, job)).data)) as archive:
        assert "print/certificates-00001.pdf" in archive.namelist()
        assert f"qr/{second}.svg" in archive.namelist()
