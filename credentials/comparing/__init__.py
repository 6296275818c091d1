"""Type in what the paper says: the record answers match or no match, and nothing else."""
