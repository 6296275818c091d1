"""What may be wrong with papers and their scans; the catalogues beside this file translate it."""

from __future__ import annotations

from core.findings import register

SENTENCES = {
    "too-many-sheets": "{count} sheets are more than {limit} in one file. Choose a judge's seat and print "
    "seat by seat.",
    "scan-file-missing": "No file was chosen. Choose the scan of the signed paper.",
    "scan-file-too-large": "The file is larger than {limit}. Scan it in grey or with 200 dots an inch.",
    "scan-file-unreadable": "This is no PDF, JPEG or PNG that can be opened. Scan the paper again.",
    "scan-file-locked": "This PDF is protected by a password or runs something when it is opened. Scan the "
    "paper again without that.",
    "scan-sealed": "This scan shows whose code is whose. It can be opened after the codes are opened.",
}


def install() -> None:
    register(SENTENCES)
