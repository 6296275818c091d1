"""The contest package: one folder or zip that holds a contest, and everything that reads it.

`score` and `recount` work on a package alone: no database, no settings, no secrets.
"""
