"""The marking scheme while it is written: an editable table, its versions, and how it tries out."""
