"""助企行 in the console: needs and offers, the registry of craftsmen, teams, enterprises, and the season's figures."""
