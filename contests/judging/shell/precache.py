"""What a tablet keeps so that the app opens without a network, and the version that names all of it.

The shell is one file: every page, module, style and sentence without which nothing can be marked. It is
kept whole or not at all. What is needed later (hand-over, checks, the seldom faces) is a second file
and the camera's reader; they are kept as soon as the first one is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path

import msgspec

from contests.judging.shell.modules import needed, others, plain
from contests.judging.words import APP, asked_in, sentences, table, words
from core.web import i18n, templates
from core.web.assets import app_files, asset, content, files, folder
from core.web.headers import policy
from core.web.i18n import LANGUAGES
from core.web.manifest import app_manifest

HERE = Path(__file__).parent
CSP = policy(script_src="'wasm-unsafe-eval'", img_src="blob:", media_src="'self' blob:")
"""A camera's pictures are blobs, and the QR reader is WebAssembly."""
PAGE = "/judging/"
OTHER_PAGES: Mapping[str, str] = {"/judging/taste": "tasting", "/judging/timing": "timing"}
"""Address -> template of the tasters' and the time-keepers' pages, as static as the app's own."""
MANIFEST = "/judging/manifest.webmanifest"
_PREFIX = "contests/judging"
_STYLES = ("judging.css", "shell.css")
_READERS = ("uqr/", "zxing-wasm/")
_NO_SCRIPT = "The judge's sheet needs JavaScript."
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "mjs": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}


# --- what the addresses answer -----------------------------------------------------------------


@cache
def page(name: str = "app") -> bytes:
    """A page of the app. It asks nobody who he is, and every address in it names its content."""
    html = (
        templates.environment()
        .get_template(f"judging/{name}.html")
        .render(
            app_version=version_of("jiangxin"),
            words=" ".join(_word_addresses()),
            vendor=asset("vendor/README.md").removesuffix("README.md"),
            languages=i18n.NAMES,
            modules=[asset(f"{_PREFIX}/{module}") for module in needed()],
            no_script={code: i18n.translate(_NO_SCRIPT, code) for code in LANGUAGES},
        )
    )
    return html.encode()


@cache
def word_file(name: str) -> bytes:
    """One language's sentences, or those of the shell ("app") and all others ("more") in every one."""
    if name in LANGUAGES:
        return msgspec.json.encode(words(name))
    own = asked_in(needed())
    return msgspec.json.encode(table(own if name == "app" else sorted(set(sentences()) - set(own))))


def manifest() -> bytes:
    return msgspec.json.encode(
        app_manifest(
            PAGE,
            name="匠心 Jiangxin",
            short_name="匠心",
            prefix=_PREFIX,
            scope="/",
            ground="#f2f4f8",
            theme="#0b4f8a",
        )
    )


# --- what is kept ------------------------------------------------------------------------------


@cache
def shell() -> Mapping[str, bytes]:
    """Address -> content of everything without which nothing can be marked."""
    files = [*needed(), *_STYLES]
    return {
        PAGE: page(),
        MANIFEST: manifest(),
        _word_addresses()[0]: word_file("app"),
        asset("core/tokens.css"): content("core/tokens.css"),
        **{asset(path): content(path) for path in (f"{_PREFIX}/{file}" for file in files)},
    }


@cache
def more() -> Mapping[str, bytes]:
    """What is kept next: the rest of the app that is text."""
    text = (file for file in app_files(APP) if file.endswith((".js", ".css", ".svg")))
    paths = [f"{_PREFIX}/{file}" for file in others(text, (*needed(), *_STYLES))]
    pages = {address: page(name) for address, name in OTHER_PAGES.items()}
    rest = {_word_addresses()[1]: word_file("more")}
    return {**pages, **rest, **{asset(path): content(path) for path in paths}}


@cache
def singles() -> tuple[str, ...]:
    """Kept one by one at the end: the camera's reader and the app's icons."""
    icons = [f"{_PREFIX}/{file}" for file in app_files(APP) if file.endswith(".png")]
    readers = [
        f"vendor/{file}"
        for file in files(folder("vendor"))
        if file.startswith(_READERS) and file.endswith((".js", ".mjs", ".wasm"))
    ]
    return tuple(asset(path) for path in (*icons, *readers))


@cache
def bundle(name: str) -> bytes:
    """shell() or more() as one file: address -> [headers, text]."""
    files = shell() if name == "shell" else more()
    return msgspec.json.encode({address: _entry(address, data) for address, data in files.items()})


def _entry(address: str, data: bytes) -> list[object]:
    ending = address.partition("?")[0].rpartition(".")[2]
    if ending not in _TYPES:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": CSP}
        return [headers, data.decode()]
    kept = plain(data) if ending in {"js", "css"} else data
    return [{"Content-Type": _TYPES[ending]}, kept.decode()]


@cache
def version() -> str:
    """Another one as soon as one byte of what is kept is another."""
    digest = hashlib.sha256()
    for part in (bundle("shell"), bundle("more"), (HERE / "sw.js").read_bytes()):
        digest.update(hashlib.sha256(part).digest())
    digest.update("\n".join(singles()).encode())
    return digest.hexdigest()[:16]


@cache
def service_worker() -> bytes:
    facts = {
        "version": version(),
        "bundles": [bundle_address("shell"), bundle_address("more")],
        "shell": list(shell()),
        "more": list(more()),
        "singles": list(singles()),
    }
    head = b"const KEPT = " + msgspec.json.encode(facts) + b";\n"
    return head + (HERE / "sw.js").read_bytes()


def bundle_address(name: str) -> str:
    return f"/judging/kept/{name}-{_digest(bundle(name))}.json"


@cache
def _word_addresses() -> tuple[str, str]:
    """Of the shell's sentences, and of all others."""
    app, rest = (f"/judging/words/{n}.json?v={_digest(word_file(n))}" for n in ("app", "more"))
    return app, rest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
