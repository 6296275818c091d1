"""Sentences of what may be wrong with what an employer sends."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "credentials.key-name": "Give the key a name of 1 to {most} characters, such as the program's.",
    "credentials.key-scopes": "Choose at least one of: {known}.",
    "credentials.key-days": "A key lasts 1 to {most} days.",
    "credentials.key-overlap": "The old key may go on for 0 to {most} hours.",
    "credentials.key-many": "There are {most} keys already. Revoke one that is not used any more.",
    "credentials.follow-what": "Give the certificate's number, the text of its QR, or its token.",
    "credentials.follow-many": "{most} certificates are followed already. End some, then follow others.",
    "credentials.webhook-address": (
        "Messages go to an address that begins with https:// and can be found, without a user name and"
        " without #."
    ),
    "credentials.webhook-private": (
        "This address is not on the public internet. Messages never go into a private network."
    ),
    "credentials.webhook-many": "There are {most} addresses already. Remove one first.",
    "credentials.list-headings": (
        "No row has the headings. Head one column with {number}, and the one of the names with {name}."
    ),
    "credentials.list-unreadable": (
        "This is no list that can be read. Save it as an Excel workbook (.xlsx) or as CSV, then send it again."
    ),
    "credentials.list-old": (
        "This is an old Excel file (.xls). Save it as an Excel workbook (.xlsx), then send it again."
    ),
    "credentials.list-long": "A list has at most {most} rows. Send it in several parts.",
    "credentials.list-missing": "Choose a file first.",
}


def install() -> None:
    register(FINDINGS)
