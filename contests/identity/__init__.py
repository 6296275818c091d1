"""Who an entry is and which entry a code is. Nothing under `contests/judging` may reach this."""
