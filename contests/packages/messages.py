"""What the findings of packages say in English; the catalogues beside this file translate them."""

from __future__ import annotations

from pathlib import Path

from core.findings import register
from core.web import i18n

SENTENCES = {
    "package-not-there": "{path} can't be read: {reason}. Give a package's folder or zip file.",
    "package-not-a-zip": "This is neither a folder nor a zip file that can be opened. "
    "Export the package again, or zip its folder again.",
    "package-too-large": "This is larger than {limit}. A package holds no pictures and no video: "
    "take out what doesn't belong to it.",
    "package-too-many-files": "There are more than {limit} files. Zip only the package's own folder.",
    "package-format": "This is “{found}”, not a {expected}. Check that it is the right file.",
    "package-version": "Format version {found} is not known; this program reads up to {expected}. "
    "Update it, or export the package in the older format.",
    "package-file-missing": "This file is missing. A package needs contest.json, scheme.json, rules.json "
    "and entrants.csv.",
    "package-file-damaged": "This file is damaged inside the zip. Ask for the package again.",
    "package-file-twice": "This file is in the zip twice. Keep one of them.",
    "package-file-name-unsafe": "This name points outside the package. It was not read; ask who made it.",
    "package-file-encrypted": "This file is encrypted. Zip the package again without a password.",
    "package-file-not-plain": "This is not a plain file. Put the file itself there, not a link.",
    "package-file-unknown": "This file is no part of a package and was left aside. Known are {known}.",
    "package-file-changed": "This file is not the one that was exported: it differs from SHA256SUMS. "
    "Take it from the original package.",
    "package-file-gone": "SHA256SUMS lists this file, but it isn't here. Take it from the original package.",
    "package-sums-unreadable": "This line of SHA256SUMS can't be read. Take the file from the original "
    "package, or leave it out.",
    "csv-not-utf8": "This line is not UTF-8. In the spreadsheet program choose “CSV UTF-8”.",
    "csv-not-text": "There is a NUL byte in this line: this is no text file. Export it as CSV UTF-8.",
    "csv-unreadable": "From here on this is no CSV: {reason}. Look for a quotation mark that "
    "isn't closed.",
    "csv-empty": "This file is empty. Its first line must name the columns.",
    "csv-row-length": "This line has {found} cells, the heading has {expected}. "
    "Put a text with commas into quotation marks.",
    "csv-column-unknown": "There is no column {column}. Columns are {known}.",
    "csv-column-twice": "Column {column} stands twice in the heading. Keep one of them.",
    "csv-column-missing": "Column {column} is missing. Add it to the heading and to every line.",
    "csv-cell-empty": "This cell must not be empty. Fill it in.",
    "csv-number-unreadable": "“{value}” is not a number of points. Write it like 7.25.",
    "csv-number-understood": "“{found}” was understood as {understood}.",
    "csv-count-unreadable": "“{value}” is not a whole number from 0. Write it like 3.",
    "csv-flag-unreadable": "“{value}” is neither true nor false. Write true, or leave it empty.",
    "csv-value-unknown": "“{value}” is not known here. Use one of {known}.",
    "csv-defect-unreadable": "“{value}” is no defect. Write code:points, such as crack:1.5.",
    "package-entry-twice": "Entry {entry} stands here and in line {first}. Keep one of them.",
    "package-entry-unknown": "Entry {entry} is not in entrants.csv. Add it there, or correct the id.",
    "package-module-unknown": "There is no module {module} in scheme.json. Modules are {known}.",
    "package-aspect-unknown": "This module has no aspect {aspect}. Its aspects are {known}.",
    "package-judge-unknown": "Judge {judge} is not in judges.csv. Add the judge there, or correct the id.",
    "package-delegation-unknown": "Delegation {delegation} is not in contest.json. Add it there, "
    "or correct the code.",
    "package-mark-twice": "This judge's mark for aspect {aspect} stands in line {first} already. "
    "Keep one of them.",
    "package-mark-empty": "This line has no mark. Fill in value, raw, outcome or defects; "
    "outcome “missing” means that there is none.",
    "package-mark-several": "This line has more than one mark: {columns}. Keep one of them.",
    "package-mark-set-aside-partly": "Other lines of this sheet say something else. "
    "A sheet is set aside whole: write the same in all its lines.",
    "package-row-twice": "{columns} stand in an earlier line already. Keep one of them.",
    "package-log-empty": "Entry {seq} of the log is empty. Take log.jsonl from the original package.",
    "package-log-unreadable": "Entry {seq} of the log can't be read: it was altered. "
    "Take log.jsonl from the original package.",
    "recount-entry-unusable": "Entry {seq} of the log ({kind}) doesn't say what such an entry must say. "
    "Ask the contest's home installation.",
    "recount-no-log": "This package has no log, so there is nothing to count again. "
    "Export the contest after its judging has begun.",
    "recount-not-frozen": "The log has no entry rules_frozen: marking had not begun. "
    "Export the contest again later.",
    "recount-not-countable": "The frozen scheme and rules can't be counted ({reason}). "
    "Ask the contest's home installation.",
    "recount-no-results": "The contest is not closed yet: there are no results to compare with.",
    "recount-file-differs": "This is not what the log has frozen. The log counts; "
    "take the file from the original package.",
    "recount-field-differs": "{field} is {found} here and {expected} in the log. The log counts; "
    "take the file from the original package.",
    "recount-table-differs": "{found} facts here are not in the log, {expected} of the log are not "
    "here. The log counts; "
    "take the file from the original package.",
    "recount-version-missing": "The log has closed no result version {version}. "
    "Take results.json from the original package.",
    "recount-hash-differs": "The log closed with results {expected}, counting again gives {found}. "
    "Tell the arbitration: the published result does not follow from the log.",
    "recount-result-differs": "Stored is {found}, counting again gives {expected}. "
    "Tell the arbitration.",
    "recount-rule-hash-differs": "Entry {seq} was closed under rules {found}, but {expected} "
    "are frozen. Tell the arbitration.",
    "recount-signature-key-unknown": "Entry {seq} is signed by key {kid}, which no earlier entry enrolled. "
    "Tell the arbitration.",
    "recount-signature-wrong": "The signature of the sheet in entry {seq} does not fit its bytes and "
    "key {kid}. Tell the arbitration.",
    "recount-signature-unreadable": "Entry {seq} holds no signed sheet that can be read. "
    "Tell the arbitration.",
    "recount-sheet-rules": "The sheet in entry {seq} was signed under rules {found}, "
    "but {expected} are frozen. Tell the arbitration.",
    "recount-sheet-chain": "The sheet in entry {seq} does not follow its device's sheet before. "
    "Tell the arbitration.",
    "recount-sheet-not-admitted": "The sheet in entry {seq} is signed by key {kid}, which no earlier entry "
    "allows to sign for its judge. Tell the arbitration.",
    "recount-countersign-wrong": "The sheet in entry {seq} names a countersignature that no leader of the "
    "contest has given on that device. Tell the arbitration.",
    "package-is-loan": "This is a contest that is lent or comes back: use `jiangxin borrow` or "
    "`jiangxin take-back`.",
    "package-import-exists": "Contest {code} is here already. Delete nothing: rename the code in "
    "contest.json if it is another contest.",
    "package-import-id": "“{id}” is no contest id. Take contest.json from the original package.",
    "package-import-marks-left": "{count} marks stayed in the package: marks enter a contest only as "
    "sheets that appointed judges sign.",
    "package-import-names-missing": "The package holds no names. Add identities.csv with entry, position "
    "and name, or register the entrants in the console.",
    "package-import-organisation-unknown": "There is no organisation {code} here. Create it first, or name "
    "another one with --organisation.",
}


def install() -> None:
    """Makes the sentences and their translations known; a second call changes nothing."""
    register(SENTENCES)
    i18n.register(Path(__file__).parent / "locale")
