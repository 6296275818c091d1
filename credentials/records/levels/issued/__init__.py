"""Certificate numbers that an assessment body has given, from its own list: looked at, then granted in one go."""
