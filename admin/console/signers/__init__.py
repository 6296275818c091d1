"""Who signs elsewhere: partners on their own machines, and other installations that are believed here."""
