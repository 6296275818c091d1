"""Photos and scans of a contest on their way home, in one zip whose names are their hashes."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import datetime
from uuid import UUID

from contests.judging.tablets.pictures import MOST_BYTES, SUFFIXES, store_picture
from contests.tables import Picture
from core.errors import JiangxinError
from core.scoring.model import Finding

MOST = 20_000
_MOMENT = (2020, 1, 1, 0, 0, 0)


async def pictures_of(contest: UUID) -> bytes:
    """b"" for none. Not compressed: pictures are already."""
    rows = (
        await Picture.select(Picture.sha256, Picture.media_type, Picture.content)
        .where(Picture.contest == contest)
        .order_by(Picture.sha256)
    )
    if not rows:
        return b""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for row in rows:
            name = f"{row['sha256']}.{SUFFIXES.get(row['media_type'], 'bin')}"
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), bytes(row["content"]))
    return buffer.getvalue()


async def bring_pictures(contest: UUID, data: bytes, at: datetime) -> list[Finding]:
    """Each once, checked as if a tablet had sent it; what is refused is left out and told."""
    if not data:
        return []
    left: list[Finding] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist()[:MOST]:
                if not await _brought(contest, archive, part, at):
                    pointer = f"/pictures.zip/{part.filename[:80]}"
                    left.append(Finding(pointer, "loan-picture-wrong", {}))
    except (zipfile.BadZipFile, ValueError, OSError):
        left.append(Finding("/pictures.zip", "loan-picture-wrong", {}))
    return left


async def _brought(
    contest: UUID, archive: zipfile.ZipFile, part: zipfile.ZipInfo, at: datetime
) -> bool:
    digest = part.filename.partition(".")[0]
    try:
        with archive.open(part) as stream:
            content = stream.read(MOST_BYTES + 1)
        await store_picture(contest, digest, content, now=at)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        return False
    except JiangxinError:
        return False
    return True
