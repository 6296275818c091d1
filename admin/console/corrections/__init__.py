"""Corrections of a contest: what each would change or changed, and what was believed on a day."""
