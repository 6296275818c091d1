"""Starting, watching and ending the rehearsal's server.

It gets none of this installation's settings, but for where it may listen: no database address, no
secrets, no queue. Its whole store is one folder, which can be deleted.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from admin.backup.manifest import DATABASE
from admin.console.first_run import demonstration
from core import audit, settings
from core.db import transaction
from core.errors import Conflict, Unavailable
from core.security import INSTALLATION, Actor, check
from core.settings import PREFIX, Settings, inherited

FOLDER = "rehearsal"
STATE = "running.json"
START_SECONDS = 60
END_SECONDS = 20
_PORTS = 50


class RehearsalRuns(Conflict):
    slug = "rehearsal-runs"
    title = "A rehearsal is running already."


class NoRehearsal(Conflict):
    slug = "no-rehearsal"
    title = "No rehearsal is running. Start one first."


class AlreadyFilled(Conflict):
    slug = "rehearsal-filled"
    title = (
        "The sample contests are here already, or on their way. To fill it anew, end the rehearsal and "
        "delete everything that was done there."
    )


class NothingToFillWith(Unavailable):
    slug = "rehearsal-no-samples"
    title = "This server has no sample contests: install it with the extra “demo”."


class RehearsalFailed(Unavailable):
    slug = "rehearsal-failed"
    title = "The rehearsal could not be started: {reason}"


class Inside(Conflict):
    slug = "rehearsal-inside"
    title = "This is the rehearsal itself. Start and end it in the real console."


@dataclass(frozen=True, slots=True)
class Running:
    origin: str
    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Filling:
    """The samples' play, as the rehearsal's own job has it. total 0: nobody knows how much it is."""

    state: str
    done: int
    total: int

    @property
    def runs(self) -> bool:
        return self.state in ("asked", "running")


_child: subprocess.Popen[bytes] | None = None
_starting = asyncio.Lock()
"""A second press of the button, while the first one still waits, starts no second server."""


def place(found: Settings) -> Path:
    return found.data / FOLDER


def running() -> Running | None:
    """What runs now, whichever process of ours started it."""
    try:
        said = json.loads((place(settings.current()) / STATE).read_text("utf-8"))
        found = Running(said["origin"], said["port"], said["pid"])
    except (OSError, ValueError, KeyError):
        return None
    return found if _alive(found) else None


async def start(by: Actor) -> Running:
    """Prepares the store when it is new, and waits until its server answers.

    Raises RehearsalRuns, RehearsalFailed.
    """
    check(by, "installation.manage", INSTALLATION)
    now = settings.current()
    if now.rehearsal:
        raise Inside
    if running() is not None or _starting.locked():
        raise RehearsalRuns
    async with _starting:
        return await _started(by, now)


async def _started(by: Actor, now: Settings) -> Running:
    port = _free(now)
    found = Running(_origin(now, port), port, 0)
    environment = environment_of(now, found)
    place(now).mkdir(mode=0o700, exist_ok=True)
    await _helper("prepare", environment)
    child = _serve(environment, place(now))
    found = Running(found.origin, port, child.pid)
    (place(now) / STATE).write_text(
        json.dumps({"origin": found.origin, "port": port, "pid": child.pid})
    )
    await _answering(child, found, now)
    async with transaction():
        await audit.record(by, "rehearsal.started")
    return found


async def stop(by: Actor, *, forget: bool) -> None:
    """forget: its store is deleted too."""
    check(by, "installation.manage", INSTALLATION)
    now = settings.current()
    if now.rehearsal:
        raise Inside
    found = running()
    if found is None and not forget:
        raise NoRehearsal
    if found is not None:
        await asyncio.to_thread(_end, found)
    (place(now) / STATE).unlink(missing_ok=True)
    if forget:
        await asyncio.to_thread(shutil.rmtree, place(now), ignore_errors=True)
    async with transaction():
        await audit.record(by, "rehearsal.stopped")


async def fill(by: Actor) -> None:
    """Sample contests with marks, played in the background of the rehearsal.

    Raises NoRehearsal, AlreadyFilled, NothingToFillWith."""
    if not demonstration.possible():
        raise NothingToFillWith
    if await asyncio.to_thread(filling) is not None:
        raise AlreadyFilled
    await _in_it(by, "fill")


def filling() -> Filling | None:
    """How far the samples are; None: nobody asked for them. Its store is read, never written to."""
    path = place(settings.current()) / DATABASE
    if not path.is_file():
        return None
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
        ) as found:
            row = found.execute(
                "SELECT state, done, total FROM job WHERE kind = ? ORDER BY created_at DESC LIMIT 1",
                (demonstration.KIND,),
            ).fetchone()
    except sqlite3.Error:  # being made, or from an older version
        return None
    return Filling(*row) if row else None


async def enter(by: Actor) -> str:
    """A one-time log-in link into the rehearsal. Raises NoRehearsal."""
    return (await _in_it(by, "link")).strip()


async def _in_it(by: Actor, word: str) -> str:
    check(by, "installation.manage", INSTALLATION)
    now, found = settings.current(), running()
    if now.rehearsal:
        raise Inside
    if found is None:
        raise NoRehearsal
    return await _helper(word, environment_of(now, found))


def environment_of(now: Settings, found: Running) -> dict[str, str]:
    """Of the rehearsal's processes: nothing of ours, but for where to listen and with what
    certificate."""
    own = {
        "DATA": str(place(now).resolve()),
        "REHEARSAL": "1",
        "HOST": now.host,
        "PORT": str(found.port),
        "ORIGIN": found.origin,
        "LANGUAGES": ",".join(now.languages),
        "EMBEDDED_QUEUE": "0",
        "COPY_STATES": "0",
    }
    if now.tls_certificate and now.tls_key:
        own |= {"TLS_CERTIFICATE": str(now.tls_certificate), "TLS_KEY": str(now.tls_key)}
    return inherited() | {PREFIX + name: value for name, value in own.items()}


async def _helper(word: str, environment: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "admin.rehearsal",
        word,
        env=dict(environment),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, wrong = await process.communicate()
    if process.returncode:
        last = wrong.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        raise RehearsalFailed(reason=last[:300])
    return out.decode("utf-8")


def _serve(environment: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    global _child
    with (folder / "server.log").open("ab") as log:
        _child = subprocess.Popen(
            [sys.executable, "-m", "core", "serve"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return _child


async def _answering(child: subprocess.Popen[bytes], found: Running, now: Settings) -> None:
    host = "127.0.0.1" if now.host in ("0.0.0.0", "::") else now.host  # noqa: S104 - compared
    for _ in range(START_SECONDS * 10):
        if child.poll() is not None:
            lines = (place(now) / "server.log").read_text("utf-8", "replace").strip().splitlines()
            raise RehearsalFailed(reason=(lines or ["it ended at once"])[-1][:300])
        try:
            _, writer = await asyncio.open_connection(host, found.port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return
    _end(found)
    raise RehearsalFailed(reason="it does not answer")


def _end(found: Running) -> None:
    """In good order, then by force."""
    global _child
    child, _child = _child, None
    os.kill(found.pid, signal.SIGTERM)
    if child is not None and child.pid == found.pid:
        try:
            child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        return
    until = time.monotonic() + END_SECONDS
    while _alive(found) and time.monotonic() < until:
        time.sleep(0.1)
    if _alive(found):
        os.kill(found.pid, signal.SIGKILL)


def _alive(found: Running) -> bool:
    """A number that the system gave to another process meanwhile is not ours: ours has our folder."""
    if _child is not None and _child.pid == found.pid:
        return _child.poll() is None
    try:
        words = Path(f"/proc/{found.pid}/environ").read_bytes()
    except OSError:
        return False
    mark = f"{PREFIX}DATA={place(settings.current()).resolve()}".encode()
    return mark in words.split(b"\0")


def _free(now: Settings) -> int:
    """The first free port some way above the real server's."""
    for port in range(now.port + 20, min(now.port + 20 + _PORTS, 65_536)):
        with socket.socket(socket.AF_INET6 if ":" in now.host else socket.AF_INET) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((now.host, port))
            except OSError:
                continue
            return port
    raise RehearsalFailed(reason=f"no port is free above {now.port}")


def _origin(now: Settings, port: int) -> str:
    """Where this server is reached, at the rehearsal's port. Behind a proxy that speaks https for us,
    it can only be reached on this machine itself."""
    found = urlsplit(now.origin)
    if found.scheme == "https" and now.tls_certificate is None:
        return f"http://127.0.0.1:{port}"
    host = f"[{found.hostname}]" if found.hostname and ":" in found.hostname else found.hostname
    return f"{found.scheme}://{host}:{port}"
