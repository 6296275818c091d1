"""What stands on each kind of paper: `data(about, part)` gives it as the template reads it."""
