"""The rooms "Results" and "Papers" of a contest."""
