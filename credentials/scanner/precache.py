"""What a phone keeps so that the scanner opens without a network, and the version that names all of it.

The shell is one file, kept whole or not at all; the camera's reader and the icons follow one by one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from core.web import i18n, templates
from core.web.assets import app_files, asset, content, files, folder
from core.web.headers import policy
from core.web.i18n import LANGUAGES
from core.web.manifest import app_manifest
from credentials.scanner.anchor import Anchor
from credentials.scanner.words import APP, table

HERE = Path(__file__).parent
PAGE = "/scan"
MANIFEST = "/scan/manifest.webmanifest"
PREFIX = "credentials/scanner"
_NO_SCRIPT = "The scanner needs JavaScript. A certificate's own page works without it."
_READER = ("zxing-wasm/",)
_COMMENT = re.compile(r"(?m)^[ \t]*(?://[^\n]*|/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n")
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
}


def csp(anchor: Anchor) -> str:
    """The reader is WebAssembly, the camera's picture is a blob, and the lists of installations that
    are believed here stand on their own hosts."""
    others = {"connect_src": " ".join(anchor.others)} if anchor.others else {}
    return policy(script_src="'wasm-unsafe-eval'", img_src="blob:", media_src="blob:", **others)


def page(anchor: Anchor) -> bytes:
    """The same for everybody; every address in it names its content."""
    html = (
        templates.environment()
        .get_template("scanner/scan.html")
        .render(
            words=words_address(),
            anchor=anchor_address(anchor),
            vendor=asset("vendor/README.md").removesuffix("README.md"),
            languages=i18n.NAMES,
            modules=[asset(f"{PREFIX}/{name}") for name in modules()],
            no_script={code: i18n.translate(_NO_SCRIPT, code) for code in LANGUAGES},
        )
    )
    return html.encode()


@cache
def words_file() -> bytes:
    return msgspec.json.encode(table())


@cache
def modules() -> tuple[str, ...]:
    return tuple(name for name in app_files(APP) if name.endswith(".js"))


def manifest() -> bytes:
    return msgspec.json.encode(
        app_manifest(
            PAGE,
            name="匠心 证书查验 · Certificate scanner",
            short_name="证书查验",
            prefix=PREFIX,
            scope=PAGE,
            ground="#eef1f6",
            theme="#0a6b3d",
        )
    )


# --- what is kept ------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def shell(anchor: Anchor) -> Mapping[str, bytes]:
    """Address -> content of everything without which nothing can be checked but the reader."""
    paths = [f"{PREFIX}/{name}" for name in (*modules(), "scanner.css", "icons/icon.svg")]
    return {
        PAGE: page(anchor),
        MANIFEST: manifest(),
        words_address(): words_file(),
        anchor_address(anchor): anchor.body,
        asset("core/tokens.css"): content("core/tokens.css"),
        **{asset(path): content(path) for path in paths},
    }


@cache
def singles() -> tuple[str, ...]:
    icons = [f"{PREFIX}/{file}" for file in app_files(APP) if file.endswith(".png")]
    reader = [
        f"vendor/{file}"
        for file in files(folder("vendor"))
        if file.startswith(_READER) and file.endswith((".js", ".wasm"))
    ]
    return tuple(asset(path) for path in (*icons, *reader))


@lru_cache(maxsize=4)
def bundle(anchor: Anchor) -> bytes:
    """The shell as one file: address -> [headers, text]."""
    files = shell(anchor).items()
    return msgspec.json.encode({address: _entry(address, data, anchor) for address, data in files})


def _entry(address: str, data: bytes, anchor: Anchor) -> list[object]:
    ending = address.partition("?")[0].rpartition(".")[2]
    if ending == "svg":
        return [{"Content-Type": "image/svg+xml"}, data.decode()]
    if ending not in _TYPES:
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return [{**headers, "Content-Security-Policy": csp(anchor)}, data.decode()]
    text = _COMMENT.sub("", data.decode()) if ending == "js" else data.decode()
    return [{"Content-Type": _TYPES[ending]}, text]


@lru_cache(maxsize=4)
def service_worker(anchor: Anchor) -> bytes:
    """Another one as soon as one byte of what is kept is another."""
    worker = (HERE / "sw.js").read_bytes()
    digest = hashlib.sha256(bundle(anchor) + worker + "\n".join(singles()).encode())
    facts = {
        "version": digest.hexdigest()[:16],
        "bundle": bundle_address(anchor),
        "shell": list(shell(anchor)),
        "singles": list(singles()),
    }
    return b"const KEPT = " + msgspec.json.encode(facts) + b";\n" + worker


def bundle_address(anchor: Anchor) -> str:
    return f"/scan/kept/{_digest(bundle(anchor))}.json"


def words_address() -> str:
    return f"/scan/words.json?v={_digest(words_file())}"


def anchor_address(anchor: Anchor) -> str:
    return f"/scan/anchor.json?v={_digest(anchor.body)}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
