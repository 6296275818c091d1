"""Folders and zips, friendly and hostile: nothing is unpacked, everything odd is named."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from contests.packages.archive import (
    MOST_FILES,
    Files,
    check_sums,
    read_path,
    read_zip,
    with_sums,
    write_folder,
    write_zip,
)
from contests.packages.reading import read_files, read_package
from core.scoring.model import Finding
from tests.packages.small import contents_of, small_package

CONTENTS = contents_of(small_package())


def zip_of(parts: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return buffer.getvalue()


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.pointer, finding.code) for finding in findings]


def test_a_folder_and_a_zip_say_the_same(tmp_path: Path) -> None:
    write_folder(tmp_path / "folder", CONTENTS)
    (tmp_path / "package.zip").write_bytes(write_zip(CONTENTS))

    folder, archive = read_package(tmp_path / "folder"), read_package(tmp_path / "package.zip")

    assert folder.package == archive.package == small_package()


def test_a_zip_of_the_folder_itself_is_read_too() -> None:
    data = zip_of([("my contest/" + name, data) for name, data in CONTENTS.items()])

    assert read_files(read_zip(data)).package == small_package()


def test_the_same_contents_make_the_same_bytes() -> None:
    assert write_zip(CONTENTS) == write_zip(dict(reversed(CONTENTS.items())))


def test_names_that_point_outside_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    names = ["../../evil.csv", "/etc/passwd", "a/../../marks.csv", "C:/marks.csv", "..\\marks.csv"]
    path = tmp_path / "evil.zip"
    path.write_bytes(zip_of([*[(name, b"x") for name in names], *CONTENTS.items()]))

    files = read_path(path)

    assert [code for _, code in codes(files.findings)] == ["package-file-name-unsafe"] * len(names)
    assert files.contents == CONTENTS
    assert [entry.name for entry in tmp_path.iterdir()] == ["evil.zip"]


def test_a_zip_bomb_is_refused_after_the_limit() -> None:
    data = zip_of([("marks.csv", b"0" * 64 * 1024 * 1024)])
    assert len(data) < 100_000

    files = read_zip(data, unpacked=8 * 1024 * 1024)

    assert codes(files.findings) == [("/marks.csv", "package-too-large")]
    assert files.contents == {}


def test_a_size_that_the_zip_lies_about_changes_nothing() -> None:
    """The directory claims ten bytes; the stream holds a megabyte."""
    data = bytearray(zip_of([("marks.csv", b"0" * 1024 * 1024)]))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")

    files = read_zip(bytes(data))

    assert codes(files.findings) == [("/marks.csv", "package-file-damaged")]


def test_links_encrypted_and_doubled_files_are_refused() -> None:
    link = zipfile.ZipInfo("rules.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = bytearray(zip_of([(link, b"/etc/passwd"), ("marks.csv", b"a"), ("marks.csv", b"b")]))

    assert codes(read_zip(bytes(data)).findings) == [
        ("/rules.json", "package-file-not-plain"),
        ("/marks.csv", "package-file-twice"),
    ]

    encrypted = bytearray(zip_of([("marks.csv", b"a")]))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert codes(read_zip(bytes(encrypted)).findings) == [("/marks.csv", "package-file-encrypted")]


def test_a_damaged_file_is_named_and_the_others_are_read() -> None:
    data = bytearray(write_zip(CONTENTS))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo("marks.csv").header_offset
    data[start + 60] ^= 0xFF

    files = read_zip(bytes(data))

    assert codes(files.findings) == [("/marks.csv", "package-file-damaged")]
    assert set(files.contents) == set(CONTENTS) - {"marks.csv"}
    assert read_files(files).package is None


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", write_zip(CONTENTS)[:-40]])
def test_what_is_no_zip_is_said_to_be_none(data: bytes) -> None:
    assert codes(read_zip(data).findings) == [("", "package-not-a-zip")]


def test_too_many_files_are_refused() -> None:
    data = zip_of([(f"{number}.txt", b"") for number in range(MOST_FILES + 1)])

    assert codes(read_zip(data).findings) == [("", "package-too-many-files")]


def test_files_of_nobody_are_left_aside_and_named_but_not_a_readme() -> None:
    files = read_zip(zip_of([*CONTENTS.items(), ("photo.jpg", b""), ("README.md", b"")]))

    assert files.findings == []
    assert codes(files.notes) == [("/photo.jpg", "package-file-unknown")]


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert codes(read_path(tmp_path / "nowhere").findings) == [("", "package-not-there")]


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    write_folder(tmp_path, CONTENTS)
    (tmp_path / "votes.csv").mkdir()

    assert codes(read_path(tmp_path).findings) == [("/votes.csv", "package-file-not-plain")]


def test_an_empty_folder_lacks_every_required_file(tmp_path: Path) -> None:
    reading = read_package(tmp_path)

    assert codes(list(reading.findings)) == [
        (f"/{name}", "package-file-missing")
        for name in ("contest.json", "scheme.json", "rules.json", "entrants.csv")
    ]


def test_sums_name_what_was_changed_added_and_taken_away() -> None:
    summed = with_sums(CONTENTS)
    assert check_sums(summed) == []
    assert check_sums(CONTENTS) == []

    changed = {**summed, "rules.json": b'{"lock":"entry"}', "votes.csv": b"panel,entry,votes\n"}
    del changed["judges.csv"]

    assert codes(check_sums(changed)) == [
        ("/rules.json", "package-file-changed"),
        ("/votes.csv", "package-file-changed"),
        ("/judges.csv", "package-file-gone"),
    ]
    assert codes(check_sums({"SHA256SUMS": b"nonsense"})) == [
        ("/SHA256SUMS/1", "package-sums-unreadable")
    ]


def test_files_are_read_whatever_else_is_wrong_with_the_archive() -> None:
    files = Files({"contest.json": b"{"}, [Finding("/x", "package-file-name-unsafe", {})])

    found = [finding.code for finding in read_files(files).findings]

    assert found.count("package-file-missing") == 3
    assert "json-unreadable" in found
