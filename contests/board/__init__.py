"""The public side of contests: what is published, and nothing before it is."""
