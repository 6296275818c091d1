"""What `read_options`, the standard options and `read_csv_table` may find wrong, in words."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "option-unknown": "There is no option {option}. Did you mean {nearest}? Known options: {known}.",
    "option-required": "{option} is required: fill it in.",
    "option-whole-number": "“{value}” is not a whole number. Write it with digits only, such as 5.",
    "option-decimal": "“{value}” is not a decimal number. Write it as text with a point, such as 0.5.",
    "option-truth": "“{value}” is neither true nor false. Choose one of them.",
    "option-text": "“{value}” is not text. Write it as text.",
    "option-too-long": "The text has more than {limit} characters. Shorten it.",
    "option-too-fine": "The number has more than {decimals} decimals. Round it.",
    "option-too-small": "The number is less than {minimum}. Enter {minimum} or more.",
    "option-too-large": "The number is more than {maximum}. Enter {maximum} or less.",
    "option-choice": "“{value}” can't be chosen. Choose one of: {known}.",
    "option-table": "“{value}” is not a table. Give a list of rows.",
    "option-row": "“{value}” is not a row. Give its columns by name.",
    "option-too-many-rows": "The table has more than {limit} rows. Remove some.",
    "option-title-missing": "This row has no title. Give one in at least one language.",
    "option-code": "“{code}” can't be a code. Use 1 to 24 letters, digits, hyphens or underscores, starting with a letter or digit.",
    "option-code-twice": "“{code}” is there twice. Give each row its own.",
    "option-sum": "The sum is {sum}, not {expected}: the difference is {difference}. Correct the parts.",
    "option-drops-everything": "Dropping {dropped} marks could leave none. Ask for more marks before any is dropped.",
    "option-range-reversed": "The least, {minimum}, is more than the most, {maximum}. Exchange them.",
    "option-no-band": "There is no band. Give at least one limit with its share.",
    "option-band-limit": "The limits must rise from row to row. Correct this one.",
    "option-band-share": "The shares must not rise from row to row. Correct this one.",
    "table-not-utf8": "The file is not UTF-8 text. Save it as “CSV UTF-8” and load it again.",
    "table-unreadable": "The file can't be read: {reason}. Export it again.",
    "table-columns": "Missing: {missing}. The columns are {columns}.",
    "table-too-long": "The file has more than {limit} rows. Remove what doesn't belong to it.",
    "table-number": "Line {line}: {column} is not a number. Correct it in the file.",
}
