"""The holder's own page: certificates, what they are shown as to whom, consents, requests, and
everything that is on record."""
