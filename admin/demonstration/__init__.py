"""The demonstration: two published contests played again with invented people.

What was published (trades, numbers, prizes, the team award) is followed; every name, document and mark
is generated, and everything it writes says that it is a demonstration.
"""
