"""Whom a verifier without a network believes: the offline root, and other installations."""
