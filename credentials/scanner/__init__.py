"""The offline scanner `/scan`: the page, the service worker that keeps it, and what it starts from.
The same bytes for everybody; what it was shown stays on the device."""
