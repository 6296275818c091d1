"""An employer chooses where our messages go: into our own network they never do."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Invalid
from core.settings import Settings
from credentials.employers import reaching, webhooks
from credentials.employers.messaging import signature
from tests.credentials.employers.kit import office


def knows(*answers: list[str]) -> Callable[[str, int], object]:
    """A name server: the first answer, then the next one; the last for ever."""
    left = list(answers)

    async def look_up(host: str, port: int) -> list[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return look_up


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "no address",
    ],
)
def test_nothing_but_a_public_address_is_one(address: str) -> None:
    assert not reaching.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2606:4700::1111", "64:ff9b::101:101"])
def test_a_public_address_is_one(address: str) -> None:
    assert reaching.is_public(address)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://hr.example.cn/x", "address"),
        ("ftp://hr.example.cn/x", "address"),
        ("file:///etc/passwd", "address"),
        ("https://", "address"),
        ("https://user:secret@hr.example.cn/", "address"),
        ("https://hr.example.cn/x y", "address"),
        ("https://hr.example.cn/\r\nHost: inside", "address"),
        ("https://hr.example.cn:99999/", "address"),
        ("https://hr.example.cn/#part", "address"),
        ("https://hr.example.cn/" + "x" * 400, "address"),
        ("https://例子.example/", "address"),
        ("https://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://2130706433/", "private"),
        ("https://0x7f.1/", "private"),
        ("https://169.254.169.254/latest/meta-data/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
    ],
)
async def test_an_address_that_leads_inside_is_refused_when_it_is_given(
    database: Settings, address: str, code: str
) -> None:
    one = await office()

    with pytest.raises(Invalid) as refused:
        await webhooks.add_webhook(one.actor, one.id, address)

    assert [f.code for f in refused.value.findings] == [f"credentials.webhook-{code}"]


async def test_a_name_that_answers_differently_later_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: public while it is checked, then this machine."""
    connected = []

    async def refuse(*args: object, **options: object) -> object:
        connected.append(args[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio, "open_connection", refuse)
    monkeypatch.setattr(reaching, "look_up", knows(["203.0.114.7"], ["127.0.0.1"]))
    assert await reaching.address_findings("https://rebind.example/") == []

    with pytest.raises(reaching.Unreached) as later:
        await reaching.post("https://rebind.example/", b"{}", {})
    assert later.value.word == "private"
    assert connected == []

    monkeypatch.setattr(reaching, "look_up", knows(["203.0.114.7"], ["127.0.0.1"]))
    with pytest.raises(reaching.Unreached) as once:
        await reaching.post("https://rebind.example/", b"{}", {})
    assert once.value.word == "connection"
    assert connected == ["203.0.114.7"]  # what was checked, and no second look-up


async def test_one_private_address_among_several_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reaching, "look_up", knows(["203.0.114.7", "10.0.0.1"]))

    assert await reaching.address_findings("https://mixed.example/")


async def test_a_server_without_a_trusted_certificate_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever stands in between can't read the message: TLS is checked before a byte of it is sent."""
    heard = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(2000))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(reaching, "reach", reaching.Reach(public=False))

    with pytest.raises(reaching.Unreached) as refused:
        await reaching.post(f"https://localhost:{port}/", b'{"id":"secret"}', {})

    assert refused.value.word in ("certificate", "connection")
    assert b"secret" not in b"".join(heard)
    server.close()
    await server.wait_closed()


async def test_an_answer_without_end_takes_no_memory_and_no_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in range(1000):
                writer.write(b"x" * 65536)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(pour, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(reaching, "reach", reaching.Reach(("http",), public=False))

    with pytest.raises(reaching.Unreached) as refused:
        await reaching.post(f"http://127.0.0.1:{port}/", b"{}", {})

    assert refused.value.word in ("answer", "connection")
    server.close()
    await server.wait_closed()


async def test_a_server_that_says_nothing_holds_us_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reaching, "reach", reaching.Reach(("http",), public=False))
    monkeypatch.setattr(reaching, "SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(reaching.Unreached) as refused:
            await reaching.post(f"http://127.0.0.1:{port}/", b"{}", {})

    assert refused.value.word == "time"


def test_a_repeated_message_shows_its_age() -> None:
    """The time is part of what is signed: an old one with a new time has no signature."""
    then = datetime(2026, 11, 30, 8, tzinfo=UTC)
    old, new = signature("s", "{}", then), signature("s", "{}", then + timedelta(minutes=6))

    assert old.startswith(f"t={int(then.timestamp())},v1=")
    assert old.partition(",v1=")[2] != new.partition(",v1=")[2]
