"""A venue's laptop for tests: real processes, real TLS, a stick that may vanish."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx

from core.settings import Settings
from tests.fixtures.forked import Forked
from tests.fixtures.processes import environment_of, free_ports, run_command

PASSPHRASE = "four words and a number 7"


class VenueServer:
    """`jiangxin serve --venue` in a process of its own, by the name 127.0.0.1 unless told otherwise."""

    def __init__(self, data: Path, *words: str, name: str = "127.0.0.1", **variables: str) -> None:
        self.data, self.name = data, name
        self.port, self.help_port = free_ports(2)
        self.words, self.variables = words, variables
        self.log_path = data.parent / f"{data.name}.log"
        self.process = self.start()

    @property
    def origin(self) -> str:
        return f"https://{self.name}:{self.port}"

    @property
    def helper(self) -> str:
        return f"http://127.0.0.1:{self.help_port}"

    @property
    def authority(self) -> Path:
        return self.data / "venue" / "ca.pem"

    def start(self) -> Forked:
        environment = environment_of(Settings(data=self.data)) | self.variables
        ports = ["--port", str(self.port), "--help-port", str(self.help_port)]
        named = ["--name", self.name] if self.name else []
        words = ["serve", "--venue", *ports, *named, *self.words]
        self.process = Forked(words, environment, self.log_path, self.log_path)
        self.wait_for("Serving https://")
        self._wait_for_port(self.port)
        if "fingerprint" in self.log():
            self._wait_for_port(self.help_port)
        return self.process

    def _wait_for_port(self, port: int) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"nothing listens on {port}:\n{self.log()}")

    def client(self, authority: Path | None = None) -> httpx.Client:
        """Verifies the whole chain against the venue's authority and nothing else."""
        context = ssl.create_default_context(cafile=str(authority or self.authority))
        return httpx.Client(base_url=self.origin, verify=context, timeout=20)

    def health(self) -> dict[str, object]:
        until = time.monotonic() + 20
        while True:
            try:
                with self.client() as client:
                    found: dict[str, object] = client.get("/healthz").json()
                    return found
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def wait_for_notice(self, name: str, *, there: bool = True, seconds: float = 40) -> None:
        until = time.monotonic() + seconds
        while (name in str(self.health()["notices"])) is not there:
            assert time.monotonic() < until, self.log()
            time.sleep(0.2)

    def wait_for(self, words: str, *, seconds: float = 60) -> str:
        until = time.monotonic() + seconds
        while words not in (said := self.log()):
            assert self.process.poll() is None if hasattr(self, "process") else True, said
            assert time.monotonic() < until, said
            time.sleep(0.05)
        return said

    def log(self) -> str:
        return self.log_path.read_text("utf-8") if self.log_path.exists() else ""

    def fingerprint(self) -> str:
        found = re.search(r"fingerprint:\n\s+([0-9A-F ]+)\n\s+([0-9A-F ]+)\n", self.log())
        assert found is not None
        return f"{found[1]} {found[2]}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)


def command(
    data: Path, *words: str, timeout: float = 120, **variables: str
) -> subprocess.CompletedProcess[str]:
    """`jiangxin …` for that folder, with nobody at the terminal."""
    environment = environment_of(Settings(data=data)) | variables
    return run_command(words, environment, timeout=timeout)


def may_mount() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and sys.platform.startswith("linux")
