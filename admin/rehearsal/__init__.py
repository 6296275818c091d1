"""A rehearsal: a second server with a data folder, secrets and an issuer of its own, beside the real
one and without a way to its data."""
