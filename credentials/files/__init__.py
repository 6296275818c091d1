"""Certificates as files: PDF/A-3b with the signed token inside, for people, printers and archives."""
