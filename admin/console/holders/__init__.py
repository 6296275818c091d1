"""Links that let holders in, and what holders ask to have corrected."""
