"""A certificate's PDF against the clauses of PDF/A-3b that decide whether an archive can still read it,
checked by a reader that is not the typesetter's own."""

from __future__ import annotations

import zlib

import pytest

from core.registry import registry
from core.settings import Settings
from credentials import queries
from credentials.files import making
from credentials.files.faces import face
from tests.credentials.facts import issued, issuers
from tests.credentials.files.test_papers import KNOWN, LAYOUTS, NAMES, TITLES, as_kind
from tests.fixtures.pdf_objects import Reference, faults, read


async def test_every_layout_keeps_the_clauses_and_holds_its_token_as_an_associated_file(
    database: Settings,
) -> None:
    registry()  # what the plugins declare: layouts
    await issuers()
    row = await queries.stored((await issued(name=NAMES[0]))["public_id"])
    assert row is not None

    for layout in LAYOUTS:
        for kind in TITLES:
            made = await making.pdf([await face(as_kind(row, kind), KNOWN, layout)], layout)

            assert faults(made) == [], (layout.form, kind)
            found = read(made)
            (file,) = found.of(found.trailer, "Root", "AF")
            assert found.of(file, "EF", "F")["Subtype"] == "/application#2Fvc+jwt"


PROFILE = zlib.compress(b"\x00" * 36 + b"acsp")
XMP = b'<x pdfaid:part="3" pdfaid:conformance="B"/>'


def written(**changes: bytes) -> bytes:
    """The smallest file that keeps the clauses; each part may be replaced."""
    parts = {
        "header": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "root": b"/Metadata 2 0 R /OutputIntents [3 0 R] /AF [6 0 R]",
        "xmp": b"<</Type/Metadata/Length %d>>\nstream\n%s\nendstream" % (len(XMP), XMP),
        "intent": b"<</S/GTS_PDFA1 /DestOutputProfile 4 0 R>>",
        "profile": b"<</N 3/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
        % (len(PROFILE), PROFILE),
        "font": b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDToGIDMap/Identity"
        b"/FontDescriptor<</FontFile2 2 0 R>>>>",
        "file": b"<</Type/Filespec/F(a)/UF(a)/EF<</F 7 0 R>>/AFRelationship/Source>>",
        "embedded": b"<</Subtype/text#2Fplain/Params<</ModDate(D:2026)>>/Length 1>>\nstream\nx\nendstream",
        "more": b"<<>>",
        "trailer": b"/ID[<01><02>]",
        **changes,
    }
    names = ("xmp", "intent", "profile", "font", "file", "embedded", "more")
    objects = [b"<</Type/Catalog %s>>" % parts["root"], *(parts[name] for name in names)]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1))
    end = b"trailer\n<</Root 1 0 R %s>>\n%%%%EOF\n" % parts["trailer"]
    return parts["header"] + body + end


def test_the_smallest_file_breaks_none_of_them() -> None:
    assert faults(written()) == []
    assert read(written()).trailer["Root"] == Reference(1)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"header": b"%PDF-2.0\n"}, "6.1.2 header"),
        ({"trailer": b""}, "6.1.3 trailer without an ID"),
        ({"trailer": b"/ID[<01><02>]/Encrypt 8 0 R"}, "6.1.3 encrypted"),
        ({"root": b"/OutputIntents [3 0 R] /AF [6 0 R]"}, "6.6.2.1 no XMP"),
        (
            {"xmp": b"<</Length 28>>\nstream\n<x pdfaid:conformance='B' />\nendstream"},
            "6.6.4 pdfaid:part is not 3",
        ),
        (
            {"root": b"/Metadata 2 0 R /AF [6 0 R]"},
            "6.2.3 no output intent with a profile",
        ),
        ({"profile": b"<</N 3/Length 1>>\nstream\nx\nendstream"}, "6.2.3 not an ICC profile"),
        (
            {"font": b"<</Type/Font/Subtype/Type1/BaseFont/Times/FontDescriptor<<>>>>"},
            "6.2.11.4 /Times is not embedded",
        ),
        (
            {"file": b"<</Type/Filespec/F(a)/UF(a)/EF<</F 7 0 R>>>>"},
            "6.8 a file specification lacks F, UF, EF or AFRelationship",
        ),
        (
            {"root": b"/Metadata 2 0 R /OutputIntents [3 0 R]"},
            "6.8 an attached file is associated with nothing",
        ),
        (
            {"embedded": b"<</Length 1>>\nstream\nx\nendstream"},
            "6.8 an attached file without media type or date",
        ),
        ({"more": b"<</S/JavaScript/JS(x)>>"}, "6.6.1 action /JavaScript"),
        ({"more": b"<</Filter/LZWDecode>>"}, "6.1.7 filter /LZWDecode"),
        ({"more": b"<</Interpolate true>>"}, "6.2.8 an interpolated picture"),
        ({"more": b"<</Type/ExtGState/TR 1>>"}, "6.2.5 a transfer function"),
        ({"more": b"<</XFA 1>>"}, "6.4.2 XFA"),
    ],
)
def test_each_clause_is_looked_at(changes: dict[str, bytes], fault: str) -> None:
    assert faults(written(**changes)) == [fault]
