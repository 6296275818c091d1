"""A year of contests in figures: how many, where, in which trades, and what came of them. No names."""
