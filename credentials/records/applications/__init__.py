"""Applications for an honour: the file that is gathered, the steps it goes through, the form and the list."""
