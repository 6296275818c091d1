"""The rooms where competitions and contests are made, placed on a calendar and set up."""
