"""The organiser's console: where each contest stands, the next step, and how every total came about."""
