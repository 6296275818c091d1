"""What waits for a leader's decision: revisions that stand against each other, and bytes that were
kept apart."""
