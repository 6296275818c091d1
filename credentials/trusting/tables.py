"""Tables of trust: what the offline root signed for us, and whose bundles we pass on."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table


class RootAuthorisation(Table):
    """One authorisation by the offline root; the one with the highest `n` is in force. `root`: thumbprint."""

    id = UUID(primary_key=True, default=None)
    root = Text()
    n = BigInt(unique=True)
    token = Text()
    installed_at = Timestamptz(default=None)


class AcceptedInstallation(Table):
    """Another installation whose certificates are believed here; id = uuid5(origin). `root`: the
    thumbprint of its root, or empty. `least`: highest number of its authorisation seen."""

    id = UUID(primary_key=True, default=None)
    origin = Text(unique=True)
    root = Text(default="")
    least = BigInt(default=0)
    bundle = Text()
    expires_at = Timestamptz(default=None)
    accepted_at = Timestamptz(default=None)


TABLES: list[type[Table]] = [RootAuthorisation, AcceptedInstallation]
