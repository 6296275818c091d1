"""Piccolo's engines as this application needs them: pooled, strict about transactions."""
