"""Employers: accounts of their own, keys for their programs, lists to check, and news of certificates."""
