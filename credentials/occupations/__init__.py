"""Occupations (职业) by their codes: a list as it was published, looked up wherever a code is typed."""
