"""助企行: craftsmen who agreed to be found, enterprises' needs, and how the union brings them together."""
