"""The verbs that change a contest: each checks a permission and opens one transaction."""
