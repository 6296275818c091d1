"""People with accounts, for who manages them; and everybody's own account."""
