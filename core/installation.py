"""An installation's identity: the secrets that `jiangxin init` makes, and the database's own row."""

from __future__ import annotations

import base64
import os
import secrets as random
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from core.settings import SECRETS_FILE, Settings, SettingsError
from core.tables import Installation


def write_secrets(data: Path) -> Path:
    """Makes all secrets of a new installation. Raises FileExistsError: it never replaces any."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data / SECRETS_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_fresh())
        file.flush()
        os.fsync(file.fileno())
    return path


async def claim(settings: Settings) -> None:
    """Writes the installation's id into a new database, or refuses another installation's."""
    own = _own(settings)
    if not await Installation.exists():
        row = Installation(id=own, created_at=datetime.now(UTC))
        await Installation.insert(row).on_conflict(action="DO NOTHING")
    await check(settings)


async def check(settings: Settings) -> None:
    """Raises SettingsError when the open database is another installation's."""
    own = _own(settings)
    rows = await Installation.select(Installation.id)
    others = [row["id"] for row in rows if row["id"] != own]
    if others:
        raise SettingsError(
            [
                f"The database belongs to installation {others[0]}, the secrets to {own}. Use the "
                f"{SECRETS_FILE} that was made with this database, or a database of its own."
            ]
        )


def _own(settings: Settings) -> UUID:
    if settings.secrets is None:
        raise SettingsError([without_secrets(settings)])
    return UUID(settings.secrets.installation)


def without_secrets(settings: Settings) -> str:
    return (
        f"There are no secrets in {settings.data / SECRETS_FILE}. Make them once with "
        "`jiangxin init`, or set the variables that they come from on every machine."
    )


def _fresh() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    return (
        "# Made by `jiangxin init`. Keep a copy apart from the database: without\n"
        "# key_encryption no name can be read again. Never in a repository.\n"
        f'installation = "{uuid4()}"\n'
        f'session = "{_base64url(random.token_bytes(32))}"\n'
        f'key_encryption = "{_base64url(random.token_bytes(32))}"\n'
        f'keyed_hash = "{_base64url(random.token_bytes(32))}"\n'
        f"receipt_key = '''\n{pem}'''\n"
    )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
