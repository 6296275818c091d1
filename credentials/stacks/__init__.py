"""A stack of paper checked at once: an employer's files in, an Excel and a dated record out."""
