"""Issuers who sign on their own machine: what leaves for them unsigned, and what comes back."""
