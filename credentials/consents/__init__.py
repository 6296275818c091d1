"""What a holder allows beyond the masked page: the full name for everybody, comparing a document's number."""
