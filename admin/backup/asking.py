"""The passphrase of copies: from the variable, from the key that is kept, or asked for once."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from admin.backup.passphrase import (
    SHORTEST,
    CopyKey,
    key_from,
    store_key,
    stored_key,
)
from core.commands.output import complain, say
from core.settings import Settings, SettingsError

WITHOUT = (
    "Copies hold no secrets: a second laptop needs secrets.toml from elsewhere, and tablets must "
    "trust it anew. With secrets: --with-secrets"
)


def key_of(settings: Settings, *, wanted: bool) -> CopyKey | None:
    """The key that seals the secrets in copies; None for copies without them.

    Asks at a terminal when it is `wanted` and nothing else tells it. Raises SettingsError."""
    if settings.copy_passphrase:
        return _kept(settings.data, settings.copy_passphrase)
    if (found := stored_key(settings.data)) is not None:
        return found
    if not wanted:
        return None
    if not sys.stdin.isatty():
        raise SettingsError(
            [
                "--with-secrets needs a passphrase: set JIANGXIN_COPY_PASSPHRASE, or start at a terminal."
            ]
        )
    return _kept(settings.data, _typed_twice())


def ask_once(prompt: str) -> str:
    """Typed at the terminal, unseen; "" when there is none."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else ""


def _kept(data: Path, passphrase: str) -> CopyKey:
    """Derived once: with the same key every copy opens with the same passphrase."""
    try:
        key = key_from(passphrase)
    except ValueError as error:
        raise SettingsError([f"JIANGXIN_COPY_PASSPHRASE: {error}."]) from error
    store_key(data, key)
    return key


def _typed_twice() -> str:
    say("The secrets in copies are sealed with a passphrase. Write it down, apart from the stick.")
    while True:
        first = getpass.getpass(f"Passphrase ({SHORTEST} characters or more): ")
        if len(first) < SHORTEST:
            complain(f"That is shorter than {SHORTEST} characters.")
        elif getpass.getpass("Once more: ") == first:
            return first
        else:
            complain("The two differ.")
