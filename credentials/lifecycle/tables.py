"""Tables of what became of certificates. Reasons are shown to everybody and name no person."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table


class LifeEvent(Table):
    """What happened to a certificate beside its signings, which are CertificateVersions.

    `kind`: suspended, lifted, revoked, correcting (under correction), confirmed (as it was, after one),
    renewed, or reissued (补发: printed again because the paper was lost). `n`: the version that it happened to.
    `authority`: code of the organisation that decided."""

    id = UUID(primary_key=True, default=None)
    certificate = UUID(index=True, default=None)
    at = Timestamptz(default=None)
    kind = Text()
    n = BigInt()
    reason = Text(default="")
    authority = Text(default="")


class CorrectionCase(Table):
    """A correction that was asked for, and the certificates whose content it would change; id of the
    request. They are suspended with the cause "correcting" until it is settled.

    `held`: JSON list of certificate ids. `outcome`: "", approved or declined. `entries`: JSON list of those
    whose result version `result_version` changed. `escalated_to`: JSON list of account ids."""

    id = UUID(primary_key=True, default=None)
    contest = Text(index=True)
    asked_by = UUID(null=True, default=None)
    asked_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    held = Text()
    outcome = Text(default="")
    result_version = BigInt(default=0)
    entries = Text(default="[]")
    escalated_at = Timestamptz(null=True, default=None)
    escalated_to = Text(default="[]")
    settled_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [LifeEvent, CorrectionCase]
