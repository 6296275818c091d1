"""What leaves the house: standings and marks, as pages show them and as files."""
