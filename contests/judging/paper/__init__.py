"""Judging on paper: printed sheets, and their marks typed by two persons who don't see one another's.

Codes and seats only; what two typings agree on becomes a revision like a tablet's.
"""
