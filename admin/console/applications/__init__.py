"""Applications: what waits for my body, the gathered file, and the steps."""
