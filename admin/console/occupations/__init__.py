"""The room of occupations: the loaded list, and a new one looked at before it is taken in."""
