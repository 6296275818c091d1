"""A demonstration played in a folder, served, and opened in Chromium as its organiser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, async_playwright

from core import settings as settings_module
from core.process import ready
from core.tables import Account
from tests.browser.kit import enter
from tests.fixtures.processes import ROOT, Server, free_port

ORGANISER = "demo-organiser"
CHROMIUM = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW", "en": "en_GB", "pt": "pt_PT"}


@contextmanager
def installation(folder: Path | None) -> Iterator[Server]:
    """Plays the demonstration unless `folder` holds one already; without a folder, in one that
    vanishes."""
    with TemporaryDirectory(prefix="console-pictures-") as own:
        data = folder or Path(own)
        if not (data / "secrets.toml").exists():
            words = ["demo", "--exit", "--data", str(data), "--port", str(free_port())]
            # Whatever installation the reader's variables name is none of ours.
            plain = {k: v for k, v in os.environ.items() if not k.startswith("JIANGXIN_")}
            command = [sys.executable, "-m", "core", *words]
            subprocess.run(command, cwd=ROOT, env=plain, check=True)
        settings = settings_module.load({"JIANGXIN_DATA": str(data)})
        settings_module.use(settings)
        server = Server(settings, Path(own) / "server.log")
        try:
            yield server
        finally:
            server.stop()


@asynccontextmanager
async def opened_browser(language: str) -> AsyncIterator[Browser]:
    """Chromium whose own words (dates, files) are of the language too."""
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.getuid() == 0 else [])]
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    own = {"LANGUAGE": CHROMIUM[language], "LANG": f"{CHROMIUM[language]}.UTF-8"}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=[*arguments, f"--lang={CHROMIUM[language].replace('_', '-')}"],
            env={**os.environ, **own},
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def logged_in(
    browser: Browser, server: Server, size: str, language: str
) -> AsyncIterator[Page]:
    width, height = size.split("x")
    context = await browser.new_context(
        viewport={"width": int(width), "height": int(height)},
        locale=CHROMIUM[language].replace("_", "-"),
        timezone_id="Asia/Macau",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    async with ready(server.settings):
        account = await Account.select(Account.id).where(Account.login == ORGANISER).first()
        await enter(page, server, account["id"], "/console")
    yield page
    await context.close()
