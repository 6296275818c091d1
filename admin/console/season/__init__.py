"""The season in the console: a year's contests in figures, for the ceremony that ends it."""
