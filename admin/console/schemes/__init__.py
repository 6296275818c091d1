"""The room of the marking scheme: an editable table, its history, and the rules beside it."""
