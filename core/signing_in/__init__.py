"""How somebody gets in: password, second step, passkeys, one-time links, and what is left behind.

The rules of passwords are in `core/passwords.py`, accounts in `core/accounts.py`, sessions and links
in `core/sessions.py`. Nothing here knows a contest.
"""
