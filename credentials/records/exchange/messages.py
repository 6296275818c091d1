"""Sentences of what may be wrong with a list that is taken in."""

from __future__ import annotations

from core.findings import register

FINDINGS = {
    "credentials.taken-headings": (
        "Columns were not found. Results need {results}; honours need {honours}; levels need {levels}. Head"
        " them so in one of the first ten rows, or use the empty table."
    ),
    "credentials.taken-json": "This is no readable JSON. Save the file again and choose it again.",
    "credentials.taken-format": (
        'A JSON file says "format": "{format}" and has the lists results, honours and levels. Compare it with'
        " docs/schemas/records.json."
    ),
    "credentials.taken-field": "{field} is no field of a record. Take it out, or compare its spelling.",
    "credentials.taken-list": "{field} has to be a list of records.",
    "credentials.taken-record": "{place} has to be an object with fields.",
    "credentials.taken-text": "{field} in {place} has to be a text between quotation marks.",
    "credentials.taken-origin": "Say where the list comes from: from before the platform, or from another database.",
    "credentials.taken-scan": "Choose the scan of the list: without it nothing is taken in from paper.",
    "credentials.taken-scan-media": "The scan has to be a PDF, JPEG or PNG file.",
    "credentials.taken-scan-large": "The scan is larger than {most} MB. Save it in a smaller resolution.",
    "credentials.taken-who-missing": (
        "Give the number of an identity document, of a certificate of this platform, or what the person is"
        " called in files of this body."
    ),
    "credentials.taken-document": "This is no number of an identity document that is known here. Compare it.",
    "credentials.taken-kinds": (
        "The number may be of several kinds of document. Say which in “{column}”: {known}."
    ),
    "credentials.taken-persons": "Document, certificate and code of this line belong to different persons.",
    "credentials.taken-empty": "This is empty, and has to be given.",
    "credentials.taken-long": "This is longer than {most} characters. Shorten it.",
    "credentials.taken-hkid": (
        "This holds something that is spelt like a Hong Kong identity card number. It may not stand beside a"
        " name: take it out."
    ),
    "credentials.taken-year": "“{value}” is no year from 1949 to {until}.",
    "credentials.taken-place": "“{value}” is no place: a whole number from 1 to 9999.",
    "credentials.taken-prize": "Give the place or the prize.",
    "credentials.taken-honour": (
        "“{value}” is no honour that is known here. The empty table has a sheet with all of them."
    ),
    "credentials.taken-studio": "No innovation studio of this name is on record. Enter the studio first.",
    "credentials.taken-state": "“{value}” is no state: granted or withdrawn.",
    "credentials.taken-paper": "“{value}” is neither yes nor no.",
    "credentials.taken-withdrawn": "Give the day on which it was withdrawn, and why.",
    "credentials.taken-twice": "This stands in the list more than once; first in line {at}. Keep one of them.",
    "credentials.taken-wrong": (
        "Lines with mistakes: {count}. Correct the list and choose it again, or say that they are left out."
    ),
    "credentials.taken-nothing": "No line of the list puts anything on record. Correct it and choose it again.",
    "credentials.taken-form": "Choose one of the forms of file: {known}.",
    "credentials.exchange-after": "Send what stood in `next` of the page before, or begin without `after`.",
    "credentials.taken-moved": "{title} of {day} has a history of its own by now. Withdraw it on its own page.",
    "credentials.taken-relied": (
        "Since the list was taken in, persons of it were proposed for something, or granted it: {count}. That may"
        " rest on the list, so it stays."
    ),
}
register(FINDINGS)
