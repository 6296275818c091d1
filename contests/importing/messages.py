"""What the findings of workbooks say in English."""

from __future__ import annotations

from pathlib import Path

from core.findings import register
from core.web import i18n

SENTENCES = {
    "workbook-not-one": "This is not an Excel workbook. Save it as .xlsx and try again.",
    "workbook-unreadable": "This workbook is damaged ({reason}). Open it in Excel or LibreOffice, "
    "save it as a new .xlsx and try again.",
    "workbook-too-large": "This workbook is larger than {limit}. Take out pictures and other sheets.",
    "workbook-sheet-too-large": "This sheet reaches beyond {rows} rows or {columns} columns. "
    "Delete the empty rows and columns behind the table.",
    "workbook-cell-not-a-number": "“{found}” is not a number. Type a number such as 0.5.",
    "workbook-cell-typed-as-text-warning": "“{found}” is text; it was understood as {understood}. "
    "Format the cell as a number.",
    "workbook-cell-formula-empty": "The formula {formula} has no stored value and is not a plain sum. "
    "Open the workbook in Excel or LibreOffice, save it and try again.",
    "workbook-cell-formula-uncomputed-warning": "The formula {formula} has no stored value; it gives "
    "{computed}. Open the workbook in Excel or LibreOffice and save it to store it.",
    "workbook-cell-formula-stale-warning": "The formula {formula} gives {computed}, but {stored} is stored. "
    "{computed} was taken; save the workbook in Excel or LibreOffice to store it.",
    "workbook-cell-formula-unknown-warning": "The formula {formula} can't be computed here; its stored value "
    "{stored} was taken. Type the number itself to be sure.",
    "cis-sheet-missing": "There is no sheet called {known}; found were {found}. "
    "Rename the sheet with the marking scheme.",
    "cis-no-blocks": "There is no row that starts with “Sub Criterion ID”. "
    "Use the layout that CIS exports.",
    "cis-columns-missing": "These columns are missing: {columns}. Restore the headings of the "
    "CIS layout in this row.",
    "cis-kind-missing": "There is a mark but no aspect type in this row. Type M or J, "
    "or delete the mark.",
    "cis-kind-unknown": "Aspect type “{kind}” is not known. Type M for measurement or J for "
    "judgement.",
    "cis-title-missing": "This aspect has no description. Fill it in.",
    "cis-name-missing": "Sub-criterion {id} has no name. Fill it in.",
    "cis-mark-missing": "Aspect “{aspect}” has no mark. Type its maximum.",
    "cis-mark-not-positive": "The mark is {mark}. A mark must be more than 0.",
    "cis-mark-too-fine": "The mark {mark} has more than two decimals. Round it to 0.01.",
    "cis-id-unreadable": "“{id}” is no sub-criterion id. Type {expected}.",
    "cis-id-twice": "Sub-criterion {id} stands above already. Number this one on.",
    "cis-id-elsewhere": "Sub-criterion {id} stands under criterion {criterion}. Move it, "
    "or correct its letter.",
    "cis-id-gap": "Sub-criterion {id} comes where {expected} is due. Number them without gaps.",
    "cis-sub-criterion-empty": "Sub-criterion {id} has no aspects. Add them, or delete the row.",
    "cis-aspect-without-sub-criterion": "This aspect stands before any sub-criterion. "
    "Add a row with its id and name above.",
    "cis-descriptor-without-aspect": "This score stands under no aspect. Move it below its "
    "J aspect, or delete the row.",
    "cis-descriptor-of-measurement": "Aspect “{aspect}” is a measurement and takes no scores. "
    "Delete these rows, or type J.",
    "cis-descriptors-missing": "Aspect “{aspect}” lacks the rows for score {scores}. "
    "A judgement needs 0, 1, 2 and 3, each with its description.",
    "cis-descriptor-empty": "Score {score} has no description. Say what earns it.",
    "cis-score-unknown": "Score “{score}” is not 0, 1, 2 or 3. Correct it.",
    "cis-score-twice": "Score {score} stands twice under this aspect. Delete one of the rows.",
    "cis-section-missing-warning": "This aspect names no section of the standard. "
    "Type one of {known}.",
    "cis-section-unknown": "Section {section} is not in the table above. Type one of {known}.",
    "cis-calculation-unknown": "There is no calculation {calculation}. The second sheet has {known}.",
    "cis-criterion-twice": "Criterion {id} stands twice in this table. Delete one of the rows.",
    "cis-criterion-empty": "Criterion {id} has no sub-criteria below. Add them, or delete the row.",
    "cis-criterion-unlisted": "Criterion {id} is marked below but missing from the table of "
    "criteria. Add it there with its mark.",
    "cis-criterion-sum": "Criterion {id} has {said} marks here, its aspects add up to {made}: "
    "{difference} apart. Correct this mark or the aspects.",
    "cis-total-not-full": "The aspects add up to {made} marks, not {said}: {difference} apart. "
    "Correct the aspects.",
    "cis-total-sum": "The workbook says {said} marks in all, its aspects add up to {made}: "
    "{difference} apart. Correct the total or the aspects.",
    "cis-section-sum-warning": "The workbook says {said} marks for section {id} ({title}), its "
    "aspects give {made}: {difference} apart. The aspects count; correct the typed sum.",
    "cis-variation-warning": "The workbook says a total variation of {said}, its own aspects give "
    "{made}. The aspects count; correct the typed sums.",
    "cis-merged": "Cells {cells} are merged, so that all but one of these rows are empty. "
    "Unmerge them and fill in each row.",
    "cis-merged-warning": "Cells {cells} are merged; only the first was read. Unmerge them.",
    "cis-row-hidden-warning": "Row {row} is hidden and was read like the others. Show it, "
    "or delete it.",
    "cis-column-hidden-warning": "This column is hidden and was read like the others. Show it.",
    "cis-calculator-unknown": "Calculation type “{kind}” is not known. Known are {known}.",
    "cis-calculator-unreadable": "The part “{part}” of this calculation can't be read. "
    "Export the sheet from CIS again.",
    "cis-calculator-per": "Deductions are “{said}”. Known are UNIT and PERCENT.",
    "cis-calculator-twice": "Calculation {name} stands twice. Rename one of them.",
    "cis-calculator-parameter": "Parameter {key} of calculation {name} is missing, unknown or "
    "out of its range. Correct it in CIS and export the sheet again.",
}


def install() -> None:
    """Makes the sentences and their translations known; a second call changes nothing."""
    register(SENTENCES)
    i18n.register(Path(__file__).parent / "locale")
