"""QR pictures, read back by a real decoder, and badges baked into them."""

from __future__ import annotations

import io
import re
import zlib

import pytest
import qrcode
import zxingcpp
from PIL import Image, ImageDraw
from qrcode.exceptions import DataOverflowError

from credentials import baking, qr
from credentials.encoding import Malformed
from credentials.identifiers import Addresses, new_public_id
from tests.credentials.kit import ADDRESSES, PUBLIC_ID, Issuer, make_issuer

NAMES = ["张伟", "欧阳晓明", "João António da Conceição Gonçalves", "ئابدۇرېھىم ئابدۇللا"]


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return make_issuer()


def url(issuer: Issuer, name: str = "张伟", notice: str = "") -> str:
    signed = issuer.qr(name=name, notice_until=notice)
    return f"{ADDRESSES.certificate(PUBLIC_ID)}#{signed}"


def decoded(picture: Image.Image) -> str:
    return str(zxingcpp.read_barcodes(picture)[0].text)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("name", NAMES)
def test_a_decoder_reads_the_png(issuer: Issuer, name: str) -> None:
    text = url(issuer, name)

    assert decoded(opened(qr.png(text))) == text


def drawn(svg: str, scale: int = 4) -> Image.Image:
    """An SVG of ours on paper: a path of horizontal runs."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg).group(1))  # type: ignore[union-attr]
    picture = Image.new("L", (size * scale, size * scale), 255)
    brush = ImageDraw.Draw(picture)
    for x, y, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", svg):
        left, top = int(x) * scale, int(y) * scale
        brush.rectangle((left, top, left + int(width) * scale - 1, top + scale - 1), fill=0)
    return picture


def test_a_decoder_reads_the_svg(issuer: Issuer) -> None:
    text = url(issuer)

    assert decoded(drawn(qr.svg(text))) == text


@pytest.mark.parametrize("name", NAMES)
def test_the_code_stays_coarse_enough_to_print(issuer: Issuer, name: str) -> None:
    modules = qr.matrix(url(issuer, name, notice="2026-12-01"))

    assert qr.version_of(modules) <= 11


def test_a_longer_host_stays_within_the_same_size(issuer: Issuer) -> None:
    text = Addresses("https://verify.certificates.example.gov.mo").certificate(new_public_id())

    assert qr.version_of(qr.matrix(f"{text}#{issuer.qr()}")) <= 11


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "A",
        "a",
        "123456",
        "AB12",
        "x" * 14,
        "x" * 15,
        "9" * 34,
        "9" * 35,
        "http://a/C/AB1#AAAA2222",
    ],
)
def test_it_is_the_smallest_code_that_holds_the_text(text: str) -> None:
    peer = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    peer.add_data(text)
    peer.make(fit=True)

    assert qr.version_of(qr.matrix(text)) == peer.version
    assert decoded(opened(qr.png(text))) == text


def test_what_no_code_holds_is_refused() -> None:
    with pytest.raises(DataOverflowError):
        qr.matrix("x" * 3_000)


def test_it_reads_in_grey_at_a_small_size_and_turned(issuer: Issuer) -> None:
    text = url(issuer)
    small = opened(qr.png(text, scale=4)).convert("L").rotate(12, expand=True, fillcolor=255)

    assert decoded(small.point(lambda value: 60 + value * 3 // 5)) == text


def test_there_is_a_quiet_zone_of_four_modules(issuer: Issuer) -> None:
    picture = opened(qr.png(url(issuer), scale=1)).convert("L")

    box = Image.eval(picture, lambda value: 255 - value).getbbox()

    assert box == (4, 4, picture.width - 4, picture.height - 4)


# --- baked badges ------------------------------------------------------------------------------


def test_a_baked_picture_gives_its_token_back(issuer: Issuer) -> None:
    token, text = issuer.token(), url(issuer)

    assert baking.token_of_png(qr.png(text, token=token)) == token
    assert baking.token_of_svg(qr.svg(text, token=token).encode()) == token
    assert opened(qr.png(text, token=token)).text["openbadgecredential"] == token  # type: ignore[attr-defined]


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """The picture with chunks put before its end."""
    return png[:-12] + b"".join(chunks) + png[-12:]


def test_a_picture_with_anything_but_one_plain_token_is_refused(issuer: Issuer) -> None:
    plain, baked = qr.png("x"), qr.png("x", token="a.b.c")
    keyword = b"openbadgecredential\0"
    again = chunk(b"iTXt", keyword + b"\0\0\0\0a.b.c")
    packed = chunk(b"iTXt", keyword + b"\1\0\0\0" + zlib.compress(b"a.b.c"))
    spoilt = [
        plain,
        with_chunks(baked, again),
        with_chunks(plain, packed),
        with_chunks(plain, chunk(b"tEXt", keyword + b"a.b.c")),
        with_chunks(plain, chunk(b"zTXt", keyword + b"\0" + zlib.compress(b"a.b.c"))),
        with_chunks(plain, chunk(b"iTXt", keyword + b"\0\0\0\0" + "é".encode())),
        baked + b"%PDF-1.7",
        baked[:-5],
        baked.replace(b"a.b.c", b"a.b.d"),
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
        baked + b"\0" * baking.LIMIT,
    ]

    for data in spoilt:
        with pytest.raises(Malformed):
            baking.token_of_png(data)


def test_a_drawing_with_anything_to_run_or_fetch_is_refused() -> None:
    baked = qr.svg("x", token="a.b.c")
    twice = baked.replace("<path", '<openbadges:credential verify="d.e.f"/><path', 1)
    entity = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + baked
    script = baked.replace("</svg>", "<script>alert(1)</script></svg>")
    inside = baked.replace('verify="a.b.c"', 'verify="&x;"')

    for text in (qr.svg("x"), twice, entity, script, inside, "", "<svg", baked * 2):
        with pytest.raises(Malformed):
            baking.token_of_svg(text.encode())
    with pytest.raises(Malformed):
        baking.token_of_svg(b"\xff\xfe" + baked.encode("utf-16-le"))


def test_a_title_can_not_leave_its_place() -> None:
    svg = qr.svg("x", title='</title><script>alert("1")</script>')

    assert "<script" not in svg
