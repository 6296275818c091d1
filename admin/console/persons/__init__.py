"""The room of persons: each one's record over the years, as far as the reader may see it."""
