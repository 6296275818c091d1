"""Objections by anybody while a public notice runs: the page that a notice names, and what comes of it."""
