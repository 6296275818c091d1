"""One line of a holder's score sheet, opened to somebody by a link, checked against the signed root."""
