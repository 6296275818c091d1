"""Fetches the files named in vendor.toml into core/web/vendor, or compares them (--check)."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WANTED = HERE / "vendor.toml"
LOCK = HERE / "vendor.lock.json"
FOLDER = HERE.parent / "core" / "web" / "vendor"
OURS = {"README.md"}
"""What in the folder is written by us."""

Lock = dict[str, dict[str, Any]]


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        wrong = differences()
        print("\n".join(wrong) or f"{FOLDER.name}: every file is the one that is pinned")
        return bool(wrong)
    if arguments:
        print("usage: scripts/vendor [--check]", file=sys.stderr)
        return 2
    fetch()
    return main(["--check"])


def differences() -> list[str]:
    """What is not as pinned, one line each. Asks no network."""
    pinned = lock()
    expected = {f"{p['name']}@{p['version']}": set(p["files"]) for p in packages()}
    wrong = [f"{name}: not pinned; run scripts/vendor" for name in expected.keys() - pinned.keys()]
    wrong += [f"{name}: pinned, but not wanted" for name in pinned.keys() - expected.keys()]
    present = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file()} - OURS
    for name in sorted(expected.keys() & pinned.keys()):
        files = pinned[name]["files"]
        folder = name.rpartition("@")[0]
        if set(files) != expected[name]:
            wrong.append(f"{name}: vendor.toml names other files than the lock; run scripts/vendor")
        if not any(file.startswith("LICENSE") for file in files):
            wrong.append(f"{name}: its licence is missing")
        for file, integrity in files.items():
            path = FOLDER / folder / file
            present.discard(f"{folder}/{file}")
            if not path.is_file():
                wrong.append(f"{folder}/{file}: missing")
            elif sha512(path.read_bytes()) != integrity:
                wrong.append(f"{folder}/{file}: not the file that is pinned")
    return wrong + [f"{file}: nobody named it" for file in sorted(present)]


def fetch() -> None:
    before, after = lock(), {}
    for package in packages():
        name = f"{package['name']}@{package['version']}"
        with tempfile.TemporaryDirectory() as place:
            archive, integrity = _packed(name, Path(place))
            known = before.get(name, {}).get("integrity", integrity)
            if integrity != known:
                raise SystemExit(f"{name}: its bytes are not those that were pinned ({known}).")
            folder = FOLDER / package["name"]
            shutil.rmtree(folder, ignore_errors=True)
            files = _copy(archive, package["files"], folder)
        after[name] = {"integrity": integrity, "files": files}
    for name in before.keys() - after.keys():
        kept = {package["name"] for package in packages()}
        if name.rpartition("@")[0] not in kept:
            shutil.rmtree(FOLDER / name.rpartition("@")[0], ignore_errors=True)
    LOCK.write_text(json.dumps(after, indent=2, sort_keys=True) + "\n", "utf-8")


def _packed(name: str, place: Path) -> tuple[Path, str]:
    """The archive and its hash, which npm has compared with what its registry promised."""
    command = ["npm", "pack", name, "--json", "--ignore-scripts"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"npm could not fetch {name}:\n{done.stderr}")
    archive = next(place.glob("*.tgz"))
    integrity = sha512(archive.read_bytes())
    promised = json.loads(done.stdout)
    told = promised[0] if isinstance(promised, list) else next(iter(promised.values()))
    if told["integrity"] != integrity:
        raise SystemExit(f"{name}: the archive is not the one that was promised.")
    return archive, integrity


def _copy(archive: Path, files: list[str], folder: Path) -> dict[str, str]:
    copied = {}
    with tarfile.open(archive) as held:
        for file in sorted(files):
            member = held.extractfile(f"package/{file}")
            if member is None:
                raise SystemExit(f"{archive.name} holds no file {file}.")
            content = member.read()
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
            copied[file] = sha512(content)
    return copied


def packages() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(WANTED.read_text("utf-8"))["package"]
    return found


def lock() -> Lock:
    read: Lock = json.loads(LOCK.read_text("utf-8")) if LOCK.exists() else {}
    return read


def sha512(content: bytes) -> str:
    """As npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
