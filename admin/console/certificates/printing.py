"""Certificates to hand over: one as a PDF, and all of a contest as one file."""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from collections.abc import Mapping, Sequence
from typing import IO, Any, cast
from uuid import UUID

from admin.console.certificates.calling import Rank, calling_sheets, ranks_of
from admin.console.certificates.faces import about
from core import paper
from core.errors import JiangxinError, NotFound
from core.jobs import JobContext, JobKind
from core.jobs import register as register_job
from core.scoring.model import Finding
from core.web.i18n import translate
from credentials import layouts, queries, rendering
from credentials.files import making
from credentials.files.faces import Face, face
from credentials.files.making import not_handed_out
from credentials.files.particulars import Particulars
from credentials.files.stock import Stock, on_stock, stock_of
from credentials.layouts import Layout

READS = "person.read"
_TOGETHER = 50
"""Certificates in one PDF: a printer's stack, and little memory."""
_log = logging.getLogger(__name__)


def register() -> None:
    register_job(KIND)


async def one_pdf(contest: UUID, number: str) -> bytes:
    """One certificate in its issuer's layout. Raises NotFound, Conflict for one that is not handed
    out, and what `core.paper` can't print."""
    row = await queries.stored(number)
    if row is None or row["contest"] != str(contest):
        raise NotFound(kind="certificate", id=number[:32])
    return await making.certificate_pdf(row)


async def run(context: JobContext) -> None:
    """One zip: a list, each QR as SVG and PNG, and PDFs ready to print, each issuer's certificates in
    its own layout. What is withdrawn stays out and is said. It is sealed and laid down while it is made:
    of a hundred thousand certificates no more than a stack is in memory, and the names of the files."""
    contest, language = UUID(context.params["contest"]), context.params["language"]
    known = (await about(contest)).particulars
    ranks = await ranks_of(contest)
    out, listed, done = context.writing(), list[list[str]](), 0
    with zipfile.ZipFile(cast(IO[bytes], out), "w", zipfile.ZIP_DEFLATED) as archive:
        for stack in _stacks(ranks):
            if await context.cancelled():
                return
            some = await queries.stored_all(stack)
            layout = await layouts.layout_of(contest, some[0]["issuer"])
            faces = await _faces(context, archive, some, known, layout)
            listed += [_line(one) for one in faces]
            stock = await stock_of(contest, some[0]["issuer"]) if _on_stock(context) else None
            made = await _print(context, faces, layout, language, stock)
            if made:
                archive.writestr(f"print/certificates-{done + 1:05}.pdf", made)
            done += len(stack)
            await out.settle()
            await context.progress(done, len(ranks))
        archive.writestr("list.csv", _table(listed, language))
        async for name, sheet in calling_sheets(contest, known.contest, ranks, language):
            archive.writestr(f"print/{name}.pdf", sheet)
            await out.settle()
    await out.close("certificates.zip", "application/zip")


def _on_stock(context: JobContext) -> bool:
    return context.params.get("mode") == "stock"


def _stacks(ranks: Sequence[Rank]) -> list[list[UUID]]:
    """So many together, of one issuer each."""
    by_issuer: dict[str, list[UUID]] = {}
    for rank in ranks:
        by_issuer.setdefault(rank.issuer, []).append(rank.certificate)
    return [
        own[start : start + _TOGETHER]
        for own in by_issuer.values()
        for start in range(0, len(own), _TOGETHER)
    ]


async def _faces(
    context: JobContext,
    archive: zipfile.ZipFile,
    rows: Sequence[Mapping[str, Any]],
    known: Particulars,
    layout: Layout,
) -> list[Face]:
    faces = []
    for row in rows:
        number = row["public_id"]
        if why := not_handed_out(row):
            await context.failed(number, why)
            continue
        one = await face(row, known, layout)
        archive.writestr(f"qr/{number}.svg", await rendering.picture(row, "svg"))
        archive.writestr(f"qr/{number}.png", await rendering.picture(row, "png"))
        if layout.photo and not one.page["photo"]:
            await context.failed(number, Finding(f"/{number}", "certificate-without-photo", {}))
        faces.append(one)
    return faces


async def _print(
    context: JobContext,
    faces: Sequence[Face],
    layout: Layout,
    language: str,
    stock: Stock | None,
) -> bytes | None:
    """A character that no font here has stops the paper of its own certificate alone."""
    if not faces:
        return None
    try:
        return await _pdf(faces, layout, stock)
    except paper.Crowded:
        raise
    except JiangxinError:
        able = [one for one in faces if await _printable(context, one, layout, language, stock)]
        return await _pdf(able, layout, stock) if able else None


async def _pdf(faces: Sequence[Face], layout: Layout, stock: Stock | None) -> bytes:
    if stock is None:
        return await making.pdf(faces, layout)
    return await on_stock(faces, stock, layout.languages[0])


async def _printable(
    context: JobContext, one: Face, layout: Layout, language: str, stock: Stock | None
) -> bool:
    number = one.page["number"]
    try:
        await _pdf([one], layout, stock)
    except paper.PaperMistake:
        _log.exception("The layout %s fails on certificate %s.", layout.form, number)
        await context.failed(number, Finding(f"/{number}", "certificate-layout-failed", {}))
    except JiangxinError as error:
        params = {"reason": translate(error.title, language, **error.params)}
        await context.failed(number, Finding(f"/{number}", "certificate-unprinted", params))
    else:
        return True
    return False


def _line(one: Face) -> list[str]:
    page = one.page
    return [
        page["number"],
        one.name,
        " / ".join(page.get("prize", page.get("heading", []))),
        page["check"],
    ]


def _table(rows: Sequence[Sequence[str]], language: str) -> bytes:
    written = io.StringIO(newline="")
    head = ("Number", "Name", "Prize", "Where it is checked")
    csv.writer(written).writerows([[translate(word, language) for word in head], *rows])
    return ("\ufeff" + written.getvalue()).encode()


KIND = JobKind("certificates.file", "Certificates as one file", run, permission=READS)
