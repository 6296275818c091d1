"""Sentences of what is wrong with a file, a thumbprint or a host; msgids of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from core.findings import register

FINDINGS: Mapping[str, str] = {
    "signers.no-file": "Choose a file of at most {most} MB.",
    "signers.no-text": "This is no enrolment. Choose the file that `jiangxin sign --make` wrote.",
    "signers.no-bundle": "Paste the trust bundle from the other installation's /trust/bundle.",
    "signers.no-thumbprint": (
        "The thumbprint of a root has 43 characters; these are {length}. Have it read out from the paper"
        " of the other installation."
    ),
    "signers.other-host": "{typed} is not the name of this installation. Type its name as it stands there.",
}


def install() -> None:
    register(FINDINGS)
