"""The verify page: one HTML response, no script, no sub-request."""
