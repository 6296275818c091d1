"""The first run: the set-up page behind the terminal's code, and what to begin with."""
