"""What a person holds and is proposed for: levels, honours, proposals, applications."""
