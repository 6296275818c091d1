"""Numbers behind the pictures of a contest: distributions, judges compared, the day's progress. Pure."""
