"""The tablet app's shell: the page, the service worker that keeps it for airplane mode, the manifest.
The same bytes for everybody; who is judging is known to the tablet alone."""
