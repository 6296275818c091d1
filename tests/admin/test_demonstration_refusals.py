"""A demonstration never empties a folder, nor takes a port, that serves something else."""

from __future__ import annotations

import fcntl
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from admin.demonstration.command import MARKER
from core.__main__ import main
from tests.fixtures.processes import free_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def demo(data: Path, port: int) -> int:
    return main(["demo", "--exit", "--data", str(data), "--port", str(port)])


def test_a_taken_port_is_named_before_the_folder_is_emptied(
    tmp_path: Path, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    (earlier / MARKER).touch()
    (earlier / "jiangxin.sqlite").write_text("an earlier demonstration")

    assert demo(earlier, taken) == 2
    said = capsys.readouterr().err
    assert f"Port {taken} of 127.0.0.1 can't be used" in said
    assert said.count("\n") == 1
    assert (earlier / "jiangxin.sqlite").read_text() == "an earlier demonstration"


def test_a_folder_with_something_else_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("not a demonstration's")

    assert demo(tmp_path, free_port()) == 2
    assert "holds something else" in capsys.readouterr().err
    assert [item.name for item in tmp_path.iterdir()] == ["letter.txt"]


def test_the_folder_of_a_running_demonstration_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "jiangxin.sqlite").write_text("in use")
    with (tmp_path / MARKER).open("a") as marker:
        fcntl.flock(marker, fcntl.LOCK_EX)

        assert demo(tmp_path, free_port()) == 2
    assert "Another demonstration is running" in capsys.readouterr().err
    assert (tmp_path / "jiangxin.sqlite").read_text() == "in use"


def test_serve_names_a_taken_port_instead_of_saying_that_it_serves(
    tmp_path: Path,
    taken: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JIANGXIN_DATA", str(tmp_path / "data"))

    assert main(["serve", "--port", str(taken)]) == 1
    told = capsys.readouterr()
    assert f"Port {taken} of 127.0.0.1 can't be used" in told.err
    assert "Serving" not in told.out
